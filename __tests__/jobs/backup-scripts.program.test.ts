import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { type Run, ScriptBench } from "./script-bench";

jest.setTimeout(120_000);

let bench: ScriptBench;

beforeEach(() => {
  bench = new ScriptBench({ BUCKET: "bucket", PREFIX: "vault/" });
  bench.set("initialised", "yes");
  bench.set("snapshot", "a snapshot, sealed");
  bench.set("data/sys_leader", "leader_address=https://vault-1:8200\n");
});

afterEach(() => {
  bench.expectNoSecret();
  bench.remove();
});

const save = (environment = {}) =>
  bench.run("backup-save.sh", { SNAPSHOT_DIR: bench.path("snap"), ...environment });
const upload = (environment = {}) =>
  bench.run("backup-upload.sh", { SNAPSHOT_DIR: bench.path("snap"), ...environment });

function backup(environment = {}): Run {
  const saved = save(environment);
  if (saved.code !== 0) return saved;
  const uploaded = upload(environment);
  return { code: uploaded.code, output: saved.output + uploaded.output };
}

test("saves, inspects and uploads a snapshot with its checksum and counts", () => {
  const { code, output } = backup();
  expect(code).toBe(0);
  expect(bench.calls("auth/kubernetes/login")).toEqual([
    expect.stringMatching(/^vault write -field=token auth\/kubernetes\/login role=vault-backup jwt=@/),
  ]);
  expect(bench.calls("snapshot inspect")).toHaveLength(1);
  const sum = createHash("sha256").update("a snapshot, sealed").digest("hex");
  expect(bench.calls("s3 cp")).toEqual([
    expect.stringMatching(
      new RegExp(
        String.raw`^aws s3 cp .*/vault\.snap s3://bucket/vault/20\d\d/\d\d/vault-20\d{6}T\d{6}Z\.snap --metadata ` +
          `created=\\d+,sha256=${sum},index=91,cluster=cluster-a,version=1\\.21\\.0,mounts=2,auths=1,policies=2,roles=2 ` +
          "--checksum-algorithm SHA256 --only-show-errors$",
      ),
    ),
  ]);
  expect(output).toContain("Uploaded: s3://bucket/vault/20");
});

test("logs in and counts roles at the given mount with the given role", () => {
  bench.set("auth-path", "clusters/k8s");
  const environment = { AUTH_PATH: "clusters/k8s", LOGIN_ROLE: "saver" };
  expect(backup(environment)).toMatchObject({ code: 0 });
  expect(bench.calls("clusters/k8s")).toEqual([
    expect.stringMatching(/^vault write -field=token auth\/clusters\/k8s\/login role=saver jwt=@/),
    "vault list -format=json auth/clusters/k8s/role",
    "vault list -format=json auth/clusters/k8s/role",
  ]);
  bench.loseMemory();
  const elsewhere = backup({ TIMEOUT_SECONDS: "0" });
  expect(elsewhere.code).toBe(1);
  expect(elsewhere.output).toContain("the login of the role vault-backup at auth/kubernetes");
});

test("revokes the login after the backup", () => {
  backup();
  expect(bench.policies()).toEqual([]);
});

test("takes another snapshot if the counts change during the first one", () => {
  // The count before the first snapshot includes one role more than the count after it.
  bench.set("drifts", "once\n");
  expect(backup().code).toBe(0);
  expect(bench.calls("snapshot save")).toHaveLength(2);
});

test.each(["vault operator raft snapshot save *", "vault write -field=token auth/kubernetes/login *"])(
  "retries a temporary failure of `%s`",
  (call) => {
    bench.failOnce(call);
    expect(backup().code).toBe(0);
  },
);

test("retries a temporary failure of the upload", () => {
  bench.failOnce("aws s3 cp *");
  expect(backup().code).toBe(0);
  expect(bench.calls("s3 cp")).toHaveLength(2);
});

describe("a failed backup", () => {
  test("reports that Vault is unreachable", () => {
    bench.set("silent", "https://active:8200\n");
    const { code, output } = backup({ TIMEOUT_SECONDS: "1" });
    expect(code).toBe(1);
    expect(output).toContain("waited in vain for Vault to be unsealed at https://active:8200");
    expect(output).toContain("connection refused");
  });

  test("reports a snapshot without a Raft index and does not upload it", () => {
    bench.set("index", "0");
    const { code, output } = backup();
    expect(code).toBe(1);
    expect(output).toContain("the snapshot has no Raft index");
    expect(bench.calls("s3 cp")).toEqual([]);
  });

  test("reports a file that is not the saved snapshot and does not upload it", () => {
    save();
    writeFileSync(bench.path("snap/vault.snap"), "something else");
    const { code, output } = upload();
    expect(code).toBe(1);
    expect(output).toContain("is not what was saved");
    expect(bench.calls("s3 cp")).toEqual([]);
  });

  test("reports an upload that the bucket refuses", () => {
    save();
    bench.set("fail-always", "aws s3 cp *");
    bench.write("work/deadline", String(Math.floor(Date.now() / 1000) + 1));
    const { code, output } = upload();
    expect(code).toBe(1);
    expect(output).toContain("waited in vain for the upload to s3://bucket/vault/");
    expect(output).toContain("injected failure");
  });
});

test("does not upload the snapshot of an earlier attempt", () => {
  mkdirSync(bench.path("snap"));
  writeFileSync(bench.path("snap/new"), "left behind");
  expect(backup().code).toBe(0);
  expect(bench.get("objects/" + bench.objects()[0])).toBe("a snapshot, sealed");
});
