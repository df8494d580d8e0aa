import { createHash } from "node:crypto";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { names } from "../../local/platform";
import { run } from "../../cli/processes";
import { caFile, certificateFiles } from "../../local/certificates";
import { Job, activeServer, aws, programsPath } from "./jobs";
import { type Session, ask, logInAsTerraform, part, serversThatSay, serviceAccountToken } from "./support";

let job: Job;
let session: Session;
beforeEach(async () => {
  session = await logInAsTerraform();
  job = await Job.prepare("vault-backup");
});
afterEach(async () => {
  job.remove();
  await session.end();
});

const bucket = names.snapshotBucket;

/** Key of the object that a run reports as uploaded. */
function uploaded(output: string): string {
  return /Uploaded: s3:\/\/[^/]+\/(.*)/.exec(output)![1];
}

async function expectWhole(key: string): Promise<Record<string, string>> {
  const head = JSON.parse(await aws("s3api", "head-object", "--bucket", bucket, "--key", key));
  const copy = job.path("copy");
  await aws("s3", "cp", "--only-show-errors", `s3://${bucket}/${key}`, copy);
  expect(createHash("sha256").update(readFileSync(copy)).digest("hex")).toBe(head.Metadata.sha256);
  // Snapshots of standbys lack the checksums that a restore requires.
  const listed = await run("tar", ["-tzf", copy]);
  expect(listed.stdout.trim().split("\n").sort()).toEqual([
    "SHA256SUMS",
    "SHA256SUMS.sealed",
    "meta.json",
    "state.bin",
  ]);
  return head.Metadata;
}

test("uploads a snapshot with its metadata, and removes its token", async () => {
  const before = Math.floor(Date.now() / 1000);
  const { code, output } = await job.run();
  expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining("Uploaded: s3://") });
  const key = uploaded(output);
  expect(key).toMatch(/^vault\/20\d\d\/\d\d\/vault-20\d{6}T\d{6}Z\.snap$/);

  const noted = await expectWhole(key);
  const health = JSON.parse((await ask("GET", "sys/health")).text);
  const count = async (method: string, path: string) => {
    const { data } = await session.request(method, path);
    return String((data.keys ?? Object.keys(data)).length);
  };
  expect(noted).toEqual({
    created: expect.any(String),
    sha256: expect.any(String),
    index: expect.stringMatching(/^[1-9]\d*$/),
    cluster: health.cluster_id,
    version: health.version,
    mounts: await count("GET", "sys/mounts"),
    auths: await count("GET", "sys/auth"),
    policies: await count("LIST", "sys/policies/acl"),
    roles: await count("LIST", "auth/kubernetes/role"),
  });
  expect(Number(noted.created)).toBeGreaterThanOrEqual(before);
  expect(output).not.toMatch(/hvs\.|eyJ/);
  expect(existsSync(job.path("work", "backup", ".vault-token"))).toBe(false);
});

test("uploads the leader's whole snapshot when a standby answers first", async () => {
  const [standby] = await serversThatSay("standby");
  const { code, output } = await job.run({ VAULT_ADDR: (await part(standby)).address });
  expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining("Uploaded: s3://") });
  await expectWhole(uploaded(output));
});

test("denies the backup role policies, secrets, forced restores and mounts", async () => {
  const jwt = await serviceAccountToken(names.namespace, names.serviceAccounts.backup);
  const { text } = await ask("POST", "auth/kubernetes/login", { body: { role: "vault-backup", jwt } });
  const token = JSON.parse(text).auth.client_token;
  // Standbys redirect snapshot requests to the active server.
  const server = await activeServer();
  const status = async (method: string, path: string, body?: unknown) =>
    (await ask(method, path, { token, body, server })).status;
  expect(await status("GET", "sys/policies/acl/terraform-deploy")).toBe(403);
  expect(await status("GET", "secret/data/vault-platform/canary")).toBe(403);
  expect(await status("POST", "sys/storage/raft/snapshot-force")).toBe(403);
  expect(await status("POST", "sys/mounts/mine", { type: "kv" })).toBe(403);
  await ask("POST", "auth/token/revoke-self", { token });
});

describe("a failed backup", () => {
  async function expectFailure(changed: Record<string, string>, cause: RegExp): Promise<void> {
    const { code, output } = await job.run({ TIMEOUT_SECONDS: "6", ...changed });
    expect(code).toBe(1);
    expect(output.split("\n").find((line) => line.startsWith("FAILED:"))).toMatch(cause);
    expect(output).not.toContain("Uploaded:");
  }

  test("reports that Vault does not answer", async () => {
    await expectFailure(
      { VAULT_ADDR: "https://127.0.0.1:1" },
      /waited in vain for Vault to be unsealed at https:\/\/127\.0\.0\.1:1/,
    );
  });

  test("reports that Vault's certificate is from another CA", async () => {
    await expectFailure(
      { VAULT_CACERT: certificateFiles("postgres").cert },
      /waited in vain for Vault to be unsealed at .*: .*x509: certificate signed by unknown authority/,
    );
  });

  test("reports that another ServiceAccount cannot log in", async () => {
    const other = await Job.prepare("vault-restore-drill");
    await expectFailure(
      { SERVICE_ACCOUNT_TOKEN: other.path("token") },
      /waited in vain for the login of the role vault-backup/,
    );
    other.remove();
  });

  test("reports that the bucket does not exist", async () => {
    expect((await job.runStep("save")).code).toBe(0);
    writeFileSync(job.path("work", "deadline"), String(Math.floor(Date.now() / 1000) + 4));
    const { code, output } = await job.runStep("upload", { BUCKET: "a-bucket-that-nobody-made" });
    expect(code).toBe(1);
    expect(output).toMatch(/FAILED: waited in vain for the upload to s3:\/\/a-bucket-that-nobody-made\//);
    expect(output).toContain("NoSuchBucket");
  });

  test("reports that the snapshot has changed since it was saved", async () => {
    expect((await job.runStep("save")).code).toBe(0);
    appendFileSync(job.path("snapshot", "vault.snap"), "more");
    const { code, output } = await job.runStep("upload");
    expect(code).toBe(1);
    expect(output).toMatch(/FAILED: .*vault\.snap is not what was saved/);
  });
});

test("gets an incomplete snapshot from a standby itself", async () => {
  const [standby] = await serversThatSay("standby");
  const login = await logInAsTerraform();
  const file = join(job.path("tmp"), "of-standby.snap");
  const { code, stderr } = await run("vault", ["operator", "raft", "snapshot", "save", file], {
    env: {
      PATH: await programsPath(),
      HOME: job.path("tmp"),
      VAULT_ADDR: (await part(standby)).address,
      VAULT_CACERT: caFile,
      VAULT_TOKEN: login.token,
    },
  });
  await login.end();
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining("incomplete snapshot") });
});
