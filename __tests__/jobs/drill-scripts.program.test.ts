import { createHash } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { type AddressInfo, type Server, createServer } from "node:net";
import { testWithPrograms } from "../support/needs";
import { type Run, ScriptBench } from "./script-bench";

const SNAPSHOT = "a snapshot, sealed";
const NAME = "bucket_vault_2026_11_vault-20261124T020000Z.snap";

jest.setTimeout(120_000);

let bench: ScriptBench;

beforeEach(() => {
  bench = new ScriptBench({ BUCKET: "bucket", PREFIX: "vault/", CANARY_VALUE: "staging" });
  bench.set("canary", "staging");
  bench.set("data/sys_leader", "is_self=true\n");
  upload();
});

afterEach(() => {
  bench.expectNoSecret();
  bench.remove();
});

/** Uploads a snapshot with the metadata of a backup one hour ago. */
function upload(content = SNAPSHOT, noted: Record<string, string | number> = {}): void {
  bench.set(`objects/${NAME}`, content);
  const metadata = {
    created: Math.floor(Date.now() / 1000) - 3600,
    sha256: createHash("sha256").update(SNAPSHOT).digest("hex"),
    cluster: "cluster-a",
    mounts: 2,
    auths: 1,
    policies: 2,
    roles: 2,
    ...noted,
  };
  const pairs = Object.entries(metadata).map(([key, value]) => `${key}=${value}`);
  bench.set(`objects/${NAME}.metadata`, `${pairs.join(",")}\n`);
}

const fetchIt = (environment = {}) =>
  bench.run("drill-fetch.sh", { SNAPSHOT_DIR: bench.path("snap"), ...environment });

function restore(environment = {}): Run {
  return bench.run("drill-restore.sh", {
    SNAPSHOT_DIR: bench.path("snap"),
    DATA_DIR: bench.path("data"),
    ...environment,
  });
}

function drill(environment = {}): Run {
  const fetched = fetchIt(environment);
  return fetched.code === 0 ? restore(environment) : fetched;
}

test("fetches the snapshot, restores it into a copy and logs in to the copy", () => {
  const { code, output } = drill();
  expect(output).toContain("The copy serves: canary read, mounts=2,auths=1,policies=2,roles=2");
  expect(code).toBe(0);
  expect(bench.calls("snapshot restore")).toEqual([
    `vault operator raft snapshot restore -force ${bench.path("snap")}/vault.snap`,
  ]);
  expect(bench.calls("auth/kubernetes/login")).toEqual([expect.stringContaining("role=vault-drill jwt=@")]);
});

const ELSEWHERE = { AUTH_PATH: "k8s", LOGIN_ROLE: "canary-writer", CANARY_MOUNT: "kv" };

test("logs in to the copy and compares its counts at the given mounts", () => {
  bench.set("auth-path", "k8s");
  bench.set("kv-mount", "kv");
  const { code, output } = drill(ELSEWHERE);
  expect(output).toContain("The copy serves: canary read, mounts=2,auths=1,policies=2,roles=2");
  expect(code).toBe(0);
  expect(bench.calls("auth/k8s/login")).toEqual([expect.stringContaining("role=canary-writer jwt=@")]);
});

test("checks a restored Vault through the given mounts", () => {
  bench.set("initialised", "https://vault-0:8200");
  bench.set("auth-path", "k8s");
  bench.set("kv-mount", "kv");
  expect(fetchIt().code).toBe(0);
  const { code, output } = bench.run("restore.sh", {
    SNAPSHOT_DIR: bench.path("snap"),
    VAULT_SERVERS: "https://vault-0:8200 https://vault-1:8200",
    ...ELSEWHERE,
  });
  expect(output).toContain("canary read, mounts=2,auths=1,policies=2,roles=2");
  expect(code).toBe(0);
  expect(bench.calls("auth/k8s/login")).toEqual([expect.stringContaining("role=canary-writer jwt=@")]);
});

test("removes data and tokens of the copy", () => {
  drill();
  expect(readdirSync(bench.path("data"))).toEqual([]);
  expect(bench.workFiles().filter((file) => /vault-token|init\.json/.test(file))).toEqual([]);
});

test("fetches the snapshot that is named, of any age if no maximum is set", () => {
  const other = "bucket_vault_2026_10_vault-20261024T020000Z.snap";
  bench.set(`objects/${other}`, SNAPSHOT);
  bench.set(
    `objects/${other}.metadata`,
    bench.get(`objects/${NAME}.metadata`).replace(/created=\d+/, "created=1"),
  );
  const { code, output } = fetchIt({
    SNAPSHOT: other,
    MAX_AGE_SECONDS: "",
  });
  expect(output).toContain(`Fetched: ${other}`);
  expect(code).toBe(0);
  expect(bench.calls("list-objects")).toEqual([]);
});

