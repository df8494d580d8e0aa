import { isDangerous } from "../../access/changes";
import { rowsOf } from "../../access/diff-rows";
import { verdictOf } from "../../access/diff-summary";
import { renderDiff } from "../../access/render-diff";
import { json } from "./support/aws-edits";
import type { Stack } from "./support/golden-platform";
import {
  describeRows,
  type Edit,
  type Edits,
  type Layer,
  type Production,
  productionDiff,
} from "./support/production";

const SERVICE = "production-payment-service";
const LAYERS: readonly Layer[] = ["account", "cluster", "config", "foundation", "workloads"];

const policy = (production: Production, name = `${SERVICE}_Binding_Policy`) =>
  production.resource("vault_policy", name);
const deployment = (production: Production) => production.resource("kubernetes_deployment_v1").spec as Stack;
const template = (production: Production) => deployment(production).template as Stack;
const container = (production: Production) => template(production).spec.container[0] as Stack;

/** Calls a function for each object of a JSON value. */
function visit(value: unknown, change: (object: Record<string, unknown>) => void): void {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) change(value as Record<string, unknown>);
  for (const item of Object.values(value)) visit(item, change);
}

/** Reverses the order of the keys of all objects. */
function reverseKeys(object: Record<string, unknown>): void {
  const entries = Object.entries(object).reverse();
  for (const key of Object.keys(object)) delete object[key];
  Object.assign(object, Object.fromEntries(entries));
}

/** Reverses unordered lists. */
const reverse =
  (...names: readonly string[]): Edit =>
  (production) => {
    for (const layer of LAYERS)
      visit(production.stack(layer), (object) => {
        for (const name of names) if (Array.isArray(object[name])) (object[name] as unknown[]).reverse();
      });
  };

/** Copies the blocks of the service with other names and another namespace. */
function addService(production: Production, name: string): void {
  const copied = (blocks: Stack, start: string, change: (text: string) => string) => {
    for (const ofType of Object.values(blocks) as Stack[]) {
      for (const key of Object.keys(ofType).filter((it) => it.startsWith(start))) {
        const copy = JSON.parse(change(JSON.stringify(ofType[key]))) as unknown;
        ofType[change(key)] = copy;
      }
    }
  };
  const own = (text: string) =>
    text
      .replaceAll("production-payment-service", `${name}-${name}`)
      .replaceAll("payment-service", name)
      .replaceAll("payments_app_rw", `${name}_app_rw`)
      .replaceAll('"namespace":"production"', `"namespace":"${name}"`)
      .replaceAll('namespaces":["production"]', `namespaces":["${name}"]`)
      .replaceAll("production.svc", `${name}.svc`)
      .replaceAll('namespace\\":\\"production\\"', `namespace\\":\\"${name}\\"`)
      .replaceAll('namespaces\\":[\\"production\\"]', `namespaces\\":[\\"${name}\\"]`);
  copied(production.stack("config").resource as Stack, SERVICE, own);
  copied(production.stack("workloads").resource as Stack, SERVICE, own);
  const namespace = (text: string) => text.replaceAll("production", name);
  copied(production.stack("cluster").resource as Stack, "Namespace-production", namespace);
  copied(production.stack("cluster").resource as Stack, "CaBundle_production", namespace);
  const connection = production.resource("vault_database_secret_backend_connection");
  connection.allowed_roles = [...(connection.allowed_roles as string[]), `${name}-role`];
}

