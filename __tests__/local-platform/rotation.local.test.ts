import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { connect } from "node:tls";
import { stop } from "../support/servers/processes";
import { certificate } from "../support/servers/raft-vault";
import { describeWithPrograms } from "../support/needs";
import { Custodian } from "./custodians";
import { aws, awsEnvironment, programsPath } from "./jobs";
import { OwnVault } from "./own-vault";
import { Runbook } from "./runbook";
import { eventually } from "./support";

const runbook = new Runbook("rotate-keys");
jest.setTimeout(240_000);

const RELOAD = join(__dirname, "../../constructs/server/scripts/reload-certificate.sh");
const FETCH = "aws secretsmanager get-secret-value --secret-id CONTAINER --query SecretString --output text";
const DECRYPT = "base64 -d | gpg --quiet --decrypt";
const ENTER = "vault operator rekey -target=recovery -format=json";
const VERIFY = "vault operator rekey -target=recovery -verify -nonce";
const ALIAS = `alias/rotation-${randomUUID()}`;

async function newKey(): Promise<string> {
  return JSON.parse(await aws("kms", "create-key")).KeyMetadata.KeyId;
}

/** Runs a command of the runbook. @returns its stdout */
async function run(command: string, input = "", variables: Record<string, string> = {}): Promise<string> {
  const { status, stdout, stderr } = spawnSync("sh", ["-c", command], {
    input,
    encoding: "utf8",
    env: { ...awsEnvironment, PATH: await programsPath(), HOME: "/nonexistent", ...variables },
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: expect.any(String) });
  return stdout;
}

describe("the unseal key", () => {
  let vault: OwnVault;
  beforeAll(async () => {
    await aws("kms", "create-alias", "--alias-name", ALIAS, "--target-key-id", await newKey());
    vault = await OwnVault.start({ keyId: ALIAS });
    await vault.initialise();
  });
  afterAll(async () => {
    await vault?.stop();
    await aws("kms", "delete-alias", "--alias-name", ALIAS);
  });

  async function restart(): Promise<void> {
    await vault.kill("SIGTERM");
    await vault.startAll();
    await vault.isActive();
  }

  test("unseals as before after a rotation of its material", async () => {
    const key = await run(runbook.command("aws kms describe-key", { ALIAS }));
    await run(runbook.command("aws kms rotate-key-on-demand", { KEY: key.trim() }));
    const { Rotations } = JSON.parse(await aws("kms", "list-key-rotations", "--key-id", key.trim()));
    expect(Rotations).toEqual([expect.objectContaining({ RotationType: "ON_DEMAND" })]);
    await restart();
  });

  test("is replaced after a restart with another key, so that the old key can be disabled", async () => {
    const root = await vault.rootByShare();
    await vault.done("POST", "sys/mounts/kept", root, { type: "kv" });
    await vault.done("POST", "kept/before", root, { value: "kept" });
    const old = JSON.parse(await aws("kms", "describe-key", "--key-id", ALIAS)).KeyMetadata.KeyId;
    const next = await newKey();
    await run(runbook.command("aws kms update-alias", { ALIAS, NEW_KEY: next }));
    await restart();
    expect(vault.log()).toContain("upgrading stored keys");
    await run(runbook.command("aws kms disable-key", { OLD_KEY: old }));
    await restart();
    // The unseal keys and the recovery key are both encrypted with the new key.
    const again = await vault.rootByShare();
    expect((await vault.done("GET", "kept/before", again)).data).toEqual({ value: "kept" });
  });

  test("keeps the servers sealed if it is disabled before its replacement, until it is enabled", async () => {
    const { KeyId } = JSON.parse(await aws("kms", "describe-key", "--key-id", ALIAS)).KeyMetadata;
    await run(runbook.command("aws kms update-alias", { ALIAS, NEW_KEY: await newKey() }));
    await run(runbook.command("aws kms disable-key", { OLD_KEY: KeyId }));
    await vault.kill("SIGTERM");
    await vault.startAll();
    await eventually("the seal is refused", 30, async () => vault.log().includes("DisabledException"));
    expect(JSON.parse((await vault.ask("GET", "sys/seal-status")).text).sealed).toBe(true);
    await aws("kms", "enable-key", "--key-id", KeyId);
    await restart();
  });
});

