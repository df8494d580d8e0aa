import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { renderHcl } from "../../constructs/core/hcl";
import { Seal, SEAL_TOKEN_FILE, type TransitSealProps } from "../../constructs/server/seal";
import { localhostCertificate } from "../support/certificate";
import { freePort, stop, until } from "../support/servers/processes";
import { describeWithPrograms, programPath } from "../support/needs";

jest.setTimeout(60_000);

describeWithPrograms("vault")("a server with a transit seal", () => {
  const folder = mkdtempSync(join(tmpdir(), "transit-seal-"));
  const children: ChildProcess[] = [];
  let other: { address: string; ca: string };
  let own: { address: string; ca: string };
  let log = "";

  const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    const child = spawn(programPath("vault"), args, {
      env: { PATH: process.env.PATH, HOME: folder, SKIP_SETCAP: "1", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (log += text));
    children.push(child);
    return child;
  };
  const call = (
    { address, ca }: { address: string; ca: string },
    method: string,
    path: string,
    body?: object,
  ): Promise<{ status: number; body: Record<string, unknown> }> =>
    new Promise((resolve, reject) => {
      const sent = request(
        `${address}/v1/${path}`,
        { method, ca: readFileSync(ca), headers: { "X-Vault-Token": "other-root" } },
        (answer) => {
          let text = "";
          answer.on("data", (part) => (text += part));
          answer.on("end", () =>
            resolve({ status: answer.statusCode ?? 0, body: text ? JSON.parse(text) : {} }),
          );
        },
      );
      sent.on("error", reject);
      sent.end(body && JSON.stringify(body));
    });

  beforeAll(async () => {
    const port = await freePort();
    run([
      ...["server", "-dev", "-dev-tls", `-dev-tls-cert-dir=${folder}`, "-dev-no-store-token"],
      ...["-dev-root-token-id=other-root", `-dev-listen-address=127.0.0.1:${port}`],
    ]);
    other = { address: `https://127.0.0.1:${port}`, ca: join(folder, "vault-ca.pem") };
    await until(async () => expect((await call(other, "GET", "sys/health")).status).toBe(200));
    await call(other, "POST", "sys/mounts/transit", { type: "transit" });
    await call(other, "POST", "transit/keys/unseal");
    const { cert, key } = await localhostCertificate();
    writeFileSync(join(folder, "own.crt"), cert);
    writeFileSync(join(folder, "own.key"), key);
    writeFileSync(join(folder, "token"), "other-root");
  });
  afterEach(async () => {
    await Promise.all(children.splice(1).map((child) => stop(child, "SIGKILL")));
    log = "";
  });
  afterAll(async () => {
    await Promise.all(children.map((child) => stop(child, "SIGKILL")));
    rmSync(folder, { recursive: true, force: true });
  });

  /** Starts a server like the chart, with environment variables for clients of this Vault. */
  async function start(
    seal: Pick<TransitSealProps, "caCertFile">,
    cacert = join(folder, "own.crt"),
  ): Promise<void> {
    const port = await freePort();
    const { stanza } = Seal.transit({
      address: other.address,
      keyName: "unseal",
      token: { secretName: "transit", key: "token" },
      ...seal,
    }).configuration;
    const configuration = renderHcl([
      ["disable_mlock", true],
      {
        type: "listener",
        label: "tcp",
        body: [
          ["address", `127.0.0.1:${port}`],
          ["tls_cert_file", join(folder, "own.crt")],
          ["tls_key_file", join(folder, "own.key")],
        ],
      },
      { type: "storage", label: "inmem", body: [] },
      stanza!,
    ]).replace(SEAL_TOKEN_FILE, join(folder, "token"));
    writeFileSync(join(folder, "server.hcl"), configuration);
    own = { address: `https://localhost:${port}`, ca: join(folder, "own.crt") };
    run(["server", `-config=${join(folder, "server.hcl")}`], {
      VAULT_ADDR: own.address,
      VAULT_CACERT: cacert,
      VAULT_TOKEN: "a-token-of-this-vault",
    });
  }

  test("unseals with the transit seal, although VAULT_CACERT and VAULT_TOKEN are for this Vault", async () => {
    await start({ caCertFile: other.ca });
    await until(async () => expect((await call(own, "GET", "sys/health")).status).toBe(501));
    const shares = { recovery_shares: 1, recovery_threshold: 1 };
    expect((await call(own, "PUT", "sys/init", shares)).status).toBe(200);
    expect((await call(own, "GET", "sys/seal-status")).body).toMatchObject({
      type: "transit",
      sealed: false,
    });
  });

  test("verifies the other Vault by the image's public CAs, not by VAULT_CACERT", async () => {
    await start({}, other.ca);
    await until(async () => expect(log).toContain("certificate signed by unknown authority"));
  });
});
