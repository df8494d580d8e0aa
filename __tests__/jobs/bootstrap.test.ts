import type { JobV1 } from "@cdktf/provider-kubernetes/lib/job-v1";
import { grantDeploy } from "../../constructs/auth/access-levels";
import { Policy } from "../../constructs/auth/policy";
import { renderPolicy } from "../../constructs/policy/render-policy";
import { DatabaseEngine } from "../../constructs/engines/database-engine";
import { KeyValueEngine } from "../../constructs/engines/key-value-engine";
import { PkiEngine } from "../../constructs/engines/pki-engine";
import { TransitEngine } from "../../constructs/engines/transit-engine";
import { deployPolicy } from "../../constructs/jobs/bootstrap-policies";
import { parsePolicy } from "../../constructs/policy/vault-policy";
import { vaultStack } from "../support/vault-stack";
import { Bootstrap, type BootstrapProps } from "../../constructs/jobs/bootstrap";
import { vaultAt } from "../../constructs/server/vault";
import { Duration } from "../../constructs/core/duration";
import { testWithTerraform } from "../support/terraform";
import { environmentOf, jobStack, podOf, synthesizeJob } from "./jobs";

const PGP = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQENBF\n-----END PGP PUBLIC KEY BLOCK-----\n";

const props: BootstrapProps = {
  vault: vaultAt(),
  replicas: 3,
  images: { vault: "hashicorp/vault:1.21.0", awsCli: "public.ecr.aws/aws-cli/aws-cli:2.31.0" },
  roleArn: "arn:aws:iam::111111111111:role/production-vault-bootstrap",
  region: "us-east-1",
  recoverySecrets: [1, 2, 3, 4, 5].map((share) => `production/vault/recovery-key-${share}`),
};

const withProps = (change: Partial<BootstrapProps> = {}) =>
  synthesizeJob((stack) => new Bootstrap(stack, "Bootstrap", { ...props, ...change }));
const job = (change?: Partial<BootstrapProps>) => withProps(change).resource("kubernetes_job_v1");
const environment = (change?: Partial<BootstrapProps>) => environmentOf(podOf(job(change)).containers[1]);

test("runs check, initialise, store and configure in the image with the command", () => {
  const { containers } = podOf(job());
  expect(containers.map(({ name, image, command }) => [name, image, command[1]])).toEqual([
    ["check", props.images.awsCli, "/scripts/bootstrap-check.sh"],
    ["initialise", props.images.vault, "/scripts/bootstrap-init.sh"],
    ["store", props.images.awsCli, "/scripts/bootstrap-store.sh"],
    ["configure", props.images.vault, "/scripts/bootstrap-configure.sh"],
  ]);
});

test("creates five shares with a threshold of three and a deadline of 15 minutes by default", () => {
  expect(environment()).toMatchObject({
    RECOVERY_SECRETS: props.recoverySecrets.join(" "),
    RECOVERY_THRESHOLD: "3",
    RECOVERY_PGP_KEYS: "",
    REPLACES_CLUSTER: "",
  });
  expect(job().spec.active_deadline_seconds).toBe(900);
  expect(job().timeouts.create).toBe("1020s");
});

test("names every server by its pod and their volumes in the wipe command", () => {
  const { VAULT_SERVERS, WIPE_COMMAND } = environment();
  expect(VAULT_SERVERS.split(" ")).toEqual([
    "https://vault-0.vault-internal.vault.svc:8200",
    "https://vault-1.vault-internal.vault.svc:8200",
    "https://vault-2.vault-internal.vault.svc:8200",
  ]);
  expect(WIPE_COMMAND).toBe(
    "kubectl -n vault scale statefulset vault --replicas=0" +
      " && kubectl -n vault delete persistentvolumeclaim data-vault-0 data-vault-1 data-vault-2" +
      " && kubectl -n vault scale statefulset vault --replicas=3",
  );
});

