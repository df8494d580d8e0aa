import { received } from "../../constructs/core/received";
import { NotJudged } from "../not-judged";
import { type LogPath, type SyslogStatement, argument, argumentText, logPathsOf } from "./syslog-ng";

/** Drivers that send over the network with options that are read here. */
const NETWORK = ["http", "network", "syslog"];
/** Drivers that send over the network with other options. */
const OTHER_NETWORK =
  /^(tcp6?|udp6?|kafka(-c)?|opentelemetry|loki|splunk-hec-(event|raw)|elasticsearch-(http|datastream)|google-pubsub|bigquery|s3|mqtt|amqp|redis|sql|mongodb|clickhouse|azure-monitor|logscale|openobserve-log|sumologic-(http|syslog))$/;
const LOOPBACK = /^(localhost|127\.|\[?::1\]?$)/;

/**
 * Problems of a configuration of syslog-ng as a way of the audit log to a SIEM: some log path must lead from a source
 * to a destination on the network, and each of these destinations must have TLS and verify the receiver.
 * @throws NotJudged for a configuration that is not understood
 */
export function shippingProblems(configuration: string): string[] {
  const paths = logPathsOf(configuration).filter(hasSource);
  const sinks = paths.flatMap((path) => path.destinations.filter(isSink).map((sink) => ({ path, sink })));
  if (sinks.length === 0) return ["no log path leads from a source to a destination on the network"];
  const problems = sinks.flatMap(({ sink }) => sinkProblems(sink));
  if (problems.length > 0) return problems;
  const { filters } = sinks.find(({ path }) => path.filters.length === 0)?.path ?? sinks[0].path;
  if (filters.length > 0) {
    throw new NotJudged(`the log path of syslog-ng has ${filters.join(", ")}, which can drop entries`);
  }
  return [];
}

function hasSource({ sources }: LogPath): boolean {
  return sources.some(({ words }) => words[0] !== "internal");
}

function isSink({ words: [driver] }: SyslogStatement): boolean {
  return NETWORK.includes(driver) || OTHER_NETWORK.test(driver);
}

function sinkProblems(sink: SyslogStatement): string[] {
  const [driver] = sink.words;
  if (!NETWORK.includes(driver)) throw new NotJudged(`the destination ${driver} of syslog-ng is not read`);
  const urls = argument(sink, "url")?.inner.flatMap(({ words }) => words) ?? [];
  const hosts = driver === "http" ? urls.map(hostOf) : [sink.inner[0]?.words[0] ?? ""];
  const verify =
    argumentText(argument(sink, "tls") ?? sink, "peer-verify") ?? argumentText(sink, "peer-verify") ?? "yes";
  return [
    ...(hosts.length === 0 ? [`the destination ${driver} has no receiver`] : []),
    ...hosts
      .filter((host) => LOOPBACK.test(host))
      .map((host) => `the destination ${driver} is ${host}, the pod itself`),
    ...(isEncrypted(sink, urls) ? [] : [`the destination ${driver} sends without TLS`]),
    ...(/^(yes|on|1|true|required-trusted)$/.test(verify)
      ? []
      : [`the destination ${driver} does not verify the receiver (peer-verify is ${received(verify)})`]),
  ];
}

function isEncrypted(sink: SyslogStatement, urls: readonly string[]): boolean {
  if (sink.words[0] === "http") return urls.every((url) => /^https:\/\//i.test(url));
  return /^(tls|proxied-tls)$/.test(argumentText(sink, "transport") ?? "");
}

function hostOf(url: string): string {
  return /^\w+:\/\/(?:[^/@]*@)?(\[[^\]]*\]|[^/:?#]*)/.exec(url)?.[1] ?? url;
}
