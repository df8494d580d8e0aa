import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Duration } from "../../../constructs/core/duration";
import { renderDatadog } from "../../../constructs/observability/detections/datadog";
import type { Condition, Detection } from "../../../constructs/observability/detections/detection";
import { renderEsql, renderKql } from "../../../constructs/observability/detections/elastic";
import { renderSplunk } from "../../../constructs/observability/detections/splunk";
import { suspiciousAccess } from "../../../constructs/observability/detections/suspicious-access";

const detection = (when: Condition[], burst?: Detection["burst"]): Detection => ({
  name: "test",
  title: "Test",
  severity: "high",
  description: "",
  expected: "",
  when,
  burst,
});

const CONDITIONS: Record<
  string,
  { condition: Condition; spl: string; kql: string; esql: string; datadog: string }
> = {
  "one value": {
    condition: { field: "type", oneOf: ["response"] },
    spl: 'type="response"',
    kql: 'v.type: "response"',
    esql: 'v.type == "response"',
    datadog: "@type:response",
  },
  "one of several values": {
    condition: { field: "request.operation", oneOf: ["update", "delete"] },
    spl: '(request.operation="update" OR request.operation="delete")',
    kql: 'v.request.operation: ("update" or "delete")',
    esql: '(v.request.operation == "update" OR v.request.operation == "delete")',
    datadog: "@request.operation:(update OR delete)",
  },
  "a value of a list": {
    condition: { field: "auth.policies", oneOf: ["root"] },
    spl: '"auth.policies{}"="root"',
    kql: 'v.auth.policies: "root"',
    esql: 'CONCAT(",", MV_CONCAT(v.auth.policies, ","), ",") LIKE "*,root,*"',
    datadog: "@auth.policies:root",
  },
  "one of several beginnings": {
    condition: { field: "request.path", startsWith: ["sys/policies/", "sys/policy/"] },
    spl: '(request.path="sys/policies/*" OR request.path="sys/policy/*")',
    kql: "v.request.path: (sys/policies/* or sys/policy/*)",
    esql: '(STARTS_WITH(v.request.path, "sys/policies/") OR STARTS_WITH(v.request.path, "sys/policy/"))',
    datadog: "@request.path:(sys/policies/* OR sys/policy/*)",
  },
  "a part": {
    condition: { field: "error", contains: "denied" },
    spl: 'error="*denied*"',
    kql: "v.error: *denied*",
    esql: 'v.error LIKE "*denied*"',
    datadog: "@error:*denied*",
  },
  absence: {
    condition: { field: "error", absent: true },
    spl: "NOT error=*",
    kql: "not v.error: *",
    esql: "v.error IS NULL",
    datadog: "-@error:*",
  },
  "the opposite": {
    condition: { not: { field: "auth.display_name", startsWith: ["github-"] } },
    spl: 'NOT auth.display_name="github-*"',
    kql: "not v.auth.display_name: github-*",
    esql: 'NOT COALESCE(STARTS_WITH(v.auth.display_name, "github-"), false)',
    datadog: "-@auth.display_name:github\\-*",
  },
};

describe.each(Object.entries(CONDITIONS).map(([title, it]) => ({ title, ...it })))(
  "$title",
  ({ condition, spl, kql, esql, datadog }) => {
    const it = detection([condition]);

    test("renders in SPL", () => expect(renderSplunk(it, "index=x").split("\n")[0]).toBe(`index=x ${spl}`));
    test("renders in KQL", () => expect(renderKql(it, { prefix: "v." })).toBe(kql));
    test("renders in ES|QL", () => {
      expect(renderEsql(it, { index: "x", prefix: "v." }).split("\n").slice(0, 2)).toEqual([
        "FROM x",
        `| WHERE ${esql}`,
      ]);
    });
    test("renders in Datadog's search", () => {
      const text = datadog.replace(/\\/g, "\\\\");
      expect(renderDatadog(it, "s:x")).toBe(`logs("s:x ${text}").index("*").rollup("count").last("5m") > 0`);
    });
  },
);