test("uses another namespace and release", () => {
  const vault = vaultAt({ namespace: "secrets", releaseName: "team-vault" });
  expect(environment({ vault, replicas: 1 }).VAULT_SERVERS).toBe(
    "https://team-vault-0.team-vault-internal.secrets.svc:8200",
  );
  expect(job({ vault }).metadata.namespace).toBe("secrets");
});

test("accepts threshold, timeout, ServiceAccount and a cluster to replace", () => {
  const change = {
    threshold: 4,
    timeout: Duration.hours(2),
    serviceAccountName: "starter",
    replacesCluster: "6d8b6a8e-0000-0000-0000-000000000000",
  };
  expect(environment(change)).toMatchObject({
    RECOVERY_THRESHOLD: "4",
    TIMEOUT_SECONDS: "7140",
    BOOTSTRAP_SERVICE_ACCOUNT: "starter",
    REPLACES_CLUSTER: "6d8b6a8e-0000-0000-0000-000000000000",
  });
});

test("passes one PGP key per share", () => {
  const pgpKeys = [1, 2, 3, 4, 5].map((custodian) => PGP.replace("mQENBF", `mQENBF${custodian}`));
  expect(environment({ pgpKeys }).RECOVERY_PGP_KEYS).toBe(
    "/scripts/share-1.asc,/scripts/share-2.asc,/scripts/share-3.asc,/scripts/share-4.asc,/scripts/share-5.asc",
  );
  expect(withProps({ pgpKeys }).resource("kubernetes_config_map_v1").data["share-4.asc"]).toBe(pgpKeys[3]);
});

test("creates ServiceAccounts for Job and Terraform, with an AWS role for the Job only", () => {
  const accounts = withProps().resources("kubernetes_service_account_v1");
  expect(accounts.map(({ metadata }) => [metadata.name, metadata.annotations])).toEqual([
    ["vault-terraform", undefined],
    ["vault-bootstrap", { "eks.amazonaws.com/role-arn": props.roleArn }],
  ]);
  expect(accounts.map((it) => it.automount_service_account_token)).toEqual([false, false]);
});

test("derives the Job's name from its inputs", () => {
  const { name } = job().metadata;
  expect(name).toMatch(/^vault-bootstrap-[0-9a-f]{8}$/);
  expect(job().metadata.name).toBe(name);
  expect(job({ threshold: 2 }).metadata.name).not.toBe(name);
  expect(job({ images: { ...props.images, vault: "hashicorp/vault:1.21.1" } }).metadata.name).not.toBe(name);
});

test("writes the policies beside the scripts", () => {
  const { data } = withProps().resource("kubernetes_config_map_v1");
  expect(data["deploy-policy.hcl"]).toContain('path "secret/data/*" {\n  capabilities = ["deny"]');
  expect(data["bootstrap-policy.hcl"]).toContain('path "auth/token/revoke-accessor"');
});

test("gives Terraform the deploy level's policy except for the paths of the bootstrap", () => {
  const stack = vaultStack();
  const policy = new Policy(stack, "Policy", { policyName: "deploy" });
  const grantee = Object.assign(policy, { tokenMaxTtl: Duration.hours(1), isPeriodic: false });
  const pki = new PkiEngine(stack, "Pki", { organization: "Example", vault: vaultAt() });
  const engines = [KeyValueEngine, DatabaseEngine, TransitEngine].map((it) => new it(stack, it.name));
  grantDeploy(grantee, [...engines, pki]);
  const [level, bootstrap] = [renderPolicy(policy.rules), deployPolicy()].map(
    (text) => new Map(parsePolicy(text).map(({ path, ...rest }) => [path, rest])),
  );
  const differing = [...new Set([...level.keys(), ...bootstrap.keys()])].filter(
    (path) => JSON.stringify(level.get(path)) !== JSON.stringify(bootstrap.get(path)),
  );
  expect(differing.map((path) => [path, bootstrap.get(path)?.capabilities]).sort()).toEqual([
    ["identity/mfa/method/totp/admin-*", undefined],
    ["pki-root/issuer/+/sign-intermediate", ["update"]],
    ["secret/data/vault-platform/canary", ["create", "read", "update", "delete"]],
    ["sys/mfa/method/totp/+/admin-*", undefined],
    ["sys/policies/acl/terraform-*", ["read"]],
    ["sys/policy/terraform-*", ["read"]],
  ]);
});