test("lists the same command for the database's password as the disaster's runbook", () => {
  const command = "vault write -force database/rotate-root/payments-db";
  expect(runbook.command(command)).toBe(new Runbook("disaster-recovery").command(command));
});

test("encrypts new snapshots with another key, and keeps the old key for old ones", async () => {
  const bucket = `rotation-${randomUUID()}`;
  await aws("s3api", "create-bucket", "--bucket", bucket);
  const uploadUnder = async (key: string, name: string) => {
    const rule = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: key } };
    const configuration = JSON.stringify({ Rules: [rule] });
    await aws(
      ...["s3api", "put-bucket-encryption", "--bucket", bucket],
      ...["--server-side-encryption-configuration", configuration],
    );
    await aws("s3api", "put-object", "--bucket", bucket, "--key", name);
  };
  const named = async (name: string) =>
    (await run(runbook.command("aws s3api head-object", { BUCKET: bucket, OBJECT: name }))).trim();
  const [old, next] = [await newKey(), await newKey()];
  await uploadUnder(old, "before.snap");
  await uploadUnder(next, "after.snap");
  expect(await named("before.snap")).toContain(old);
  expect(await named("after.snap")).toContain(next);
  await aws("s3", "rb", `s3://${bucket}`, "--force");
});

describeWithPrograms("gpg")("recovery shares", () => {
  const SHARES = [1, 2, 3, 4, 5];
  const prefix = `rekey-${randomUUID()}`;
  const container = (share: number) => `${prefix}/recovery-key-${share}`;
  let custodians: readonly Custodian[] = [];
  let vault: OwnVault;
  beforeAll(async () => {
    vault = await OwnVault.start({ keyId: await newKey() });
    custodians = SHARES.map((share) => new Custodian(share));
    for (const share of SHARES) await aws("secretsmanager", "create-secret", "--name", container(share));
  });
  afterAll(async () => {
    custodians.forEach((custodian) => custodian.leave());
    for (const share of SHARES) {
      await aws(
        ...["secretsmanager", "delete-secret", "--secret-id", container(share)],
        "--force-delete-without-recovery",
      );
    }
    await vault?.stop();
  });

  test("are replaced by the custodians, and the old ones stay valid until the new are verified", async () => {
    const at = vault.addresses[0];
    const keys = custodians.map(({ publicKey }) => publicKey.replace(/-----.*|^=.*|\n/gm, ""));
    const { recovery_keys_base64: old } = await vault.done("PUT", "sys/init", undefined, {
      recovery_shares: 5,
      recovery_threshold: 3,
      recovery_pgp_keys: keys,
    });
    await vault.isActive();
    const { cluster_id: CLUSTER } = await vault.done("GET", "sys/health");
    for (const share of SHARES) {
      await aws(
        ...["secretsmanager", "put-secret-value", "--secret-id", container(share)],
        ...["--secret-string", old[share - 1], "--client-request-token", `${CLUSTER}-share-${share}`],
      );
    }
    const [first, second, third, fourth, fifth] = custodians;
    const enter = (custodian: Custodian, command: string) => custodian.run(command, at);
    const decrypted = (stage: string) => (custodian: Custodian) =>
      enter(
        custodian,
        `aws secretsmanager get-secret-value --secret-id ${container(custodian.share)} --version-stage ${stage} --query SecretString --output text | base64 -d | gpg --quiet --decrypt`,
      );

    custodians.forEach(({ share, publicKey }) => first.write(`share-${share}.asc`, publicKey));
    const begun = await enter(first, runbook.command("vault operator rekey -target=recovery -init"));
    const [, NONCE] = /^Nonce +(\S+)$/m.exec(begun)!;
    for (const custodian of [first, third, fifth]) {
      const CONTAINER = container(custodian.share);
      await enter(custodian, runbook.command(`${FETCH} | ${DECRYPT} | ${ENTER}`, { CONTAINER, NONCE }));
    }
    const rekeyed = readFileSync(join(fifth.home, "rekeyed.json"), "utf8");
    expect(JSON.parse(rekeyed)).toMatchObject({ complete: true, pgp_fingerprints: expect.any(Array) });

    for (const custodian of custodians) {
      const filledIn = { SHARE: String(custodian.share) };
      custodian.write("rekeyed.json", rekeyed);
      await enter(custodian, runbook.command("python3 -c", filledIn));
      await enter(
        custodian,
        runbook.command("aws secretsmanager put-secret-value", {
          ...filledIn,
          CONTAINER: container(custodian.share),
          CLUSTER,
          DATE: "20261124",
        }),
      );
    }
    // The old shares stay valid until the new ones are verified.
    const previous = await Promise.all([first, second, third].map(decrypted("AWSPREVIOUS")));
    const fresh = await Promise.all([second, fourth, fifth].map(decrypted("AWSCURRENT")));
    expect(await vault.accepts(previous)).toBe(true);
    expect(await vault.accepts(fresh)).toBe(false);

    const { verification_nonce: VERIFICATION_NONCE } = JSON.parse(rekeyed);
    for (const custodian of [second, third, fourth]) {
      const filledIn = { CONTAINER: container(custodian.share), VERIFICATION_NONCE };
      await enter(custodian, runbook.command(`${FETCH} | ${DECRYPT} | ${VERIFY}`, filledIn));
    }
    expect(await vault.accepts(previous)).toBe(false);
    expect(await vault.accepts(fresh)).toBe(true);

    // The bootstrap identifies the new versions as shares of this cluster.
    for (const share of SHARES) {
      const { VersionIdsToStages } = JSON.parse(
        await aws("secretsmanager", "describe-secret", "--secret-id", container(share)),
      );
      expect(VersionIdsToStages[`${CLUSTER}-share-${share}-20261124`]).toEqual(["AWSCURRENT"]);
    }
  });
});

