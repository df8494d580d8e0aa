import "reflect-metadata";
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SiemSink, type SiemSinkProps } from "../../constructs/audit/siem-sink";
import { exampleCa } from "../../environments/shared";
import { describeUnless } from "../support/needs";
import { RunningShipper, missingShipper } from "./support/running-shipper";
import { SinkStandIn } from "../support/servers/sink";
import { until } from "../support/servers/processes";

jest.setTimeout(90_000);

const PROPS: SiemSinkProps = {
  endpoint: "https://siem.example.com",
  credentials: { secretName: "siem", key: "token" },
};

const PLAIN_PATH = "an https:// URL whose path is plain segments, without empty ones, . and .., got ";

test.each([
  ["http://siem.example.com", 'an https:// URL, got "http://siem.example.com"'],
  ["https://siem.example.com/') program('x", `${PLAIN_PATH}"https://siem.example.com/') program('x"`],
  [
    "https://user:word@siem.example.com",
    'an https:// URL without a user and password, got "https://(not shown)@siem.example.com"',
  ],
  ["siem.example.com", 'an https:// URL, got "siem.example.com"'],
  ["https://siem.example.com/`x`", `${PLAIN_PATH}"https://siem.example.com/(not shown)"`],
])("rejects the endpoint %s", (endpoint, problem) => {
  expect(() => SiemSink.datadog({ ...PROPS, endpoint })).toThrow(`endpoint must be ${problem}`);
});

test("retries all unsuccessful responses, except a conflict in Elastic", () => {
  for (const sink of [SiemSink.splunkHec(PROPS), SiemSink.datadog(PROPS), SiemSink.otlpHttp(PROPS)]) {
    const text = sink.destination("file");
    expect(text.match(/\d{3} => disconnect/g)).toHaveLength(300);
    expect(text).not.toMatch(/=> (success|drop|retry)/);
  }
  const elastic = SiemSink.elastic(PROPS).destination("file");
  expect(elastic.match(/\d{3} => disconnect/g)).toHaveLength(299);
  expect(elastic.match(/\d{3} => success/g)).toEqual(["409 => success"]);
});

test("verifies the sink's certificate with the public CAs or the given one", () => {
  expect(SiemSink.datadog(PROPS).destination("file")).toContain(
    "tls(use-system-cert-store(yes) peer-verify(yes))",
  );
  expect(SiemSink.datadog({ ...PROPS, caCertificate: exampleCa }).destination("file")).toContain(
    'tls(ca-file("`configuration`/siem-ca.pem") peer-verify(yes))',
  );
});

/** Two entries in Vault's format with characters that need escaping, and a partial one as left by a crash. */
const LINES = [
  '{"time":"2026-11-24T12:00:00.123456789Z","type":"request","request":{"id":"1","path":"secret/data/\\"a\\\\b\\u003c"}}',
  '{"time":"2026-11-24T12:00:01Z","type":"response","request":{"id":"1"},"error":"1 error occurred:\\n\\t* $MESSAGE ${HOST} \'%s\'"}',
  '{"time":"2026-11-24T12:00:02Z","type":"req{"time":"2026-11-24T12:00:03Z","type":"request"}',
];