describe("the fetch", () => {
  let run: Run;
  afterEach(() => {
    expect(run.code).toBe(64);
    expect(existsSync(bench.path("data"))).toBe(false);
  });

  test("stops if there is no snapshot", () => {
    bench.forget(`objects/${NAME}`);
    run = drill();
    expect(run.output).toContain("there is no snapshot in s3://bucket/vault/");
  });

  test("stops if the latest snapshot is too old", () => {
    run = drill({ MAX_AGE_SECONDS: "1800" });
    expect(run.output).toMatch(/is 36\d\d s old, more than 1800: backups fail/);
  });

  test("stops if the snapshot was changed", () => {
    upload("a snapshot, tampered with");
    run = drill();
    expect(run.output).toContain("is damaged: its checksum is");
  });

  test("stops if the backup job did not create the snapshot", () => {
    bench.set(`objects/${NAME}.metadata`, "uploaded=by hand\n");
    run = drill();
    expect(run.output).toContain("it is not a snapshot of the backup job");
  });

  test.each(["yesterday", "-1", "1e9"])(
    "stops if the creation time is %s, which is not a number of seconds",
    (created) => {
      upload(SNAPSHOT, { created });
      run = drill();
      expect(run.output).toContain("has no time or no checksum in its metadata");
      expect(run.output).not.toMatch(/date:|arithmetic|integer/);
    },
  );
});

describe("the drill", () => {
  let run: Run;
  afterEach(() => {
    expect(run.code).toBe(64);
    expect(readdirSync(bench.path("data"))).toEqual([]);
    expect(run.output).not.toContain("The copy serves");
  });

  test("fails and removes the copy if Vault rejects the snapshot", () => {
    upload("cut off", { sha256: createHash("sha256").update("cut off").digest("hex") });
    run = drill();
    expect(run.output).toContain("the snapshot was not restored; the end of the copy's log:");
    expect(run.output).toContain("hash check failed");
  });

  test("fails and removes the copy if it does not become the snapshot's cluster", () => {
    upload(SNAPSHOT, { cluster: "cluster-b" });
    run = drill({ TIMEOUT_SECONDS: "3" });
    expect(run.output).toContain("another key than the original's, or another cluster's snapshot");
    expect(run.output).toContain("log of the copy");
  });

  test("fails and removes the copy if the canary is from another environment", () => {
    bench.set("canary", "production");
    run = drill();
    expect(run.output).toContain("says 'production', not 'staging': the snapshot is of another environment");
  });

  test("fails and removes the copy if an object is missing", () => {
    upload(SNAPSHOT, { policies: 3 });
    run = drill();
    expect(run.output).toContain(
      "the copy has mounts=2,auths=1,policies=2,roles=2, the original had mounts=2,auths=1,policies=3,roles=2",
    );
  });
});

describe("the check of forbidden targets", () => {
  let server: Server;
  let port: number;
  beforeEach(
    () =>
      new Promise<void>((resolve) => {
        server = createServer().listen(0, "127.0.0.1", () => {
          port = (server.address() as { port: number }).port;
          resolve();
        });
      }),
  );
  afterEach(() => server.close());

  testWithPrograms("busybox")("stops the drill before the copy starts if a target answers", async () => {
    fetchIt();
    const { code, output } = await bench.start(
      "drill-restore.sh",
      { SNAPSHOT_DIR: bench.path("snap"), FORBIDDEN_TARGETS: `127.0.0.1:1 127.0.0.1:${port}` },
      () => {},
    );
    expect(code).toBe(64);
    expect(output).toContain(`this pod reaches 127.0.0.1:${port}.`);
    expect(bench.calls("vault server")).toEqual([]);
  });

  testWithPrograms("busybox")("stops the drill if an IPv6 target in brackets answers", async () => {
    const ipv6 = createServer();
    await new Promise<void>((resolve) => ipv6.listen(0, "::1", resolve));
    fetchIt();
    const target = `[::1]:${(ipv6.address() as AddressInfo).port}`;
    const { code, output } = await bench.start(
      "drill-restore.sh",
      { SNAPSHOT_DIR: bench.path("snap"), FORBIDDEN_TARGETS: target },
      () => {},
    );
    ipv6.close();
    expect(code).toBe(64);
    expect(output).toContain(`this pod reaches ${target}.`);
  });

  testWithPrograms("busybox")("continues if no target answers", () => {
    fetchIt();
    expect(restore({ FORBIDDEN_TARGETS: "127.0.0.1:1" }).code).toBe(0);
  });
});