test("presents a renewed certificate without a restart, through the sidecar", async () => {
  const folder = mkdtempSync(join(tmpdir(), "renewal-"));
  const files = {
    certFile: join(folder, "tls.crt"),
    keyFile: join(folder, "tls.key"),
    caFile: join(folder, "tls.crt"),
  };
  const renew = async () => {
    const { cert, key } = await certificate();
    writeFileSync(files.keyFile, key);
    writeFileSync(files.certFile, cert);
  };
  await renew();
  const vault = await OwnVault.start({ keyId: await newKey(), certificate: files });
  await vault.initialise();
  const { pid } = vault.servers[0].child!;
  // `pidof` returns only this server; the platform's servers are also named vault.
  mkdirSync(join(folder, "bin"));
  writeFileSync(join(folder, "bin", "pidof"), `#!/bin/sh\necho ${pid}\n`);
  chmodSync(join(folder, "bin", "pidof"), 0o755);
  const sidecar: ChildProcess = spawn("sh", [RELOAD], {
    env: {
      PATH: [join(folder, "bin"), process.env.PATH].join(delimiter),
      TLS_FOLDER: folder,
      INTERVAL: "1",
    },
    stdio: "ignore",
  });
  try {
    await new Promise((done) => setTimeout(done, 1500));
    const before = await shownSerial(vault.addresses[0]);
    await renew();
    await eventually("another certificate is shown", 20, async () => {
      return (await shownSerial(vault.addresses[0])) !== before;
    });
    expect(vault.servers[0].child).toMatchObject({ pid, exitCode: null, signalCode: null });
    // Vault stayed unsealed, and clients that trust the new certificate can connect.
    expect((await vault.ask("GET", "sys/health")).status).toBe(200);
  } finally {
    await stop(sidecar, "SIGKILL");
    await vault.stop();
    rmSync(folder, { recursive: true });
  }
});

/** Serial number of the certificate that a server presents. */
function shownSerial(address: string): Promise<string> {
  const { port } = new URL(address);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port: Number(port), rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().serialNumber);
      socket.end();
    });
    socket.on("error", reject);
  });
}
