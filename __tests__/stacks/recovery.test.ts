import { type App, type TerraformStack, Testing } from "cdktf";
import { evaluate } from "../../hardening/evaluate";
import { drProduction } from "../../environments/dr-production";
import { production } from "../../environments/production";
import type { EnvironmentDefinition } from "../../platform/schema";
import { buildPlatform } from "../../stacks";

const servingDefinition = { ...drProduction, recovers: { environment: "production", isActive: true } };

function platform(recovery: EnvironmentDefinition): App {
  const app = Testing.app() as App;
  buildPlatform(app, [production, recovery]);
  return app;
}

const apps = { standby: platform(drProduction), serving: platform(servingDefinition) };
type Phase = keyof typeof apps;
const phases = Object.keys(apps) as Phase[];

const stack = (phase: Phase, name: string) => apps[phase].node.findChild(name) as TerraformStack;
// eslint-disable-next-line @typescript-eslint/no-explicit-any
const written = new Map<string, any>();
const json = (phase: Phase, name: string) => {
  const key = `${phase}/${name}`;
  if (!written.has(key)) written.set(key, stack(phase, name).toTerraform());
  return written.get(key);
};
// eslint-disable-next-line @typescript-eslint/no-explicit-any
const all = (phase: Phase, layer: string, type: string): any[] =>
  Object.values(json(phase, `dr-production-${layer}`).resource[type] ?? {});

/** Names and environment variables of the jobs in the cluster layer. */
function jobs(phase: Phase): Map<string, Record<string, string>> {
  const found = [
    ...all(phase, "cluster", "kubernetes_cron_job_v1"),
    ...all(phase, "cluster", "kubernetes_job_v1"),
  ];
  return new Map(
    found.map(({ metadata, spec }) => {
      const pod = (spec.job_template?.spec ?? spec).template.spec;
      const env = [...(pod.init_container ?? []), ...pod.container].flatMap((container) => container.env);
      return [
        metadata.name.replace(/-[0-9a-f]{8}$/, ""),
        Object.fromEntries(env.map(({ name, value }: { name: string; value: string }) => [name, value])),
      ];
    }),
  );
}

function statements(document: string): { sid: string; actions: string[]; resources: string[] }[] {
  const documents = json("standby", "dr-production-foundation").data.aws_iam_policy_document;
  const [, { statement }] = Object.entries<{ statement: [] }>(documents).find(([id]) =>
    id.startsWith(document),
  )!;
  return statement;
}

test("builds foundation and cluster on standby, and every layer once active", () => {
  const layers = (phase: Phase) =>
    apps[phase].node.children.map(({ node }) => node.id).filter((id) => id.startsWith("dr-production"));
  expect(layers("standby")).toEqual(["dr-production-foundation", "dr-production-cluster"]);
  expect(layers("serving")).toEqual([
    "dr-production-foundation",
    "dr-production-cluster",
    "dr-production-config",
    "dr-production-workloads",
  ]);
});

test("initializes no server and stores no shares, because both come with the data", () => {
  for (const phase of phases) {
    expect(jobs(phase).has("vault-bootstrap")).toBe(false);
    expect(all(phase, "foundation", "aws_secretsmanager_secret")).toEqual([]);
    const accounts = all(phase, "cluster", "kubernetes_service_account_v1");
    expect(accounts.map(({ metadata }) => metadata.name)).toContain("vault-terraform");
  }
});

test("restores and tests the copies on standby, and backs up its data once active", () => {
  const copies = "vault-snapshots-production-333333333333-us-west-2";
  const own = "vault-snapshots-dr-production-333333333333-us-west-2";
  expect([...jobs("standby").keys()].sort()).toEqual(["vault-restore", "vault-restore-drill"]);
  expect([...jobs("serving").keys()].sort()).toEqual([
    "vault-backup",
    "vault-restore",
    "vault-restore-drill",
    "vault-rollout",
  ]);
  for (const job of ["vault-restore", "vault-restore-drill"]) {
    expect(jobs("standby").get(job)).toMatchObject({ BUCKET: copies, CANARY_VALUE: "production" });
    expect(jobs("serving").get(job)).toMatchObject({ BUCKET: own, CANARY_VALUE: "production" });
  }
  expect(jobs("serving").get("vault-backup")).toMatchObject({ BUCKET: own });
});

