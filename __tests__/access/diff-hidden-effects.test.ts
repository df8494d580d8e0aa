import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type Json,
  type StackJson,
  EMPTY,
  changesOf,
  environmentOf,
  resource,
  textsOf,
} from "./support/stack-json";
import { accessDiff } from "../../access/diff";
import { readSynthesized } from "../../analysis/terraform/synthesized";
import { inFolder } from "./support/platform";
import { isDangerous } from "../../access/changes";

const POLICY = { name: "app", policy: 'path "*" { capabilities = ["read", "sudo"] }' };
const SWITCH = { variable: { on: { type: "bool", default: true } } };

const data = (type: string, body: Json, rest: StackJson = {}): StackJson => ({
  ...rest,
  data: { [type]: { A: body } },
});
const labelsBetween = (before: StackJson, after: StackJson) =>
  changesOf(before, after).flatMap(({ labels }) => labels);

const areDangerous = (before: StackJson, after: StackJson) => changesOf(before, after).some(isDangerous);

describe("access diff of variables", () => {
  it("names an object that a variable leaves out by its default", () => {
    const after = resource("vault_policy", { ...POLICY, count: "${var.on ? 0 : 1}" }, SWITCH);

    expect(textsOf({ ...EMPTY, ...SWITCH }, after)).toEqual([
      "vault_policy vault_policy.A: count depends on var.on: evaluated with the default, and a run can give another value [unknown access]",
    ]);
  });

  it("names a value that is the same with the default of a variable", () => {
    const before = resource("aws_iam_role_policy", { role: "a", policy: "{}" }, SWITCH);
    const after = resource("aws_iam_role_policy", { role: '${var.on ? "a" : "b"}', policy: "{}" }, SWITCH);

    expect(areDangerous(before, after)).toBe(true);
  });

  it("follows locals to variables", () => {
    const before = {
      ...resource("vault_policy", { ...POLICY, name: "${local.name}" }),
      locals: { name: "app" },
    };
    const after = { ...before, ...SWITCH, locals: { name: '${var.on ? "app" : "other"}' } };

    expect(areDangerous(before, after)).toBe(true);
  });

  it("names an address of a provider that a variable decides", () => {
    const provider = (address: string) => ({ ...EMPTY, ...SWITCH, provider: { vault: [{ address }] } });

    expect(areDangerous(provider("https://a"), provider('${var.on ? "https://a" : "https://b"}'))).toBe(true);
  });

  it("names nothing if the expression stays", () => {
    const before = resource("vault_policy", { ...POLICY, count: "${var.on ? 1 : 0}" }, SWITCH);

    expect(changesOf(before, { ...before, locals: { other: "a" } })).toEqual([]);
  });
});

describe("access diff of what selects and connects", () => {
  it.each([
    ["id", { id: "vpc-1" }, { id: "vpc-2" }],
    ["tags", { tags: { Name: "a" } }, { tags: { Name: "b" } }],
  ])("names another %s of a data source", (_what, before, after) => {
    expect(changesOf(data("aws_vpc", before), data("aws_vpc", after))).toHaveLength(1);
  });

  it("names another provider of a resource of Vault", () => {
    const of = (provider: string) => resource("vault_audit", { type: "file", provider });

    expect(areDangerous(of("vault.one"), of("vault.other"))).toBe(true);
  });

  it("names an output that another stack reads", () => {
    const remote = { data: { terraform_remote_state: { R: { backend: "s3" } } } };
    const of = (value: string) => ({ "p-foundation": { output: { role: { value } } }, "p-config": remote });
    const compare = (value: string) =>
      accessDiff([environmentOf(of("a"))], [environmentOf(of(value))]).flatMap(({ changes }) => changes);

    expect(compare("b").some(isDangerous)).toBe(true);
    expect(compare("a")).toEqual([]);
  });

  it("does not follow a moved block in another stack", () => {
    const topics = (reference: string) => ({
      resource: {
        aws_sns_topic: { A: { name: "a" }, B: { name: "b" } },
        aws_lambda_permission: { P: { source_arn: reference } },
      },
    });
    const before = {
      "p-foundation": { resource: { aws_sns_topic: { A: { name: "x" } } } },
      "p-config": topics("${aws_sns_topic.A.arn}"),
    };
    const after = {
      "p-foundation": {
        moved: [{ from: "aws_sns_topic.A", to: "aws_sns_topic.B" }],
        resource: { aws_sns_topic: { B: { name: "x" } } },
      },
      "p-config": topics("${aws_sns_topic.B.arn}"),
    };
    const changes = accessDiff([environmentOf(before)], [environmentOf(after)]).flatMap((it) => it.changes);

    expect(changes.some(isDangerous)).toBe(true);
  });

  it("names another content of blocks of an unknown number", () => {
    const role = (verbs: readonly string[]) => {
      const blocks = { for_each: "${var.rules}", content: { resources: ["${rule.value}"], verbs } };
      return resource("kubernetes_role_v1", { metadata: { name: "a" }, dynamic: { rule: blocks } });
    };

    expect(changesOf(role(["get"]), role(["*"]))).not.toEqual([]);
    expect(changesOf(role(["get"]), role(["get"]))).toEqual([]);
  });

  it("tells expressions apart that differ in a brace or a quote", () => {
    const of = (text: string) => resource("aws_lambda_permission", { source_arn: text });

    expect(changesOf(of('${replace(var.a, "{", "x")}'), of('${replace(var.a, "}", "x")}'))).toHaveLength(1);
    expect(changesOf(of(`\${f(var.a, "a','b")}`), of('${f(var.a, "a","b")}'))).toHaveLength(1);
    expect(changesOf(of("${f({a = var.a})}"), of("${f({a  =  var.a})}"))).toEqual([]);
  });
});