test("requires all conditions", () => {
  const it = detection([CONDITIONS["one value"].condition, CONDITIONS["a part"].condition]);
  expect(renderSplunk(it)).toContain('index=vault sourcetype="vault:audit" type="response" error="*denied*"');
  expect(renderKql(it)).toBe(
    'hashicorp_vault.audit.type: "response" and hashicorp_vault.audit.error: *denied*',
  );
  expect(renderEsql(it, { prefix: "" })).toContain(
    '| WHERE type == "response"\n    AND error LIKE "*denied*"',
  );
  expect(renderDatadog(it)).toContain('logs("source:vault @type:response @error:*denied*")');
});

describe("a burst", () => {
  const conditions = [CONDITIONS["one value"].condition];
  const within = Duration.minutes(10);
  const entries = detection(conditions, {
    by: "request.remote_address",
    distinct: "request.id",
    moreThan: 20,
    within,
  });
  const values = detection(conditions, {
    by: "auth.display_name",
    distinct: "request.path",
    moreThan: 50,
    within: Duration.hours(1),
  });

  test("counts entries in SPL", () => {
    expect(renderSplunk(entries).split("\n").slice(1)).toEqual([
      "| bin _time span=10m",
      "| stats dc(request.id) AS events BY _time request.remote_address",
      "| where events > 20",
    ]);
  });

  test("counts different values in SPL", () => {
    expect(renderSplunk(values).split("\n").slice(1)).toEqual([
      "| bin _time span=60m",
      "| stats dc(request.path) AS events BY _time auth.display_name",
      "| where events > 50",
    ]);
  });

  test("counts entries in ES|QL", () => {
    expect(renderEsql(entries, { prefix: "v." }).split("\n").slice(2)).toEqual([
      "| STATS events = COUNT_DISTINCT(v.request.id) BY window = DATE_TRUNC(10 minutes, @timestamp), v.request.remote_address",
      "| WHERE events > 20",
    ]);
  });

  test("counts different values in ES|QL", () => {
    expect(renderEsql(values, { prefix: "v." }).split("\n").slice(2)).toEqual([
      "| STATS events = COUNT_DISTINCT(v.request.path) BY window = DATE_TRUNC(60 minutes, @timestamp), v.auth.display_name",
      "| WHERE events > 50",
    ]);
  });

  test("counts entries in a Datadog monitor", () => {
    expect(renderDatadog(entries)).toMatch(
      /\.index\("\*"\)\.rollup\("cardinality", "@request\.id"\)\.by\("@request\.remote_address"\)\.last\("10m"\) > 20$/,
    );
  });

  test("counts different values in a Datadog monitor", () => {
    expect(renderDatadog(values)).toMatch(
      /\.rollup\("cardinality", "@request\.path"\)\.by\("@auth\.display_name"\)\.last\("60m"\) > 50$/,
    );
  });
});

describe("docs/constructs/detections.md", () => {
  const page = readFileSync(join(__dirname, "..", "..", "..", "docs", "constructs", "detections.md"), "utf8");

  test.each(suspiciousAccess().map((it) => ({ name: it.name, it })))(
    "shows the rendered queries of $name",
    ({ name, it }) => {
      const [, section] = new RegExp(`^### ${name}$([\\s\\S]*?)(?=^### |(?![\\s\\S]))`, "m").exec(page)!;
      const blocks = [...section.matchAll(/^```\n([\s\S]*?)\n```$/gm)].map(([, block]) => block);
      expect(blocks).toEqual([renderSplunk(it), renderKql(it), renderEsql(it), renderDatadog(it)]);
      expect(section).toContain(it.expected);
    },
  );

  test("lists exactly the existing detections", () => {
    const shown = [...page.matchAll(/^### (.+)$/gm)].map(([, name]) => name);
    expect(shown).toEqual(suspiciousAccess().map(({ name }) => name));
  });
});
