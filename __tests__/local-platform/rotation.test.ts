import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { connect } from "node:tls";
import { caFile } from "../../local/certificates";
import { stop } from "../engines/support/processes";
import { certificate } from "../observability/support/raft-vault";
import { aws, awsEnvironment, programsPath, scripts } from "./jobs";
import { OwnVault } from "./own-vault";
import { Runbook } from "./runbook";
import { eventually } from "./support";

const runbook = new Runbook("rotate-keys");
const ALIAS = `alias/rotation-${randomUUID()}`;

async function newKey(): Promise<string> {
  return JSON.parse(await aws("kms", "create-key")).KeyMetadata.KeyId;
}

/** A command of the runbook. */
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

  test("has new material, and the servers unseal as before", async () => {
    const key = await run(runbook.command("aws kms describe-key", { ALIAS }));
    await run(runbook.command("aws kms rotate-key-on-demand", { KEY: key.trim() }));
    await restart();
  });

  test("is another one: after a restart Vault writes its keys anew", async () => {
    const next = await newKey();
    await run(runbook.command("aws kms update-alias", { ALIAS, KEY: next }));
    // By its id, because the emulator goes on encrypting with the key that an alias was made for.
    await vault.configure(next);
    await restart();
    expect(vault.log()).toContain("upgrading stored keys");
  });
});

test("recovery shares are made anew by the holders of the old ones, which are void then", async () => {
  const key = await newKey();
  const vault = await OwnVault.start({ keyId: key });
  const { recovery_keys_base64: old } = await vault.done("PUT", "sys/init", undefined, {
    recovery_shares: 5,
    recovery_threshold: 3,
  });
  await vault.isActive();
  const at = { VAULT_ADDR: vault.addresses[0], VAULT_CACERT: caFile };
  await run(runbook.command("vault operator rekey -target=recovery -init"), "", at);
  const { nonce } = await vault.done("GET", "sys/rekey-recovery-key/init");
  const enter = runbook.command("vault operator rekey -target=recovery -nonce", { NONCE: nonce });
  let output = "";
  for (const share of old.slice(0, 3)) output = await run(`${enter} -`, share, at);
  const fresh = [...output.matchAll(/^Key \d: (\S+)$/gm)].map(([, share]) => share);
  expect(fresh).toHaveLength(5);

  const accepts = async (shares: readonly string[]) => {
    const attempt = await vault.done("PUT", "sys/generate-root/attempt", undefined, {});
    let status = 0;
    for (const share of shares) {
      const body = { key: share, nonce: attempt.nonce };
      ({ status } = await vault.ask("PUT", "sys/generate-root/update", { body }));
    }
    await vault.ask("DELETE", "sys/generate-root/attempt");
    return status;
  };
  expect(await accepts(old.slice(0, 3))).toBe(400);
  expect(await accepts(fresh.slice(2))).toBe(200);
  await vault.stop();
});

test("a renewed certificate is shown by the same process: the sidecar has Vault read it again", async () => {
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
  // This server alone, and not the platform's, which are called vault as well.
  mkdirSync(join(folder, "bin"));
  writeFileSync(join(folder, "bin", "pidof"), `#!/bin/sh\necho ${pid}\n`);
  chmodSync(join(folder, "bin", "pidof"), 0o755);
  const sidecar: ChildProcess = spawn("sh", [join(scripts, "reload-certificate.sh")], {
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
    // It did not seal itself meanwhile, and whoever trusts the new certificate is served.
    expect((await vault.ask("GET", "sys/health")).status).toBe(200);
  } finally {
    await stop(sidecar, "SIGKILL");
    await vault.stop();
    rmSync(folder, { recursive: true });
  }
});

/** Serial number of the certificate that a server shows. */
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