describe("access diff of attributes that look harmless", () => {
  it.each(["labels", "annotations"])("names other %s of a pod", (name) => {
    const pod = (value: string) =>
      resource("kubernetes_pod_v1", { metadata: { name: "p", [name]: { a: value } }, spec: {} });

    expect(changesOf(pod("1"), pod("2"))).toHaveLength(1);
  });

  it("names tags of AWS only if a policy has a condition on tags", () => {
    const topic = (team: string, policy: string) => ({
      resource: {
        aws_iam_role: { A: { name: "a", tags: { team } } },
        aws_iam_role_policy: { P: { role: "a", policy } },
      },
    });
    const statement = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };
    const condition = { StringEquals: { "aws:PrincipalTag/team": "admin" } };
    const [plain, tagged] = [statement, { ...statement, Condition: condition }].map((it) =>
      JSON.stringify({ Statement: [it] }),
    );

    expect(changesOf(topic("a", plain), topic("admin", plain))).toEqual([]);
    expect(areDangerous(topic("a", tagged), topic("admin", tagged))).toBe(true);
  });

  it("names the type of a value of a chart", () => {
    const release = (type?: string) =>
      resource("helm_release", { name: "a", chart: "a", set: [{ name: "on", value: "false", type }] });

    expect(changesOf(release(), release("string"))).toHaveLength(1);
  });

  it("needs an approval for a trigger that replaces a mount", () => {
    const mount = (lifecycle: Json) => resource("vault_mount", { path: "kv", type: "kv", lifecycle });

    expect(areDangerous(mount({}), mount({ replace_triggered_by: ["terraform_data.A"] }))).toBe(true);
  });

  it("finds that a moved block does not save an object if another one is at its address", () => {
    const keys = { A: { deletion_window_in_days: 7 }, B: { deletion_window_in_days: 7 } };
    const after = {
      moved: [{ from: "aws_kms_key.A", to: "aws_kms_key.B" }],
      resource: { aws_kms_key: { B: keys.B } },
    };

    expect(areDangerous({ resource: { aws_kms_key: keys } }, after)).toBe(true);
  });

  it("follows a moved block to a free address", () => {
    const before = resource("aws_s3_bucket", { bucket: "a" });
    const moved = [{ from: "aws_s3_bucket.A", to: "aws_s3_bucket.B" }];

    expect(changesOf(before, { moved, resource: { aws_s3_bucket: { B: { bucket: "a" } } } })).toEqual([]);
  });

  it.each([
    ["vault_jwt_auth_backend_role", { backend: "jwt", role_name: "a" }, { expiration_leeway: 99999999 }],
    ["vault_mount", { path: "db", type: "database" }, { max_lease_ttl_seconds: 99999999 }],
    [
      "vault_auth_backend",
      { type: "userpass" },
      { tune: { user_lockout_config: { lockout_duration: "1s" } } },
    ],
  ])("does not call a value of %s narrower than Vault's default", (type, body, argument) => {
    const directions = changesOf(resource(type, body), resource(type, { ...body, ...argument })).map(
      ({ direction }) => direction,
    );

    expect(directions).toContain("changed");
  });

  it("names annotations of a Service", () => {
    const service = (value: string) =>
      resource("kubernetes_service_v1", {
        metadata: { name: "a", annotations: { hostname: value } },
        spec: {},
      });

    expect(changesOf(service("a"), service("b"))).toHaveLength(1);
  });

  it("finds programs in checks, in removed blocks and behind a trigger", () => {
    const program = { data: { external: { A: { program: ["a"] } } } };
    const removed = { from: "terraform_data.A", provisioner: { "local-exec": { command: "a" } } };
    const runner = (input: string) =>
      resource("terraform_data", { input, provisioner: { "local-exec": { command: "echo ${self.input}" } } });

    expect(areDangerous(EMPTY, { ...EMPTY, check: { C: program } })).toBe(true);
    expect(areDangerous(EMPTY, { ...EMPTY, removed: [removed] })).toBe(true);
    expect(areDangerous(runner("a"), runner("b"))).toBe(true);
  });

  it("needs an approval for an import", () => {
    const namespace = resource("kubernetes_namespace_v1", { metadata: { name: "vault" } });
    const after = { ...namespace, import: [{ to: "kubernetes_namespace_v1.A", id: "vault" }] };

    expect(areDangerous(EMPTY, namespace)).toBe(false);
    expect(areDangerous(EMPTY, after)).toBe(true);
  });
});

