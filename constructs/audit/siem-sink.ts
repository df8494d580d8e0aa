import { secretKey } from "../server/fields";
import { certificatesOf } from "../core/certificate-bundle";
import { anyText, checkArguments, checkProps, list, object, text } from "../core/field";
import { parseProperty } from "../core/format-error";
import { Url } from "../core/url";
import type { SecretKeyReference } from "../server/seal";

/** Properties that all sinks share. */
export interface SiemSinkProps {
  /** URL of the sink, starting with https:// and without the path of its API. */
  readonly endpoint: string;
  /** Token of the sink, in an existing Secret in Vault's namespace. It is mounted as a file. */
  readonly credentials: SecretKeyReference;
  /** CA certificates (PEM) that verify the certificate of the sink. @default - the public CAs of the shipper's image */
  readonly caCertificate?: string;
}

const PROPS = object<SiemSinkProps>(() => ({
  endpoint: anyText,
  credentials: secretKey,
  caCertificate: anyText.optional(),
}));

/** Format of the requests to a sink. */
interface Protocol {
  readonly method?: "POST" | "PUT";
  /** Path of the API. If it contains macros of syslog-ng, each entry is a separate request. */
  readonly path: string;
  readonly headers: readonly string[];
  /** Returns one entry. `${MESSAGE}` is Vault's line, `device` is the name of the audit device. */
  readonly entry: (device: string) => string;
  /** Returns the text around the entries of one request. @default - none: one entry per line */
  readonly frame?: (device: string) => { readonly before: string; readonly after: string };
  /** Status, besides 2xx, with which the sink reports that it already has the entry. @default - none */
  readonly alreadyThere?: number;
}

/** Renders a JSON object with the template function of syslog-ng, which escapes the values. */
function json(fields: Readonly<Record<string, string>>): string {
  const all = Object.entries(fields).map(([name, value]) => `${name}="${value}"`);
  return `$(format-json --scope none ${all.join(" ")})`;
}

const JSON_BODY = "Content-Type: application/json";

/**
 * SIEM that receives audit entries, and its protocol. Vault's line is sent unchanged as one string. A crash can leave
 * half a line, which must not produce a request that the sink rejects on every retry.
 */
export class SiemSink {
  /**
   * HTTP Event Collector of Splunk. Entries have the source type `vault:audit`.
   * @see https://docs.splunk.com/Documentation/Splunk/latest/Data/FormateventsforHTTPEventCollector
   */
  static splunkHec(props: SiemSinkProps): SiemSink {
    return new SiemSink("splunk-hec", props, {
      path: "/services/collector/event",
      headers: ["Authorization: Splunk `token`", JSON_BODY],
      entry: (device) =>
        json({
          time: "${S_UNIXTIME}.${S_MSEC}",
          host: "`server`",
          source: `vault:${device}`,
          sourcetype: "vault:audit",
          event: "${MESSAGE}",
        }),
    });
  }

  /**
   * Elasticsearch, in the data stream of Elastic's integration for Vault. Each entry is a separate request, because the
   * bulk API returns 200 even for rejected entries. An entry that is sent twice is stored once.
   * @see https://www.elastic.co/docs/reference/integrations/hashicorp_vault
   */
  static elastic(props: SiemSinkProps): SiemSink {
    return new SiemSink("elastic", props, {
      method: "PUT",
      path: "/logs-hashicorp_vault.audit-default/_create/$(sha1 ${MESSAGE})",
      headers: ["Authorization: ApiKey `token`", JSON_BODY],
      entry: (device) =>
        json({
          "@timestamp": "${S_ISODATE}",
          "host.name": "`server`",
          "labels.audit_device": device,
          message: "${MESSAGE}",
        }),
      alreadyThere: 409,
    });
  }

