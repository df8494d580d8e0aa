import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { VaultSession } from "../../cli/vault-session";

const root = resolve(__dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "connect-"));
const file = (name: string) => join(folder, name);

interface Seen {
  readonly path: string;
  readonly token?: string;
  readonly body: Record<string, string>;
}

let vault: Server;
let seen: Seen[] = [];
let answer: { status: number; body: object };
beforeAll(async () => {
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1"];
  const names = ["-addext", "subjectAltName=IP:127.0.0.1,DNS:vault-active.vault.svc"];
  execFileSync(
    "openssl",
    ["req", "-x509", ...key, "-subj", "/CN=vault", ...names, "-keyout", file("key"), "-out", file("ca")],
    { stdio: "ignore" },
  );
  vault = createServer(
    { key: readFileSync(file("key")), cert: readFileSync(file("ca")) },
    (request, response) => {
      let text = "";
      request.on("data", (part) => (text += part));
      request.on("end", () => {
        const token = request.headers["x-vault-token"] as string | undefined;
        seen.push({ path: request.url!, token, body: JSON.parse(text) });
        response.writeHead(answer.status).end(JSON.stringify(answer.body));
      });
    },
  );
  await new Promise<void>((listening) => vault.listen(0, "127.0.0.1", listening));
});
afterAll(() => {
  vault.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  seen = [];
  answer = { status: 200, body: { auth: { client_token: "hvs.session" } } };
  kubectl('printf "%s\\n" "$*" >>"$KUBECTL_LOG"; echo jwt-of-kubectl');
  rmSync(file("log"), { force: true });
});

const kubectl = (body: string) => writeFileSync(file("kubectl"), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
const port = () => (vault.address() as AddressInfo).port;
const open = (address?: string) =>
  VaultSession.open({
    address,
    namespace: "vault",
    caCertificates: readFileSync(file("ca"), "utf8"),
    env: { PATH: `${folder}:${process.env.PATH}`, KUBECTL_LOG: file("log") },
  });

test("a token of ten minutes, for Vault alone, becomes a login that ends with the session", async () => {
  const session = await open(`https://127.0.0.1:${port()}`);
  expect(readFileSync(file("log"), "utf8")).toBe(
    "-n vault create token vault-terraform --audience=vault --duration=600s\n",
  );
  expect(seen).toEqual([
    { path: "/v1/auth/terraform/login", token: undefined, body: { role: "deploy", jwt: "jwt-of-kubectl" } },
  ]);
  const { environment } = session;
  expect(environment).toMatchObject({
    VAULT_ADDR: `https://127.0.0.1:${port()}`,
    VAULT_TOKEN: "hvs.session",
    TF_VAR_vault_address: `https://127.0.0.1:${port()}`,
  });
  expect(environment).not.toHaveProperty("VAULT_TLS_SERVER_NAME");
  expect(readFileSync(environment.VAULT_CACERT, "utf8")).toContain("BEGIN CERTIFICATE");

  await session.close();
  expect(seen[1]).toEqual({ path: "/v1/auth/token/revoke-self", token: "hvs.session", body: {} });
  expect(existsSync(dirname(environment.VAULT_CACERT))).toBe(false);
});

test("through a port-forward the certificate is still that of the active server", async () => {
  kubectl(`case "$*" in
    *port-forward*) echo $$ >"$KUBECTL_LOG.pid"; echo "Forwarding from 127.0.0.1:${port()} -> 8200"; exec sleep 60 ;;
    *) echo jwt ;;
  esac`);
  const session = await open();
  expect(session.environment).toMatchObject({
    VAULT_ADDR: `https://127.0.0.1:${port()}`,
    VAULT_TLS_SERVER_NAME: "vault-active.vault.svc",
  });
  await session.close();
  const pid = Number(readFileSync(`${file("log")}.pid`, "utf8"));
  await new Promise((later) => setTimeout(later, 200));
  expect(() => process.kill(pid, 0)).toThrow();
});

test("a login that Vault refuses is told with Vault's reason, and nothing is left", async () => {
  answer = { status: 403, body: { errors: ["permission denied"] } };
  await expect(open(`https://127.0.0.1:${port()}`)).rejects.toThrow(
    /did not take auth\/terraform\/login: status 403, .*permission denied/,
  );
});

test("another Vault than the one whose CA is known is not logged in to", async () => {
  const other = file("other");
  execFileSync(
    "openssl",
    [
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:prime256v1",
      "-nodes",
      "-subj",
      "/CN=x",
      "-keyout",
      `${other}.key`,
      "-out",
      other,
    ],
    { stdio: "ignore" },
  );
  await expect(
    VaultSession.open({
      address: `https://127.0.0.1:${port()}`,
      namespace: "vault",
      caCertificates: readFileSync(other, "utf8"),
      env: { PATH: `${folder}:${process.env.PATH}`, KUBECTL_LOG: file("log") },
    }),
  ).rejects.toThrow(/did not take auth\/terraform\/login: .*(self-signed|certificate)/);
  expect(seen).toEqual([]);
});

test("what kubectl says when it fails is passed on", async () => {
  kubectl('echo "error: You must be logged in to the server" >&2; exit 1');
  await expect(open(`https://127.0.0.1:${port()}`)).rejects.toThrow(
    "kubectl create token vault-terraform failed:\nerror: You must be logged in to the server",
  );
});

test("a port-forward that ends is told with what kubectl said", async () => {
  kubectl('echo "error: services vault-active not found" >&2; exit 1');
  await expect(open()).rejects.toThrow(/The port-forward to Vault failed: kubectl ended with 1/);
});

const call = (...args: string[]) =>
  spawnSync(process.execPath, ["--import", "tsx", "cli/main.ts", "connect", ...args], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, VAULT_CACERT: undefined },
  });

test.each([
  [[], "The environment must be one of local, dev, staging, production; got none."],
  [["prod"], "The environment must be one of local, dev, staging, production; got prod."],
  [["production"], "Got no command to run; write it after --, such as: connect production -- vault status"],
  [
    ["dev", "--", "true"],
    "The environment dev names no CA certificates, because its cluster makes them; give them by --ca FILE",
  ],
  [["production", "--ca", "/nowhere", "--", "true"], "--ca or VAULT_CACERT must be a file, got /nowhere"],
])("connect %j is refused", (args, message) => {
  const { status, stderr } = call(...args);
  expect(stderr).toContain(message);
  expect(status).toBe(1);
});
