import { readFileSync } from "node:fs";
import { join } from "node:path";
import { bootstrapNames } from "../../constructs/jobs/bootstrap-names";
import { drillRules } from "../../constructs/jobs/restore-drill";
import { caFile } from "../../local/certificates";
import { kubernetesUrl, names } from "../../local/platform";
import { run } from "../../cli/processes";
import { Job, aws, awsEnvironment, programsPath } from "./jobs";
import { OwnVault } from "./own-vault";
import { Snapshots, leftovers, runDrill } from "./snapshots";
import { eventually, ports } from "./support";

let snapshots: Snapshots;
let drill: Job;
beforeAll(async () => {
  snapshots = await Snapshots.take();
});
afterAll(() => snapshots?.remove());

beforeEach(async () => {
  drill = await Job.prepare("vault-restore-drill");
});
afterEach(() => drill.remove());

async function expectFailure(cause: string, changed: Record<string, string>): Promise<void> {
  const { code, output } = await runDrill(drill, { BUCKET: snapshots.bucket, ...changed });
  expect({ code, output }).toEqual({ code: 64, output: expect.stringContaining(cause) });
  expect(output).not.toContain("The copy serves");
  expect(leftovers(drill)).toEqual([]);
}

test("fails on a snapshot that was sealed with another unseal key", async () => {
  // Key in another region: within a region, the emulator allows everyone to use every key.
  const inRegion = ["--region", "eu-west-1"];
  const alias = [...inRegion, "--alias-name", names.unsealKeyAlias];
  const { KeyMetadata: key } = JSON.parse(await aws("kms", "create-key", ...inRegion));
  await aws("kms", "create-alias", ...alias, "--target-key-id", key.KeyId);
  try {
    await snapshots.upload(snapshots.content());
    await expectFailure("another key than the original's, or another cluster's snapshot", {
      // The environment takes precedence over the configuration.
      AWS_REGION: inRegion[1],
      AWS_DEFAULT_REGION: inRegion[1],
      TIMEOUT_SECONDS: "30",
    });
  } finally {
    await aws("kms", "delete-alias", ...alias);
  }
});

describe("a snapshot of another cluster", () => {
  let other: OwnVault;
  let content: Buffer;
  beforeAll(async () => {
    // Same unseal key: with another one, the copy would not unseal.
    other = await OwnVault.start({ keyId: names.unsealKeyAlias });
    const root = await other.initialise();
    await giveDrillAccess(other, root, "another environment");
    const file = join(snapshots.folder, "other.snap");
    const saved = await run("vault", ["operator", "raft", "snapshot", "save", file], {
      env: {
        ...awsEnvironment,
        PATH: await programsPath(),
        HOME: snapshots.folder,
        VAULT_ADDR: other.addresses[0],
        VAULT_CACERT: caFile,
        VAULT_TOKEN: root,
      },
    });
    expect(saved).toMatchObject({ code: 0 });
    content = readFileSync(file);
  });
  afterAll(() => other?.stop());

  test("is rejected by its cluster id at the place of the original's snapshot", async () => {
    await snapshots.upload(content);
    await expectFailure("another cluster's snapshot", { TIMEOUT_SECONDS: "30" });
  });

  test("is rejected by its canary if its metadata names its own cluster", async () => {
    const { cluster_id: cluster } = await other.done("GET", "sys/health");
    await snapshots.upload(content, { cluster });
    await expectFailure(
      "says 'another environment', not 'local': the snapshot is of another environment",
      {},
    );
  });
});

/** Creates the resources for the drill as the config stack does. */
async function giveDrillAccess(vault: OwnVault, root: string, canary: string): Promise<void> {
  const policy = drillRules()
    .map(({ path, capabilities }) => `path "${path}" { capabilities = ${JSON.stringify(capabilities)} }`)
    .join("\n");
  await vault.done("PUT", "sys/policies/acl/drill", root, { policy });
  await vault.done("POST", "sys/mounts/secret", root, { type: "kv", options: { version: "2" } });
  await vault.done("POST", "sys/auth/kubernetes", root, { type: "kubernetes" });
  await vault.done("POST", "auth/kubernetes/config", root, {
    kubernetes_host: kubernetesUrl(ports),
    kubernetes_ca_cert: readFileSync(caFile, "utf8"),
    disable_local_ca_jwt: true,
  });
  await vault.done("POST", "auth/kubernetes/role/vault-drill", root, {
    bound_service_account_names: [names.serviceAccounts.drill],
    bound_service_account_namespaces: [names.namespace],
    audience: bootstrapNames.audience,
    token_policies: ["drill"],
  });
  // The mount is briefly unavailable while it upgrades to version 2.
  await eventually("the canary is written", 10, async () => {
    const body = { data: { value: canary } };
    return (
      (await vault.ask("POST", "secret/data/vault-platform/canary", { token: root, body })).status === 200
    );
  });
}