  /**
   * Log intake of Datadog, such as https://http-intake.logs.datadoghq.com.
   * @see https://docs.datadoghq.com/api/latest/logs/#send-logs
   */
  static datadog(props: SiemSinkProps): SiemSink {
    return new SiemSink("datadog", props, {
      path: "/api/v2/logs",
      headers: ["DD-API-KEY: `token`", JSON_BODY],
      entry: (device) =>
        json({
          ddsource: "vault",
          service: "vault",
          hostname: "`server`",
          ddtags: `audit_device:${device}`,
          message: "${MESSAGE}",
        }),
      frame: () => ({ before: "[", after: "]" }),
    });
  }

  /**
   * Any receiver of OpenTelemetry logs over HTTP in JSON, such as a collector.
   * @see https://opentelemetry.io/docs/specs/otlp/#otlphttp
   */
  static otlpHttp(props: SiemSinkProps): SiemSink {
    const attribute = (key: string, value: string) => ({ key, value: { stringValue: value } });
    return new SiemSink("otlp-http", props, {
      path: "/v1/logs",
      headers: ["Authorization: Bearer `token`", JSON_BODY],
      entry: () => json({ timeUnixNano: "${S_UNIXTIME}${S_MSEC}000000", "body.stringValue": "${MESSAGE}" }),
      frame: (device) => {
        const resource = {
          attributes: [attribute("service.name", "vault"), attribute("host.name", "`server`")],
        };
        const scope = { name: "vault.audit", attributes: [attribute("vault.audit.device", device)] };
        return {
          before: `{"resourceLogs":[{"resource":${JSON.stringify(resource)},"scopeLogs":[{"scope":${JSON.stringify(scope)},"logRecords":[`,
          after: "]}]}]}",
        };
      },
    });
  }

  /** Properties of the sink, with validated certificates. */
  readonly props: SiemSinkProps;

  private constructor(
    /** Type of the sink. */
    readonly kind: "splunk-hec" | "elastic" | "datadog" | "otlp-http",
    props: SiemSinkProps,
    private readonly protocol: Protocol,
  ) {
    checkProps("SiemSink", PROPS, props);
    parseProperty("SiemSink", "endpoint", props.endpoint, Url.parse);
    this.props = {
      ...props,
      caCertificate: certificatesOf("SiemSink", "caCertificate", props.caCertificate),
    };
  }

  /**
   * Renders the sink as a syslog-ng destination. Entries that the sink does not accept are retried in order until it
   * accepts them, so an expired token loses no entries.
   * @param device name of the audit device that the entries come from
   * @param queue further options of the destination
   */
  destination(device: string, queue: readonly string[] = []): string {
    checkArguments("SiemSink", { device: [device, text], queue: [queue, list(text).known()] });
    const { method = "POST", path, headers, entry, frame, alreadyThere } = this.protocol;
    const one = path.includes("$");
    const quoted = (text: string) => `'${text}'`;
    const lines = [
      `url(${quoted(this.props.endpoint.replace(/\/$/, "") + path)})`,
      `method("${method}")`,
      `headers(${headers.map((header) => `"${header}"`).join(", ")})`,
      `body(${quoted(entry(device))})`,
      ...(frame
        ? [
            `body-prefix(${quoted(frame(device).before)})`,
            `delimiter(",")`,
            `body-suffix(${quoted(frame(device).after)})`,
          ]
        : []),
      ...(one ? [] : ["batch-lines(500)", "batch-bytes(524288)", "batch-timeout(1000)"]),
      this.props.caCertificate
        ? 'tls(ca-file("`configuration`/siem-ca.pem") peer-verify(yes))'
        : "tls(use-system-cert-store(yes) peer-verify(yes))",
      // Several workers would not keep the order.
      "workers(1)",
      "timeout(10)",
      `persist-name("${device}")`,
      `response-action(${answers(alreadyThere)})`,
      ...queue,
    ];
    return `http(\n${lines.map((line) => `    ${line}`).join("\n")}\n  );`;
  }
}

/** Renders the response actions. By default syslog-ng drops entries after some responses, and after three attempts. */
function answers(alreadyThere?: number): string {
  const codes = Array.from({ length: 300 }, (_, index) => 300 + index);
  return codes.map((code) => `${code} => ${code === alreadyThere ? "success" : "disconnect"}`).join(", ");
}
