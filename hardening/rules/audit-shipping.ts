import { findTexts, text } from "../readers/blocks";
import { madeElements } from "../readers/existence";
import { imageName } from "../readers/images";
import { NotJudged } from "../not-judged";
import { type Container, type Pods, podsIn } from "../readers/pods";
import { filesOf } from "../readers/programs";
import { serversIn } from "../readers/servers";
import { shippingProblems } from "../readers/syslog-sinks";
import { NOT_APPLICABLE, type Rule } from "../rule";
import { type Candidate, forPlatform, requireOne } from "../subjects";

/** Log shippers, by the names of their images and charts. */
const SHIPPERS =
  /^(vector|fluent-?bit|fluentd\S*|filebeat|elastic-agent|otelcol\S*|opentelemetry-collector\S*|alloy|promtail|logstash|syslog-ng|splunk\S*|datadog\S*)$/;

/** Reports servers without a log shipper that sends the audit log to a SIEM. */
export const auditShipping: Rule = {
  id: "audit-shipping",
  level: "error",
  title: "The audit log is sent over TLS to a SIEM that the shipper verifies",
  item: "audit",
  fix: "Run an AuditShipper beside Vault's servers, or accept another shipper with the reason that it sends the log on.",
  source: "https://developer.hashicorp.com/vault/docs/audit/best-practices",
  check: forPlatform((platform) => {
    const servers = serversIn(platform).map(({ element }) => element);
    if (servers.length === 0) return NOT_APPLICABLE;
    const shippers = podsIn(platform)
      .filter(({ element, kind }) => servers.includes(element) || kind === "DaemonSet")
      .flatMap((pods) => pods.containers.filter(isShipper).map((container) => shipperOf(pods, container)));
    const charts = madeElements(platform.resources("helm_release"))
      .filter(({ body }) => SHIPPERS.test(imageName(text(body.chart))))
      .filter(({ body }) => findTexts(body.values, (values) => /vault/i.test(values)).length > 0)
      .map((element) => candidate(element, element.name, () => refuse(imageName(text(element.body.chart)))));
    return requireOne(
      [...shippers, ...charts],
      "no log shipper runs beside Vault's servers: an attacker who controls a server controls its audit log",
    );
  }),
};

function isShipper({ image = "" }: Container): boolean {
  return SHIPPERS.test(imageName(image)) || /\bdatadog(hq)?\/agent\b/.test(image);
}

function shipperOf(pods: Pods, { name, image }: Container): Candidate {
  return candidate(pods.element, name, () => {
    const shipper = imageName(image);
    if (shipper !== "syslog-ng") return refuse(shipper);
    const files = Object.entries(filesOf(pods));
    if (files.length === 0)
      throw new NotJudged(`no ConfigMap of these stacks has the configuration of ${name}`);
    const configurations = files
      .map(([, content]) => content)
      .filter((content) => /\blog\b\s*\{/.test(content));
    if (configurations.length === 0)
      return [`the log shipper ${name} has a configuration without a log path`];
    return configurations.flatMap(shippingProblems).map((problem) => `the log shipper ${name}: ${problem}`);
  });
}

function candidate(element: Candidate["element"], name: string, problems: Candidate["problems"]): Candidate {
  return { element, evidence: `sent on by ${name}`, problems };
}

function refuse(shipper: string): never {
  throw new NotJudged(
    `the configuration of ${shipper} is not read, so that nothing shows that it sends the log on`,
  );
}
