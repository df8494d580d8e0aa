import { findTexts, text } from "../readers/blocks";
import { imageName } from "../readers/images";
import { podsIn } from "../readers/pods";
import { serversIn } from "../readers/servers";
import { NOT_APPLICABLE, type Rule, compliant, nonCompliant } from "../rule";
import { forPlatform } from "../subjects";

/** Log shippers, by the names of their images and charts. */
const SHIPPERS =
  /^(vector|fluent-?bit|fluentd\S*|filebeat|elastic-agent|otelcol\S*|opentelemetry-collector\S*|alloy|promtail|logstash|syslog-ng|splunk\S*|datadog\S*)$/;

/** Reports servers without a log shipper that sends the audit log to a SIEM. */
export const auditShipping: Rule = {
  id: "audit-shipping",
  level: "error",
  title: "The audit log is sent to a SIEM",
  item: "audit",
  fix: "Run a log shipper beside Vault's servers that reads what the audit devices write.",
  source: "https://developer.hashicorp.com/vault/docs/audit/best-practices",
  check: forPlatform((platform) => {
    const servers = serversIn(platform).map(({ element }) => element);
    if (servers.length === 0) return NOT_APPLICABLE;
    const shippers = podsIn(platform)
      .filter(({ element, kind }) => servers.includes(element) || kind === "DaemonSet")
      .flatMap(({ containers }) => containers)
      .filter(({ image = "" }) => SHIPPERS.test(imageName(image)) || /\bdatadog(hq)?\/agent\b/.test(image));
    const charts = platform
      .resources("helm_release")
      .filter(({ body }) => SHIPPERS.test(imageName(text(body.chart))))
      .filter(({ body }) => findTexts(body.values, (values) => /vault/i.test(values)).length > 0);
    const found = [...shippers, ...charts].map(({ name }) => name);
    return found.length > 0
      ? compliant(`sent on by ${found.join(", ")}`)
      : nonCompliant("no log shipper runs beside Vault's servers: whoever owns a server owns its audit log");
  }),
};
