import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Policy } from "@cdktf/provider-vault/lib/policy";
import { App, Aspects, TerraformStack, TerraformVariable, Testing, Token } from "cdktf";
import { Construct } from "constructs";
import { declareEnvironment } from "../../hardening/environment-facts";
import { evaluate } from "../../hardening/evaluate";
import type { Finding } from "../../hardening/report";
import { NOT_APPLICABLE, type Rule, compliant, nonCompliant } from "../../hardening/rule";
import { rules } from "../../hardening/rules";
import { suppressRule } from "../../hardening/suppression";
import { helmRelease, resource, together, vault } from "./support/plain";

const rule = (check: Rule["check"], level: Rule["level"] = "warning"): Rule => ({
  id: "auto-unseal",
  level,
  title: "T",
  item: "tls",
  fix: "F.",
  source: "https://example.com",
  check,
});
const only = (...ids: string[]) => rules.filter(({ id }) => ids.includes(id));
const brief = (findings: readonly Finding[]) => findings.map(({ path, problem }) => `${path}: ${problem}`);

let app: App;
let stack: TerraformStack;
beforeEach(() => {
  app = Testing.app() as App;
  stack = new TerraformStack(app, "test");
});

test("reports a rule that crashes as an error, whatever its level", () => {
  new KmsKey(stack, "Key", {});
  const crashing = rule((subject) => {
    if (subject.kind === "platform") return NOT_APPLICABLE;
    throw new TypeError("no such thing");
  });
  const { errors, warnings } = evaluate(app, [crashing]);
  expect(brief(errors)).toEqual(["test/Key: the rule crashed: no such thing"]);
  expect(warnings).toEqual([]);
});

test("repeats no secret and no invisible character of a configuration", () => {
  const secret = "correcthorse";
  const talkative = rule((subject) =>
    subject.kind === "platform"
      ? NOT_APPLICABLE
      : nonCompliant(`https://app:${secret}@db.example.com is the address \u202e\u200b\u001b[2K`),
  );
  new KmsKey(stack, "Key", {});
  expect(brief(evaluate(app, [talkative]).warnings)).toEqual([
    "test/Key: https://(not shown)@db.example.com is the address \\u202e\\u200b\\u001b[2K",
  ]);
  helmRelease("vault", `password: ${secret}\nserver: [`)(stack);
  vault(`password = "${secret}" }\n`)(stack);
  for (const { problem } of evaluate(app).errors) expect(problem).not.toContain(secret);
});

test("reports an unreadable configuration as an error", () => {
  vault('listener "tcp" {\n  address = ')(stack);
  const { errors } = evaluate(app, only("tls-enabled"));
  expect(brief(errors)).toEqual([
    expect.stringMatching(/^test\/R\d+: the rule crashed: line 2: expected a value, got the end$/),
  ]);
});

test("reports invalid YAML values as an error at the release and continues", () => {
  helmRelease("vault", "server: [")(stack);
  const { errors } = evaluate(app, only("tls-enabled", "backup-schedule"));
  expect(brief(errors)).toEqual([
    expect.stringMatching(/^test\/R\d+: the rule crashed: Flow sequence in block collection/),
    expect.stringMatching(/^test\/R\d+: the rule crashed: Flow sequence in block collection/),
  ]);
});

test("sorts findings into errors and warnings by the rule's level", () => {
  const violated = (subject: { kind: string }) =>
    subject.kind === "platform" ? nonCompliant("it is so") : NOT_APPLICABLE;
  expect(brief(evaluate(app, [rule(violated, "error")]).errors)).toEqual(["test: it is so"]);
  expect(brief(evaluate(app, [rule(violated, "warning")]).warnings)).toEqual(["test: it is so"]);
});

test("applies aspects before it evaluates the rules", () => {
  new KmsKey(stack, "Key", {});
  const guard = {
    visit: (node: unknown) => {
      if (node instanceof KmsKey) node.lifecycle = { preventDestroy: true };
    },
  };
  expect(evaluate(app, only("kms-deletion")).errors).toHaveLength(1);
  Aspects.of(stack).add(guard);
  expect(evaluate(app, only("kms-deletion")).errors).toEqual([]);
});

test("evaluates overrides of a resource and of the whole stack", () => {
  new KmsKey(stack, "Key", { lifecycle: { preventDestroy: true } }).addOverride("deletion_window_in_days", 7);
  stack.addOverride("resource.aws_kms_key.Other", { description: "made by an override" });
  expect(brief(evaluate(app, only("kms-deletion")).errors)).toEqual([
    "test/Key: the key is gone 7 days after its deletion",
    // An override created it, so only the stack is known.
    "test: a plan may destroy the key",
  ]);
});

test("passes tokens to rules as Terraform references", () => {
  const seen: unknown[] = [];
  const name = new TerraformVariable(stack, "name", { type: "string" });
  new Policy(stack, "Policy", { name: name.stringValue, policy: `\${file("p")}` });
  evaluate(app, [
    rule((subject) => {
      if (subject.kind === "element" && subject.type === "vault_policy") seen.push(subject.body.name);
      return NOT_APPLICABLE;
    }),
  ]);
  expect(seen).toEqual(["${var.name}"]);
  expect(Token.isUnresolved(seen[0])).toBe(false);
});

