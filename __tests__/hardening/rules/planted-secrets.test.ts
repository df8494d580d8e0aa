import { TerraformStack, Testing } from "cdktf";
import { evaluate } from "../../../hardening/evaluate";
import { rules } from "../../../hardening/rules";
import type { Build } from "../support/describe-rule";
import { configMap, container, helmRelease } from "../support/plain";
import { type Planted, formed, harmless, named } from "../support/planted-secrets";

const RULES = rules.filter(({ id }) => /^(secret-in-|helm-secret-values)/.test(id));
const kebab = (name: string) =>
  name
    .replace(/([a-z])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .replaceAll("_", "-");

/** Places of a value, with the rule that judges each. */
const places: Readonly<Record<string, readonly [ruleId: string, build: (planted: Planted) => Build]>> = {
  "a variable": ["secret-in-environment", ([name, value]) => container({ env: [{ name, value }] })],
  "a value of a chart": [
    "helm-secret-values",
    ([name, value]) => helmRelease("any", { app: { [name]: value } }),
  ],
  "a variable in a chart": [
    "helm-secret-values",
    ([name, value]) => helmRelease("any", { env: [{ name, value }] }),
  ],
  "an argument": [
    "secret-in-arguments",
    ([name, value]) => container({ args: [`--${kebab(name)}=${value}`] }),
  ],
  "the argument after a flag": [
    "secret-in-arguments",
    ([name, value]) => container({ command: ["/app", `--${kebab(name)}`, value] }),
  ],
  "an argument that sets a variable": [
    "secret-in-arguments",
    ([name, value]) => container({ command: ["run", "-e", `${name}=${value}`] }),
  ],
  "a ConfigMap": ["secret-in-config-map", ([name, value]) => configMap("app", { [name]: value })],
};

function found(build: Build): string[] {
  const stack = new TerraformStack(Testing.app(), "test");
  build(stack);
  const { errors } = evaluate(stack.node.root, RULES);
  for (const { problem } of errors) expect(problem).not.toMatch(/correct|aB3dE5/);
  return errors.map(({ rule }) => rule.id);
}

describe.each(Object.entries(places))("%s", (_place, [ruleId, build]) => {
  test.each(named)("must not hold a secret by the name of %s", (...planted) => {
    expect(found(build(planted))).toContain(ruleId);
  });

  test.each(Object.entries(formed))("must not hold %s", (_kind, value) => {
    expect(found(build(["SETTING", value]))).toContain(ruleId);
  });

  test.each(harmless)("may hold %s=%s", (...planted) => {
    expect(found(build(planted))).toEqual([]);
  });
});

test.each([
  [["/app", "-p", "correcthorse"]],
  [["sh", "-c", "mysql -u app -pcorrecthorse payments"]],
  [["sh", "-c", "curl -u app:correcthorse https://example.com"]],
  [["curl", "-u", "app:correcthorse", "https://example.com"]],
  [["curl", "-H", "Authorization: Splunk correcthorse"]],
  [["sh", "-c", "PGPASSWORD='correcthorse' psql -h db"]],
  [["sh", "-c", "export DB_PASS=correcthorse; /app"]],
  [["redis-server", "--requirepass", "correcthorse"]],
  [["java", "-Ddb.password=correcthorse", "-jar", "app.jar"]],
  [["sh", "-c", "openssl enc -pass pass:correcthorse"]],
])("a command must not spell out a secret: %j", (command) => {
  expect(found(container({ command }))).toEqual(["secret-in-arguments"]);
});

test.each([
  [["mkdir", "-p", "/var/lib/app"]],
  [["/app", "-p", "8080"]],
  [["psql", "-p", "5432", "-h", "db"]],
  [["docker", "run", "-p", "80:8080"]],
  [["sh", "-c", "mkdir -p data && cp -p a b"]],
  [["sh", "-c", 'TOKEN="$(cat /var/run/secrets/token)"; curl -H "Authorization: Bearer $TOKEN" "$URL"']],
  [["vault", "agent", "-config=/vault/config.hcl", "-exit-after-auth"]],
  [["/app", "--password-file", "/vault/secrets/db", "--token-ttl", "30m", "--user", "1000:1000"]],
])("a command without a secret is accepted: %j", (command) => {
  expect(found(container({ command }))).toEqual([]);
});

test("a key of a ConfigMap is a name, with or without an extension", () => {
  expect(found(configMap("app", { "password.txt": "correcthorse" }))).toEqual(["secret-in-config-map"]);
});

test.each([
  ["BASIC_AUTH", "app:correcthorse"],
  // A shell would read a variable.
  ["PASSWORD", "$uper5ecret"],
])("a variable must not hold a secret: %s=%s", (name, value) => {
  expect(found(container({ env: [{ name, value }] }))).toEqual(["secret-in-environment"]);
});

test.each([
  "db:\n  password: correcthorse\n",
  "db.password=correcthorse\n",
  "[db]\npassword = correcthorse\n",
  '{"db": {"password": "correcthorse"}}',
  "<db><password>correcthorse</password></db>",
  'storage "x" {\n  access_key = "correcthorse"\n}\n',
  "password: |\n  correcthorse\n",
  "env:\n  - name: DB_PASSWORD\n    value: correcthorse\n",
  "machine example.com login app password correcthorse\n",
])("a file of a ConfigMap must not spell out a secret: %j", (content) => {
  expect(found(configMap("app", { file: content }))).toContain("secret-in-config-map");
});
