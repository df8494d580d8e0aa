import { secretKey } from "../server/fields";
import { certificatesOf } from "../core/certificate-bundle";
import { anyText, checkArguments, checkProps, list, object, text } from "../core/field";
import { parseProperty } from "../core/format-error";
import { Url } from "../core/url";
import type { SecretKeyReference } from "../server/seal";

/** What all sinks have. */
export interface SiemSinkProps {
  /** https:// URL of the sink, without the path of its API. */
  readonly endpoint: string;
  /** Token of the sink, in an existing Secret of Vault's namespace; it is mounted as a file. */
  readonly credentials: SecretKeyReference;
  /** Certificates (PEM) of the CAs that sign the sink's. @default - the public CAs of the shipper's image */
  readonly caCertificate?: string;
}

const PROPS = object<SiemSinkProps>(() => ({
  endpoint: anyText,
  credentials: secretKey,
  caCertificate: anyText.optional(),
}));

/** How entries are handed to a sink. */
interface Protocol {
  readonly method?: "POST" | "PUT";
  /** Path of the API. May hold macros of syslog-ng, which then asks once for each entry. */
  readonly path: string;
  readonly headers: readonly string[];
  /** One entry; `${MESSAGE}` is Vault's line, `device` the audit device that it comes from. */
  readonly entry: (device: string) => string;
  /** What holds the entries of one request together. @default - a line each */
  readonly frame?: (device: string) => { readonly before: string; readonly after: string };
  /** Status, besides 2xx, with which the sink says that it has the entry. */
  readonly alreadyThere?: number;
}

/** Fields of a JSON object, as the template function of syslog-ng takes them: it escapes their values. */
function json(fields: Readonly<Record<string, string>>): string {
  const all = Object.entries(fields).map(([name, value]) => `${name}="${value}"`);
  return `$(format-json --scope none ${all.join(" ")})`;
}

const JSON_BODY = "Content-Type: application/json";

/**
 * A SIEM, and how it takes entries. Vault's line is handed over as it is, as one text: half a line, as a crash leaves
 * it, must not make a request that the sink refuses for ever.
 */
export class SiemSink {
  /**
   * The HTTP Event Collector of Splunk; entries have the sourcetype `vault:audit`.
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
   * Elasticsearch, in the data stream of Elastic's integration for Vault. One request for each entry: the bulk API
   * answers 200 for entries that it has refused. An entry that is sent again is not stored again.
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
   * The log intake of Datadog, such as https://http-intake.logs.datadoghq.com.
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
   * Whatever takes OpenTelemetry's logs by HTTP, in JSON, such as a collector.
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

  readonly props: SiemSinkProps;

  private constructor(
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
   * The sink as a destination of syslog-ng. Whatever is not accepted is tried again until it is, in the same order: a
   * token that has expired is no reason to lose entries.
   * @param device name of the audit device that the entries come from
   * @param queue further options
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
      // More than one would mix the order.
      "workers(1)",
      "timeout(10)",
      `persist-name("${device}")`,
      `response-action(${answers(alreadyThere)})`,
      ...queue,
    ];
    return `http(\n${lines.map((line) => `    ${line}`).join("\n")}\n  );`;
  }
}

/** By default syslog-ng drops entries after some answers, and after three tries. */
function answers(alreadyThere?: number): string {
  const codes = Array.from({ length: 300 }, (_, index) => 300 + index);
  return codes.map((code) => `${code} => ${code === alreadyThere ? "success" : "disconnect"}`).join(", ");
}