describe("access diff of other files of a stack", () => {
  it.each(["override.tf.json", "extra.tf", "terraform.tfvars"])("names %s", (name) => {
    const read = (content: string) =>
      inFolder((folder) => {
        const stack = join(folder, "stacks", "production-config");
        mkdirSync(stack, { recursive: true });
        writeFileSync(join(stack, "cdk.tf.json"), "{}");
        writeFileSync(join(stack, name), content);
        return readSynthesized(folder);
      });

    expect(
      accessDiff(read("a"), read("b"))
        .flatMap(({ changes }) => changes)
        .some(isDangerous),
    ).toBe(true);
    expect(accessDiff(read("a"), read("a")).flatMap(({ changes }) => changes)).toEqual([]);
  });
});

describe("access diff of what runs beside Vault", () => {
  const pod = (more: Json, namespace: string) =>
    resource("kubernetes_deployment_v1", {
      metadata: { name: "a", namespace },
      spec: { template: { spec: { container: [{ name: "a", image: "a", ...more }] } } },
    });

  it.each([
    ["a user", { security_context: { run_as_user: 0 } }],
    ["a mount", { volume_mount: [{ name: "a", mount_path: "/bin" }] }],
    ["certificates", { env: [{ name: "SSL_CERT_FILE", value: "/a" }] }],
  ])("needs an approval for %s of a pod in Vault's namespace only", (_what, more) => {
    expect(areDangerous(pod({}, "vault"), pod(more, "vault"))).toBe(true);
    expect(areDangerous(pod({}, "app"), pod(more, "app"))).toBe(false);
  });

  it.each(["image:\n  repository: evil/a", "extraObjects:\n  - a: b"])(
    "needs an approval for the value %j of any chart",
    (values) => {
      const release = (list: readonly string[]) =>
        resource("helm_release", { name: "a", namespace: "a", chart: "a", values: list });

      expect(areDangerous(release(["a: b"]), release(["a: b", values]))).toBe(true);
    },
  );

  it.each([
    ["", "persistentvolumes"],
    ["", "services"],
    ["cert-manager.io", "certificates"],
    ["external-secrets.io", "clustersecretstores"],
    ["apiextensions.k8s.io", "customresourcedefinitions"],
  ])("needs an approval for the right to change %s %s in the whole cluster", (group, name) => {
    const roles = {
      resource: {
        kubernetes_cluster_role_v1: {
          A: {
            metadata: { name: "a" },
            rule: [{ api_groups: [group], resources: [name], verbs: ["update"] }],
          },
        },
        kubernetes_cluster_role_binding_v1: {
          A: {
            metadata: { name: "a" },
            role_ref: { api_group: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "a" },
            subject: [{ api_group: "rbac.authorization.k8s.io", kind: "Group", name: "developers" }],
          },
        },
      },
    };

    expect(areDangerous(EMPTY, roles)).toBe(true);
  });
});