test("creates only the key of its snapshots", () => {
  expect(all("standby", "foundation", "aws_kms_alias").map(({ name }) => name)).toEqual([
    "alias/dr-production-vault-snapshots",
  ]);
  expect(all("standby", "foundation", "aws_kms_key")).toHaveLength(1);
});

test("lets servers and drill use only the replica of the original's key, by its alias", () => {
  for (const role of ["Server_Permissions", "Drill_Permissions"]) {
    expect(statements(role)).toContainEqual({
      sid: "Unseal",
      actions: ["kms:Encrypt", "kms:Decrypt", "kms:DescribeKey"],
      resources: ["arn:aws:kms:us-west-2:333333333333:key/*"],
      condition: [
        {
          test: "ForAnyValue:StringEquals",
          variable: "kms:ResourceAliases",
          values: ["alias/vault-unseal-key"],
        },
      ],
    });
  }
});

test("lets the restore read the copies and its own snapshots, and write neither", () => {
  const found = statements("Restore_Permissions");
  expect(found.map(({ sid }) => sid)).toEqual([
    "FindLatestCopy",
    "FetchCopy",
    "DecryptCopy",
    "FindLatest",
    "Fetch",
    "Decrypt",
  ]);
  expect(new Set(found.flatMap(({ actions }) => actions))).toEqual(
    new Set(["s3:ListBucket", "s3:GetObject", "kms:Decrypt"]),
  );
});

test("cannot change the original's key and copies", () => {
  const written = [...statements("Deploy_Permissions"), ...statements("BoundaryDocument")];
  const text = JSON.stringify(written);
  expect(text).not.toContain("alias/vault-unseal-key");
  expect(text).not.toContain("alias/production-vault");
  const reaching = written.filter(({ resources }) =>
    JSON.stringify(resources).includes("vault-snapshots-production"),
  );
  expect(reaching.map(({ sid, actions }) => ({ sid, actions }))).toEqual([
    { sid: "RecoveredSnapshots", actions: ["s3:GetObject", "s3:ListBucket"] },
  ]);
});

test("trusts only its own cluster", () => {
  const trusts = JSON.stringify(json("standby", "dr-production-foundation").data.aws_iam_policy_document);
  expect(trusts).toContain(drProduction.kubernetes.oidcProvider);
  expect(trusts).not.toContain(production.kubernetes.oidcProvider);
});

test("deploys the original's canary, at the original's addresses", () => {
  const config = JSON.stringify(json("serving", "dr-production-config").resource.vault_kv_secret_v2);
  expect(config).toContain(String.raw`{\"value\":\"production\"}`);
  // Equal addresses allow the standby to use the original's state.
  const addresses = (name: string) =>
    Object.entries<object>(json("serving", name).resource).flatMap(([type, found]) =>
      Object.keys(found).map((id) => `${type}.${id}`),
    );
  expect(addresses("dr-production-config")).toEqual(addresses("production-config"));
});

test("sends no alerts for empty servers on standby", () => {
  const releases = (phase: Phase) => all(phase, "cluster", "helm_release").map(({ name }) => name);
  expect(releases("standby")).not.toContain("vault-alerts");
  expect(releases("serving")).toContain("vault-alerts");
});

test.each(phases)("complies with the hardening rules: %s", (phase) => {
  const { errors, warnings } = evaluate(apps[phase]);
  expect(errors).toEqual([]);
  expect([...new Set(warnings.map(({ rule }) => rule.id))]).toEqual([
    "mutual-tls",
    "recovery-shares-encryption",
  ]);
});
