import { randomUUID } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { drillRules } from "../../constructs/jobs/restore-drill";
import { names } from "../../local/platform";
import { run } from "../../cli/processes";
import { freePort } from "../support/servers/processes";
import { Job, activeServer, aws } from "./jobs";
import { Snapshots, leftovers, runDrill } from "./snapshots";
import { ask, database, serviceAccountToken } from "./support";

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

test("restores the latest snapshot into a temporary Vault and compares the counts", async () => {
  const { code, output } = await runDrill(drill);
  expect({ code, output }).toEqual({
    code: 0,
    output: expect.stringContaining("The copy serves: canary read"),
  });
  const { noted } = snapshots;
  const counts = `mounts=${noted.mounts},auths=${noted.auths},policies=${noted.policies},roles=${noted.roles}`;
  expect(output).toContain(counts);
  expect(output).toMatch(/Fetched: vault\/.*, \d+ s old, \d+ bytes, checksum as noted\./);
  expect(output).not.toMatch(/hvs\.|eyJ/);
  expect(leftovers(drill)).toEqual([]);
});

test("allows the drill role only to read the canary and count names", async () => {
  const jwt = await serviceAccountToken(names.namespace, names.serviceAccounts.drill);
  const { text } = await ask("POST", "auth/kubernetes/login", { body: { role: "vault-drill", jwt } });
  const token = JSON.parse(text).auth.client_token;
  // Standbys redirect snapshot requests to the active server.
  const server = await activeServer();
  const status = async (method: string, path: string) => (await ask(method, path, { token, server })).status;
  for (const { path, capabilities } of drillRules()) {
    expect([path, await status(capabilities[0] === "list" ? "LIST" : "GET", path)]).toEqual([path, 200]);
  }
  for (const [method, path] of [
    ["GET", "secret/data/payment-service/config"],
    ["LIST", "secret/metadata/"],
    ["GET", "database/creds/payment-service-role"],
    ["GET", "sys/policies/acl/terraform-deploy"],
    ["GET", "sys/storage/raft/snapshot"],
    ["GET", "auth/kubernetes/role/vault-drill"],
    ["DELETE", "secret/metadata/vault-platform/canary"],
  ]) {
    expect([path, await status(method, path)]).toEqual([path, 403]);
  }
  await ask("POST", "auth/token/revoke-self", { token });
});

test("restores nothing if the pod reaches the original's database", async () => {
  // As synthesized: the port from the definition. The database answers there, or the process that occupies its port.
  const { code, output } = await drill.run({ COPY_PORT: String(await freePort()) });
  expect({ code, output }).toEqual({
    code: 64,
    output: expect.stringContaining(`STOPPED: this pod reaches localhost:${database.port}.`),
  });
  expect(readdirSync(drill.path("data"))).toEqual([]);
});

describe("a latest snapshot that stops the drill before it starts", () => {
  async function expectStop(cause: RegExp | string, changed: Record<string, string> = {}): Promise<void> {
    const { code, output } = await runDrill(drill, { BUCKET: snapshots.bucket, ...changed });
    expect({ code, output }).toEqual({ code: 64, output: expect.stringMatching(cause) });
    expect(existsSync(drill.path("work", "server.log"))).toBe(false);
  }

  test("is missing in an empty bucket", async () => {
    const empty = `empty-${randomUUID()}`;
    await aws("s3", "mb", `s3://${empty}`);
    await expectStop(`STOPPED: there is no snapshot in s3://${empty}/vault/`, { BUCKET: empty });
    await aws("s3", "rb", `s3://${empty}`);
  });

  test("is older than allowed", async () => {
    const created = String(Math.floor(Date.now() / 1000) - 27 * 3600);
    await snapshots.upload(snapshots.content(), { created });
    await expectStop(/STOPPED: the latest snapshot, .*, is 972\d\d s old, more than 93600: backups fail/);
  });

  test("is truncated", async () => {
    const content = snapshots.content();
    await snapshots.upload(content.subarray(0, content.length / 2), { sha256: snapshots.noted.sha256 });
    await expectStop(/STOPPED: .* is damaged: its checksum is/);
  });
});

describe("a snapshot that fails the drill and leaves no copy", () => {
  async function expectFailure(cause: RegExp): Promise<void> {
    const { code, output } = await runDrill(drill, { BUCKET: snapshots.bucket });
    expect({ code, output }).toEqual({ code: 64, output: expect.stringMatching(cause) });
    expect(output).not.toContain("The copy serves");
    expect(leftovers(drill)).toEqual([]);
  }

  test("is truncated, with a matching checksum", async () => {
    const content = snapshots.content();
    await snapshots.upload(content.subarray(0, content.length / 2));
    await expectFailure(/STOPPED: the snapshot was not restored; the end of the copy's log:/);
  });

  test("is changed inside, with a matching checksum", async () => {
    await snapshots.upload(await repacked("state.bin", (content) => (content[content.length >> 1] ^= 1)));
    await expectFailure(/hash check failed for \\?"state\.bin/);
  });
});

/** Copy of the good snapshot with one changed file in a valid archive. */
async function repacked(file: string, change: (content: Buffer) => void): Promise<Buffer> {
  const inside = mkdtempSync(join(snapshots.folder, "inside-"));
  const done = async (...args: string[]) => expect(await run("tar", args)).toMatchObject({ code: 0 });
  await done("-xzf", snapshots.good, "-C", inside);
  const content = readFileSync(join(inside, file));
  change(content);
  writeFileSync(join(inside, file), content);
  const packed = join(snapshots.folder, "repacked.snap");
  await done("-czf", packed, "-C", inside, "meta.json", "state.bin", "SHA256SUMS", "SHA256SUMS.sealed");
  return readFileSync(packed);
}