test("evaluates and suppresses providers and variables at their constructs", () => {
  const provider = new AwsProvider(stack, "Aws", { alias: "x", accessKey: "AKIA", region: "us-east-1" });
  const variable = new TerraformVariable(stack, "url", { default: "postgresql://app:correcthorse@db/app" });
  const own = only("aws-access-key", "secret-in-code");
  expect(brief(evaluate(app, own).errors)).toEqual([
    "test/url: default has the form of a secret (not shown)",
    "test/Aws: the provider has an access key",
  ]);
  suppressRule(provider, "aws-access-key", "a test");
  suppressRule(variable, "secret-in-code", "a test");
  expect(evaluate(app, own).errors).toEqual([]);
});

describe("environments", () => {
  const config = (name: string) => {
    const layer = new TerraformStack(app, name);
    resource("vault_audit", { type: "file", options: { file_path: "stdout" } })(layer);
    resource("vault_audit", { type: "file", options: { file_path: "/a" } })(layer);
    return layer;
  };

  test("evaluates the layers of one environment together and other environments separately", () => {
    const servers = new TerraformStack(app, "one-cluster");
    vault()(servers);
    const others = new TerraformStack(app, "two-cluster");
    vault()(others);
    declareEnvironment(servers, { name: "one", secretsEncryption: "kms" });
    declareEnvironment(config("one-config"), { name: "one", secretsEncryption: undefined });
    declareEnvironment(others, { name: "two" });
    const report = evaluate(app, only("audit-devices", "cluster-secrets-encryption"));
    expect(report.platforms.map(({ name, stacks }) => [name, stacks])).toEqual([
      [undefined, ["test"]],
      ["one", ["one-cluster", "one-config"]],
      ["two", ["two-cluster"]],
    ]);
    expect(report.errors.every(({ path }) => path.startsWith("two-cluster/"))).toBe(true);
    expect(report.errors.map(({ rule: { id } }) => id)).toEqual([
      "audit-devices",
      "cluster-secrets-encryption",
    ]);
  });

  test("evaluates undeclared stacks as one environment", () => {
    vault()(stack);
    config("config");
    const { platforms, errors } = evaluate(app, only("audit-devices"));
    expect(platforms).toHaveLength(1);
    expect(errors).toEqual([]);
  });
});

describe("suppressions", () => {
  const keys = () => {
    const group = new Construct(stack, "Group");
    return { group, key: new KmsKey(group, "Key", {}), other: new KmsKey(stack, "Other", {}) };
  };

  test("apply to the construct and below it only", () => {
    const { group } = keys();
    suppressRule(group, "kms-deletion", "made for one test");
    const report = evaluate(app, only("kms-deletion"));
    expect(brief(report.errors)).toEqual(["test/Other: a plan may destroy the key"]);
    expect(brief(report.suppressed)).toEqual(["test/Group/Key: a plan may destroy the key"]);
  });

  test("apply to one rule only", () => {
    const { key } = keys();
    suppressRule(key, "bucket-public", "another rule");
    const report = evaluate(app, only("kms-deletion", "bucket-public"));
    expect(report.errors).toHaveLength(2);
    expect(report.unneeded).toEqual([
      { ruleId: "bucket-public", reason: "another rule", path: "test/Group/Key" },
    ]);
  });

  test("use the reason of the nearest suppression", () => {
    const { key } = keys();
    suppressRule(app, "kms-deletion", "all of them");
    suppressRule(key, "kms-deletion", "this one");
    const { suppressed } = evaluate(app, only("kms-deletion"));
    expect(suppressed.map(({ suppression }) => suppression?.reason)).toEqual(["this one", "all of them"]);
  });

  test.each([
    ["the release of Vault", (release: Construct) => release],
    ["another layer", (_release: Construct, other: TerraformStack) => other],
    ["the app", (release: Construct) => release.node.root],
  ] as const)("of a rule on the whole environment apply at %s", (_title, place) => {
    vault()(stack);
    const other = new TerraformStack(app, "other");
    suppressRule(place(stack.node.children[0] as Construct, other) as Construct, "backup-schedule", "a test");
    const { errors, suppressed } = evaluate(app, only("backup-schedule"));
    expect(errors).toEqual([]);
    expect(suppressed).toHaveLength(1);
  });

  test("reject an unknown rule id and list the ids", () => {
    expect(() => suppressRule(stack, "tls", "why")).toThrow(
      /^no rule has the id tls; allowed: auto-unseal, .*tls-enabled.* \[test\]$/,
    );
  });

  test("reject an empty reason", () => {
    expect(() => suppressRule(stack, "tls-enabled", " ")).toThrow(
      "reason must say why what tls-enabled finds is accepted, got an empty text [test]",
    );
  });
});

test("reports the evidence of compliant rules", () => {
  new IamRole(stack, "Role", { assumeRolePolicy: "{}" });
  const met = rule((subject) => (subject.kind === "element" ? compliant("by a role") : NOT_APPLICABLE));
  expect(evaluate(app, [met]).platforms[0].results[0].met).toEqual([
    { path: "test/Role", evidence: "by a role" },
  ]);
});

test("reports the same twice and does not change the synthesized output", () => {
  together(vault(), resource("aws_kms_key", {}))(stack);
  const before = Testing.synth(stack);
  const first = evaluate(app);
  expect(brief(evaluate(app).errors)).toEqual(brief(first.errors));
  expect(Testing.synth(stack)).toBe(before);
});