describe("access diff of production", () => {
  it.each<[string, Edits]>([
    [
      "the order of the arguments of all blocks",
      (production) => {
        for (const layer of LAYERS) visit(production.stack(layer), reverseKeys);
      },
    ],
    [
      "the order of lists in IAM policies, roles of Vault and rules of the cluster",
      reverse(
        ...[
          "statement",
          "actions",
          "resources",
          "identifiers",
          "values",
          "token_policies",
          "allowed_domains",
        ],
        ...[
          "verbs",
          "api_groups",
          "resource_names",
          "subject",
          "policy_types",
          "ports",
          "allowed_redirect_uris",
        ],
      ),
    ],
    ["the order of the rules of network policies", reverse("ingress", "egress", "to", "from")],
    [
      "the order of the rules of policies",
      (production) => {
        for (const it of Object.values(production.all("vault_policy")) as Stack[])
          it.policy = (it.policy as string)
            .split(/(?<=^\}\n)/m)
            .reverse()
            .join("");
      },
    ],
    [
      "the order of capabilities",
      (production) => {
        for (const it of Object.values(production.all("vault_policy")) as Stack[])
          it.policy = (it.policy as string).replace(
            /capabilities = \[(.*)\]/g,
            (_, list: string) => `capabilities = [${list.split(", ").reverse().join(", ")}]`,
          );
      },
    ],
    [
      "another format of policies, with comments",
      (production) => {
        for (const it of Object.values(production.all("vault_policy")) as Stack[])
          it.policy = `# Comment\n${(it.policy as string).replaceAll("  capabilities = ", "\tcapabilities=").replaceAll("\n}", "\n\n} // end")}`;
      },
    ],
    [
      "a policy as JSON",
      (production) =>
        (policy(production).policy = JSON.stringify({
          path: {
            "pki/issue/payment-service": { capabilities: ["update", "create"] },
            "secret/data/payment-service/*": { capabilities: ["read"] },
            "database/creds/payment-service-role": { capabilities: ["read"] },
          },
        })),
    ],
    [
      "a policy as a local value",
      (production) => {
        production.stack("config").locals = { text: policy(production).policy as unknown };
        policy(production).policy = "${local.text}";
      },
    ],
    [
      "a policy of parts that a function joins",
      (production) => {
        const [first, ...rest] = (policy(production).policy as string).split(/(?<=^\}\n)/m);
        production.stack("config").locals = { first, rest: rest.join("") };
        policy(production).policy = '${join("", [local.first, local.rest])}';
      },
    ],
    [
      "an IAM policy as JSON",
      (production) =>
        (production.resource("aws_iam_role_policy", "Restore").policy = json(
          {
            Effect: "Allow",
            Action: "kms:Decrypt",
            Resource: "${aws_kms_key.Snapshots_Key_4567620F.arn}",
          },
          {
            Sid: "Read",
            Effect: "Allow",
            Action: ["s3:GetObject"],
            Resource: ["${aws_s3_bucket.Snapshots_Bucket_4B2233F7.arn}/*"],
          },
          {
            Effect: "Allow",
            Action: "s3:ListBucket",
            Resource: "${aws_s3_bucket.Snapshots_Bucket_4B2233F7.arn}",
          },
        )),
    ],
    [
      "an IAM policy by jsonencode instead of JSON",
      [
        (production) =>
          (production.resource("aws_iam_role_policy", "Restore").policy = json({
            Effect: "Allow",
            Action: "s3:ListBucket",
            Resource: "*",
          })),
        (production) =>
          (production.resource("aws_iam_role_policy", "Restore").policy =
            '${jsonencode({Statement = [{Resource = "*", Action = ["s3:ListBucket"], Effect = "Allow"}], Version = "2012-10-17"})}'),
      ],
    ],
    [
      "other names of the statements of IAM policies",
      (production) => {
        visit(production.stack("foundation").data, (object) => {
          if (typeof object.sid === "string") object.sid = `Renamed${object.sid}`;
        });
      },
    ],
    [
      "another path of a construct in the metadata",
      (production) => {
        for (const layer of LAYERS)
          for (const ofType of Object.values(production.stack(layer).resource) as Stack[])
            for (const it of Object.values(ofType) as Stack[])
              it["//"] = { metadata: { path: "other/path" } };
      },
    ],
    [
      "other descriptions, except of audit devices, which Terraform replaces then",
      (production) => {
        for (const layer of LAYERS)
          visit({ ...production.stack(layer).resource, vault_audit: {} }, (object) => {
            if (typeof object.description === "string") object.description += " (more)";
          });
      },
    ],
    [
      "labels of a workload",
      (production) => (production.resource("kubernetes_deployment_v1").metadata.labels.tier = "backend"),
    ],
    [
      "tags of AWS",
      (production) => {
        for (const type of ["aws_kms_key", "aws_s3_bucket", "aws_iam_role", "aws_secretsmanager_secret"])
          for (const it of Object.values(production.all(type, "foundation")) as Stack[])
            it.tags = { team: "platform" };
      },
    ],
    [
      "another address with a moved block",
      (production) => {
        const mounts = production.all("vault_mount");
        mounts.Renamed = mounts.Transit_D5AA4961 as unknown;
        delete mounts.Transit_D5AA4961;
        production.stack("config").moved = [
          { from: "vault_mount.Transit_D5AA4961", to: "vault_mount.Renamed" },
        ];
      },
    ],
    [
      "an explicit dependency",
      (production) =>
        (production.resource("vault_quota_rate_limit").depends_on = [
          "vault_policy.Jobs_Backup_Policy_4BC4FB5F",
        ]),
    ],
    [
      "a network policy with a range in two halves",
      [
        (production) =>
          production
            .resource("kubernetes_network_policy_v1", SERVICE)
            .spec.egress.push({ to: [{ ip_block: { cidr: "10.0.0.0/8" } }] }),
        (production) =>
          (production.resource("kubernetes_network_policy_v1", SERVICE).spec.egress.at(-1).to = [
            { ip_block: { cidr: "10.128.0.0/9" } },
            { ip_block: { cidr: "10.0.0.0/9" } },
          ]),
      ],
    ],
    [
      "a duration in another spelling",
      (production) =>
        (production.resource("vault_auth_backend", "People").tune[0].max_lease_ttl = "2764800s"),
    ],
    [
      "a default that is written out",
      (production) => (production.resource("vault_mount", "KeyValue").seal_wrap = false),
    ],
  ])("says nothing about %s", (_change, edits) => {
    expect(describeRows(productionDiff(edits))).toEqual([]);
  });

  it.each<[string, number, Edits]>([
    [
      "another tag of an image",
      1,
      (production) => (container(production).image = "myorg/payment-service:v1.2.4"),
    ],
    ["replicas", 1, (production) => (deployment(production).replicas = "5")],
    [
      "limits of a container",
      1,
      (production) => (container(production).resources = { limits: { cpu: "1", memory: "512Mi" } }),
    ],
    [
      "an annotation of pods",
      1,
      (production) => (template(production).metadata.annotations["example.com/note"] = "x"),
    ],
    [
      "an annotation of a ServiceAccount",
      1,
      (production) =>
        (production.resource("kubernetes_service_account_v1", SERVICE).metadata.annotations = {
          "example.com/note": "x",
        }),
    ],
    [
      "a probe of a container",
      1,
      (production) => (container(production).readiness_probe.period_seconds = 10),
    ],
    [
      "a variable of a service",
      1,
      (production) =>
        (container(production).env = [
          ...(container(production).env ?? []),
          { name: "LOG_LEVEL", value: "debug" },
        ]),
    ],
    [
      "the version of a chart",
      1,
      (production) => (production.resource("helm_release", "CertManager").version = "v1.21.2"),
    ],
    [
      "replicas of a chart",
      1,
      (production) => production.release("CertManager", (values) => (values.replicaCount = 3)),
    ],
    [
      "resources of Vault",
      1,
      (production) => production.release("Vault_2", ({ server }) => (server.resources.limits.memory = "4Gi")),
    ],
    [
      "the log level of Vault",
      1,
      (production) => production.release("Vault_2", ({ server }) => (server.logLevel = "debug")),
    ],
    [
      "the version of Vault",
      2,
      (production) => production.release("Vault_2", ({ server }) => (server.image.tag = "1.21.1")),
    ],
    [
      "the schedule of backups",
      1,
      (production) => (production.resource("kubernetes_cron_job_v1", "Backup").spec.schedule = "30 * * * *"),
    ],
    [
      "a text of an alert",
      1,
      (production) =>
        production.release("Monitoring_Alerts", ({ resources }) => {
          resources[0].spec.groups[0].rules[0].annotations.summary = "Other words";
        }),
    ],
    [
      "a longer lock of snapshots",
      3,
      (production) =>
        (production.resource(
          "aws_s3_bucket_object_lock_configuration",
          "Snapshots_Lock",
        ).rule.default_retention.days = 120),
    ],
    [
      "a required version of Terraform",
      1,
      (production) => (production.stack("config").terraform.required_version = ">= 1.9"),
    ],
    ["a new service in its own namespace", 18, (production) => addService(production, "invoice")],
  ])("says nothing dangerous about %s, in %i rows at most", (_change, most, edits) => {
    const diffs = productionDiff(edits);

    expect(
      diffs
        .flatMap(({ changes }) => changes)
        .filter(isDangerous)
        .map(({ subject, what, labels }) => [subject, what, labels]),
    ).toEqual([]);
    expect(["wider", "changed", "same", "narrower"]).toContain(verdictOf(diffs));
    expect(rowsOf(diffs).length).toBeLessThanOrEqual(most);
    // What reviewers see before they open the details.
    const [visible] = renderDiff(diffs, "markdown").split("<details>");
    expect(visible.split("\n").length).toBeLessThan(14 + most);
  });
});
