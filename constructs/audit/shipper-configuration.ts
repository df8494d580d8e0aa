import type { SiemSink } from "./siem-sink";

/**
 * Size limit of the disk queue for entries from the socket, in MiB, while the sink is unavailable. Further entries are
 * dropped.
 */
const QUEUE_MEBIBYTES = 512;

/**
 * Renders the configuration of syslog-ng. The script defines the values that differ per pod.
 *
 * The file is its own queue: syslog-ng reads it no faster than the sink confirms, and stores the read position on disk.
 * Copies from the socket have a queue on another disk, without flow control. With flow control, a full queue would
 * delay each Vault request by two seconds. The file has the same entries.
 */
export function shipperConfiguration(sink: SiemSink): string {
  const queue = [`disk-buffer(reliable(yes) dir("\`state\`") capacity-bytes(${QUEUE_MEBIBYTES * 2 ** 20}))`];
  return `options {
  stats(level(1));
  keep-hostname(yes);
  use-dns(no);
  time-reopen(5);
  log-msg-size(4194304);
};
source s_file {
  wildcard-file(
    base-dir("\`shipping\`") filename-pattern("*.log") recursive(no) max-files(10)
    monitor-method("poll") follow-freq(0.5) log-iw-size(5000) log-fetch-limit(500) flags(no-parse)
  );
};
source s_socket {
  unix-stream("\`socket\`" perm(0600) max-connections(10) log-iw-size(1000) flags(no-parse));
};
# When Vault made the entry; when it was read, where the line does not say.
parser p_time {
  regexp-parser(patterns('"time":"(?<vaultTime>[0-9T:.Z+-]+)"'));
  date-parser(format("%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%dT%H:%M:%S%z") template("\${vaultTime}"));
};
destination d_file {
  ${sink.destination("file")}
};
destination d_socket {
  ${sink.destination("socket", queue)}
};
log { source(s_file); if { parser(p_time); }; destination(d_file); flags(flow-control); };
log { source(s_socket); if { parser(p_time); }; destination(d_socket); };
`;
}