test("repeats Terraform's denials in each Enterprise namespace", () => {
  const policyOf = (change: Partial<BootstrapProps>) =>
    withProps(change).resource("kubernetes_config_map_v1").data["deploy-policy.hcl"] as string;
  const paths = (policy: string) => [...policy.matchAll(/^path "(.+)" \{$/gm)].map(([, path]) => path);
  const [without, policy] = [policyOf({}), policyOf({ namespacesBelow: "teams" })];
  expect(paths(policy).sort()).toEqual(
    [
      ...paths(without),
      ...paths(without)
        .filter((path) => !["*", "secret/data/vault-platform/canary"].includes(path))
        .map((path) => `teams/+/${path}`),
      "teams/auth/*",
      "teams/identity/*",
      "teams/sys/*",
      "teams/sys/namespaces/*",
    ].sort(),
  );
  expect(policy).toContain('path "teams/+/secret/data/*" {\n  capabilities = ["deny"]\n}');
  expect(policy).toMatch(/path "teams\/\+\/identity\/group" \{\n.+\n {2}denied_parameters \{\n/);
});

test.each<[string, Partial<BootstrapProps>, string]>([
  ["a threshold of one", { threshold: 1 }, "threshold must be 2 to the number of recoverySecrets"],
  ["a threshold above the shares", { threshold: 6 }, "got 6 of 5"],
  [
    "a secret for two shares",
    { recoverySecrets: ["a", "b", "a"] },
    'recoverySecrets must be one secret per share, each named once, got ["a","b","a"]',
  ],
  ["a PGP key short", { pgpKeys: [PGP] }, "pgpKeys must be one per share, 5, or none, got 1"],
  [
    "a private PGP key, which is not repeated,",
    { pgpKeys: Array(5).fill("-----BEGIN PGP PRIVATE KEY BLOCK-----") },
    "pgpKeys[0] must be an armored public key (-----BEGIN PGP PUBLIC KEY BLOCK-----); what was received is not shown",
  ],
  ["no server", { replicas: 0 }, "replicas must be 1 or more servers, got 0"],
  ...["", "teams/", "/teams", "teams/+"].map((path): [string, Partial<BootstrapProps>, string] => [
    `a namespace at ${JSON.stringify(path)}, in which denials would hold for nothing,`,
    { namespacesBelow: path },
    `namespacesBelow must be names parted by single slashes, such as teams/payments, got "${path}"`,
  ]),
  ["too short a time", { timeout: Duration.minutes(1) }, "timeout must be 5 minutes or more, got 1m"],
  [
    "a Vault whose servers have no names",
    { vault: { ...vaultAt(), address: "https://vault.example.com" } },
    'vault.address must be that of a Service, https://<release>.<namespace>.svc:8200, so that its servers are known, got "https://vault.example.com"',
  ],
])("rejects %s", (_title, change, message) => {
  expect(() => withProps(change)).toThrow(message);
  expect(() => withProps(change)).toThrow("[test/Bootstrap");
});

test("returns the Job from node.defaultChild", () => {
  const output = synthesizeJob((stack) => {
    const bootstrap = new Bootstrap(stack, "Bootstrap", props);
    (bootstrap.node.defaultChild as JobV1).addOverride("spec.backoff_limit", 0);
  });
  expect(output.resource("kubernetes_job_v1").spec.backoff_limit).toBe(0);
});

testWithTerraform(["kubernetes"], "plans the Job without a cluster", (plan) => {
  const planned = plan(jobStack((stack) => new Bootstrap(stack, "Bootstrap", props)));
  const [{ spec }] = planned.resources("kubernetes_job_v1");
  expect(spec[0].template[0].spec[0].init_container).toHaveLength(3);
  const [{ data }] = planned.resources("kubernetes_config_map_v1");
  expect(data["common.sh"]).toContain("${WORK_DIR:=/work}");
});