describeUnless(missingShipper())("requests from the shipper to a sink", () => {
  let sink: SinkStandIn;
  let audit: string;
  let shipper: RunningShipper;

  beforeEach(async () => {
    sink = await SinkStandIn.start();
    audit = mkdtempSync(join(tmpdir(), "audit-"));
    writeFileSync(join(audit, "audit.log"), LINES.map((line) => `${line}\n`).join(""));
  });
  afterEach(async () => {
    await shipper?.remove();
    await sink.close();
    rmSync(audit, { recursive: true, force: true });
  });

  const run = (make: (props: SiemSinkProps) => SiemSink) => {
    const made = make({
      endpoint: sink.endpoint,
      credentials: PROPS.credentials,
      caCertificate: sink.certificate,
    });
    shipper = new RunningShipper({ sink: made, auditFolder: audit, vaultProcess: "no-such-vault" });
  };
  const accepted = (requests: number) =>
    until(async () => {
      if (sink.accepted.length < requests) throw new Error(`${sink.accepted.length}: ${shipper.output}`);
      return sink.accepted;
    });

  test("Splunk: sends events to the HTTP Event Collector with Vault's time", async () => {
    run(SiemSink.splunkHec);
    const [{ method, path, headers, body }] = await accepted(1);
    expect([method, path]).toEqual(["POST", "/services/collector/event"]);
    expect(headers.authorization).toBe("Splunk token-1");
    const events = body.split("\n").map((text) => JSON.parse(text));
    expect(events.map(({ event }) => event)).toEqual(LINES);
    expect(events[0]).toMatchObject({
      host: "vault-0",
      source: "vault:file",
      sourcetype: "vault:audit",
      time: "1795521600.123",
    });
  });

  test("Elastic: sends one document per entry, under the same id after a resend", async () => {
    run(SiemSink.elastic);
    const first = [...(await accepted(3))];
    expect(first.map(({ method }) => method)).toEqual(["PUT", "PUT", "PUT"]);
    expect(first[0].path).toMatch(/^\/logs-hashicorp_vault\.audit-default\/_create\/[0-9a-f]{40}$/);
    expect(new Set(first.map(({ path }) => path)).size).toBe(3);
    expect(first[0].headers.authorization).toBe("ApiKey token-1");
    const documents = first.map(({ body }) => JSON.parse(body));
    expect(documents.map(({ message }) => message)).toEqual(LINES);
    expect(documents[0]).toMatchObject({
      host: { name: "vault-0" },
      labels: { audit_device: "file" },
    });
    expect(Date.parse(documents[0]["@timestamp"])).toBe(Date.parse("2026-11-24T12:00:00.000Z"));
    // A new pod has no record of the sent entries.
    await shipper.end("SIGTERM");
    rmSync(shipper.path("state"), { recursive: true });
    mkdirSync(shipper.path("state"));
    shipper.start();
    const again = (await accepted(6)).slice(3);
    expect(again.map(({ path }) => path)).toEqual(first.map(({ path }) => path));
  });

  test("Elastic: sends an entry that already exists only once", async () => {
    sink.status = 409;
    run(SiemSink.elastic);
    await until(async () => {
      if (sink.refusals < 3) throw new Error(`${sink.refusals}`);
    });
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(sink.refusals).toBe(3);
  });

  test("Datadog: sends a list to the log intake with source vault", async () => {
    run(SiemSink.datadog);
    const [{ method, path, headers, body }] = await accepted(1);
    expect([method, path]).toEqual(["POST", "/api/v2/logs"]);
    expect(headers["dd-api-key"]).toBe("token-1");
    expect(headers["content-type"]).toBe("application/json");
    const entries = JSON.parse(body);
    expect(entries.map(({ message }: { message: string }) => message)).toEqual(LINES);
    expect(entries[0]).toMatchObject({
      ddsource: "vault",
      service: "vault",
      hostname: "vault-0",
      ddtags: "audit_device:file",
    });
  });

  test("OTLP: sends a JSON export request with Vault's time in nanoseconds", async () => {
    run(SiemSink.otlpHttp);
    const [{ method, path, headers, body }] = await accepted(1);
    expect([method, path]).toEqual(["POST", "/v1/logs"]);
    expect(headers.authorization).toBe("Bearer token-1");
    const { resourceLogs } = JSON.parse(body);
    expect(resourceLogs[0].resource.attributes).toEqual([
      { key: "service.name", value: { stringValue: "vault" } },
      { key: "host.name", value: { stringValue: "vault-0" } },
    ]);
    const [{ scope, logRecords }] = resourceLogs[0].scopeLogs;
    expect(scope.attributes).toEqual([{ key: "vault.audit.device", value: { stringValue: "file" } }]);
    expect(logRecords.map(({ body }: { body: { stringValue: string } }) => body.stringValue)).toEqual(LINES);
    expect(logRecords[0].timeUnixNano).toBe("1795521600123000000");
  });

  test("sends no entry to a sink whose certificate is from another CA", async () => {
    const other = await SinkStandIn.start();
    await other.close();
    const made = SiemSink.datadog({
      endpoint: sink.endpoint,
      credentials: PROPS.credentials,
      caCertificate: other.certificate,
    });
    shipper = new RunningShipper({ sink: made, auditFolder: audit, vaultProcess: "no-such-vault" });
    await until(async () => {
      if (!/certificate/i.test(shipper.output)) throw new Error(shipper.output);
    });
    expect(sink.accepted).toEqual([]);
  });

  test("keeps the token out of arguments, environment and output, and reloads a renewed one", async () => {
    run(SiemSink.datadog);
    await accepted(1);
    const processes = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
    const group = processes.filter((pid) => {
      try {
        return (
          Number(readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ")[2]) ===
          shipper.processGroup
        );
      } catch {
        return false;
      }
    });
    expect(group.length).toBeGreaterThanOrEqual(2);
    const shown = group.flatMap((pid) =>
      ["cmdline", "environ"].map((file) => {
        try {
          return readFileSync(`/proc/${pid}/${file}`, "utf8");
        } catch {
          return "";
        }
      }),
    );
    expect(shown.join("\n")).not.toContain("token-1");
    shipper.renewToken("token-2");
    await until(async () => {
      if (!shipper.output.includes("the sink's token was renewed")) throw new Error(shipper.output);
    });
    appendFileSync(join(audit, "audit.log"), `${LINES[0]}\n`);
    const requests = await accepted(2);
    expect(requests.at(-1)!.headers["dd-api-key"]).toBe("token-2");
    expect(shipper.output).not.toMatch(/token-[12]/);
  });

  test.each(["", 'a"b', "a`b", "a\nb"])("rejects a token such as %j without printing it", async (token) => {
    const made = SiemSink.datadog({ ...PROPS, endpoint: sink.endpoint });
    shipper = new RunningShipper({
      sink: made,
      auditFolder: audit,
      vaultProcess: "no-such-vault",
      token,
    });
    await until(async () => {
      if (shipper.exitCode === null) throw new Error("still runs");
    });
    expect(shipper.exitCode).toBe(1);
    expect(shipper.output).toContain("the sink's token must be letters, digits and");
    if (token) expect(shipper.output).not.toContain(token);
  });
});