describe("access diff of permissions outside Vault", () => {
  const AWS = "vault_aws_secret_backend_role";
  const ADMINISTRATOR = JSON.stringify({ Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] });

  it.each([
    ["a policy of AWS", AWS, { policy_document: "{}" }, { policy_document: ADMINISTRATOR }],
    [
      "a role of Kubernetes",
      "vault_kubernetes_secret_backend_role",
      {},
      { kubernetes_role_name: "cluster-admin" },
    ],
    ["another user", "vault_database_secret_backend_static_role", { username: "app" }, { username: "other" }],
    ["another database", "vault_database_secret_backend_role", { db_name: "a" }, { db_name: "b" }],
  ])("needs an approval for %s", (_what, type, before, after) => {
    const role = (more: Json) => resource(type, { backend: "a", name: "a", ...more });

    expect(areDangerous(role(before), role(after))).toBe(true);
  });

  it("needs an approval for new credentials of AWS, and names those of an administrator", () => {
    const role = (policy: string) =>
      resource(AWS, { backend: "aws", name: "a", policy_arns: [`arn:aws:iam::aws:policy/${policy}`] });

    expect(areDangerous(EMPTY, role("AdministratorAccess"))).toBe(true);
    expect(areDangerous(EMPTY, role("job-function/Billing"))).toBe(true);
    expect(labelsBetween(EMPTY, role("AdministratorAccess"))).toContain("root");
    expect(labelsBetween(EMPTY, role("job-function/Billing"))).not.toContain("root");
  });

  it.each([
    "ALTER ROLE a SUPER/**/USER",
    "GRANT\nALL ON a TO b",
    'GRANT "postgres" TO a',
    "EXECUTE 'ALTER ROLE a SUP' || 'ERUSER'",
  ])("finds an administrator in the SQL %j", (sql) => {
    const role = (statements: readonly string[]) =>
      resource("vault_database_secret_backend_role", {
        backend: "db",
        name: "a",
        db_name: "a",
        creation_statements: statements,
      });

    expect(areDangerous(role(["CREATE ROLE a"]), role(["CREATE ROLE a", sql]))).toBe(true);
  });
});

describe("access diff of control groups", () => {
  const policy = (group: string) =>
    resource("vault_policy", { name: "a", policy: `path "a" { capabilities = ["read"]\n${group} }` });
  const group = (name: string, approvals: number, ttl = "1h") =>
    `control_group = { ttl = "${ttl}" factor "f" { identity { group_names = ["${name}"] approvals = ${approvals} } } }`;

  it.each([
    ["fewer approvals", group("ops", 1)],
    ["other approvers", group("all", 2)],
    ["a longer time", group("ops", 2, "99h")],
    ["no approval", ""],
  ])("needs an approval for %s", (_what, after) => {
    expect(areDangerous(policy(group("ops", 2)), policy(after))).toBe(true);
  });
});

describe("access diff of detours", () => {
  it("reads a secret of version 1 that is written to a path of policies", () => {
    const body = { path: "sys/policies/acl/app", data_json: JSON.stringify({ policy: POLICY.policy }) };

    expect(areDangerous(EMPTY, resource("vault_kv_secret", body))).toBe(true);
  });

  it.each([
    ["a program with a role", "aws_instance", { iam_instance_profile: "vault" }],
    ["a schedule with a role", "aws_scheduler_schedule", { target: { role_arn: "arn:aws:iam::1:role/a" } }],
    ["a stack of CloudFormation", "aws_cloudformation_stack", { name: "a" }],
    [
      "an application of Argo CD",
      "kubernetes_manifest",
      { manifest: { apiVersion: "argoproj.io/v1alpha1", kind: "Application", metadata: { name: "a" } } },
    ],
    [
      "a route to a service",
      "kubernetes_manifest",
      {
        manifest: { apiVersion: "gateway.networking.k8s.io/v1", kind: "HTTPRoute", metadata: { name: "a" } },
      },
    ],
  ])("needs an approval for %s", (_what, type, body) => {
    expect(areDangerous(EMPTY, resource(type, body))).toBe(true);
  });

  it("does not need an approval for an instance without a role", () => {
    expect(areDangerous(EMPTY, resource("aws_instance", { ami: "ami-1" }))).toBe(false);
  });

  it.each([
    ["the id of a resource that is a path", "${vault_generic_secret.Other.id}"],
    ["a symbol that is written out", "secret/data/{{terraform x.id}}/*"],
    ["every role of a mount with a long path", "team/a/aws/creds/*"],
  ])("needs an approval for a policy with %s", (_what, path) => {
    const stack = (paths: readonly string[]) => ({
      resource: {
        vault_aws_secret_backend: { A: { path: "team/a/aws" } },
        vault_generic_secret: { Other: { path: "secret/other", data_json: "{}" } },
        vault_policy: {
          A: {
            name: "app",
            policy: paths.map((it) => `path "${it}" { capabilities = ["read"] }`).join("\n"),
          },
        },
      },
    });

    expect(areDangerous(stack(["secret/data/app/a"]), stack(["secret/data/app/a", path]))).toBe(true);
  });
});
