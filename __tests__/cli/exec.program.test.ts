import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { serviceAccountOf } from "../../cli/commands/exec";
import { type RoleServiceAccount, VaultSession } from "../../cli/vault-session";
import { loadEnvironments } from "../../platform/load";
import { namespaced } from "../stacks/support/team-namespaces";
import { StandInVault, vaultCertificate } from "../support/servers/stand-in-vault";

const root = resolve(__dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "exec-"));
const file = (name: string) => join(folder, name);

let vault: StandInVault;
beforeAll(async () => (vault = await StandInVault.start()));
afterAll(async () => {
  await vault.stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  vault.seen = [];
  vault.answer = { status: 200, body: { auth: { client_token: "hvs.session" } } };
  kubectl('printf "%s\\n" "$*" >>"$KUBECTL_LOG"; echo jwt-of-kubectl');
  rmSync(file("log"), { force: true });
});

const kubectl = (body: string) => writeFileSync(file("kubectl"), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
const open = (address?: string, serviceAccount?: RoleServiceAccount) =>
  VaultSession.open({
    address,
    serviceAccount,
    namespace: "vault",
    caCertificates: vault.ca,
    env: { PATH: `${folder}:${process.env.PATH}`, KUBECTL_LOG: file("log") },
  });

test("logs in with a ten-minute token for Vault and revokes the login with the session", async () => {
  const session = await open(vault.url);
  expect(readFileSync(file("log"), "utf8")).toBe(
    "--request-timeout=30s -n vault create token vault-terraform --audience=vault --duration=600s\n",
  );
  expect(vault.seen).toEqual([
    { path: "/v1/auth/terraform/login", token: undefined, body: { role: "deploy", jwt: "jwt-of-kubectl" } },
  ]);
  const { environment } = session;
  expect(environment).toMatchObject({
    VAULT_ADDR: vault.url,
    VAULT_TOKEN: "hvs.session",
    TF_VAR_vault_address: vault.url,
  });
  expect(environment).not.toHaveProperty("VAULT_TLS_SERVER_NAME");
  expect(readFileSync(environment.VAULT_CACERT, "utf8")).toContain("BEGIN CERTIFICATE");
  expect(statSync(environment.VAULT_CACERT).mode & 0o777).toBe(0o600);

  await session.close();
  expect(vault.seen[1]).toEqual({ path: "/v1/auth/token/revoke-self", token: "hvs.session", body: {} });
  expect(existsSync(dirname(environment.VAULT_CACERT))).toBe(false);
});

test("logs in another ServiceAccount with the role of its name", async () => {
  const session = await open(vault.url, { namespace: "production", name: "payment-service" });
  await session.close();
  expect(readFileSync(file("log"), "utf8")).toContain(
    "-n production create token payment-service --audience=vault --duration=600s\n",
  );
  expect(vault.seen[0]).toMatchObject({
    path: "/v1/auth/kubernetes/login",
    body: { role: "payment-service", jwt: "jwt-of-kubectl" },
  });
});

test("logs in a service, and its command, in the Enterprise namespace of its team", async () => {
  const [environment] = loadEnvironments([namespaced]);
  const session = await open(vault.url, serviceAccountOf("production/ledger", environment));
  expect(session.environment).toMatchObject({ VAULT_NAMESPACE: "teams/books" });
  await session.close();
  expect(vault.seen.map(({ path }) => path)).toEqual([
    "/v1/teams/books/auth/kubernetes/login",
    "/v1/teams/books/auth/token/revoke-self",
  ]);
  for (const other of ["tools/importer", "elsewhere/ledger"])
    expect(serviceAccountOf(other, environment).enterpriseNamespace).toBeUndefined();
});

test("checks the active server's certificate through a port-forward and ends the port-forward", async () => {
  kubectl(`case "$*" in
    *port-forward*) echo $$ >"$KUBECTL_LOG.pid"; echo "Forwarding from 127.0.0.1:${vault.port} -> 8200"; exec sleep 60 ;;
    *) echo jwt ;;
  esac`);
  const session = await open();
  expect(session.environment).toMatchObject({
    VAULT_ADDR: vault.url,
    VAULT_TLS_SERVER_NAME: "vault-active.vault.svc",
  });
  await session.close();
  const pid = Number(readFileSync(`${file("log")}.pid`, "utf8"));
  await new Promise((later) => setTimeout(later, 200));
  expect(() => process.kill(pid, 0)).toThrow();
});

test("reports Vault's reason for a refused login", async () => {
  vault.answer = { status: 403, body: { errors: ["permission denied"] } };
  await expect(open(vault.url)).rejects.toThrow(
    /did not take auth\/terraform\/login: status 403, .*permission denied/,
  );
});

test("does not log in to a Vault whose certificate another CA signed", async () => {
  const other = await vaultCertificate();
  await expect(
    VaultSession.open({
      address: vault.url,
      namespace: "vault",
      caCertificates: other.cert,
      env: { PATH: `${folder}:${process.env.PATH}`, KUBECTL_LOG: file("log") },
    }),
  ).rejects.toThrow(/did not take auth\/terraform\/login: .*(self-signed|certificate)/);
  expect(vault.seen).toEqual([]);
});

test("prints the error of kubectl", async () => {
  kubectl('echo "error: You must be logged in to the server" >&2; exit 1');
  await expect(open(vault.url)).rejects.toThrow(
    "kubectl create token vault-terraform failed:\nerror: You must be logged in to the server",
  );
});

test("reports a port-forward that ends, with kubectl's exit code", async () => {
  kubectl('echo "error: services vault-active not found" >&2; exit 1');
  await expect(open()).rejects.toThrow(/The port-forward to Vault failed: kubectl ended with 1/);
});

const call = (...args: string[]) =>
  spawnSync(process.execPath, ["--import", "tsx", "cli/main.ts", "exec", ...args], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, PATH: `${folder}:${process.env.PATH}`, VAULT_CACERT: undefined },
  });

test.each([
  [["--", "true"], "exec requires --env."],
  [["--env", "prod", "--", "true"], '--env must be one of local, dev, staging, production; got "prod".'],
  [["--env", "production"], "exec requires a command after --."],
  [["--env", "production", "--"], "exec requires a command after --."],
  [["production", "--", "true"], "exec takes a command after -- and no other arguments."],
  [["--env", "production", "vault", "status"], "exec takes a command after -- and no other arguments."],
  [
    ["--env", "production", "--service-account", "payment-service", "--", "true"],
    '--service-account must be NAMESPACE/NAME, such as vault/secret-writer, got "payment-service".',
  ],
  [
    ["--env", "production", "--ca", "/nowhere", "--", "true"],
    '--ca or VAULT_CACERT must be a file, got "/nowhere"',
  ],
])("rejects exec %j", (args, message) => {
  const { status, stderr } = call(...args);
  expect(stderr).toContain(message);
  expect(status).toBe(1);
});

test("reports a CA that the cluster cannot return, with kubectl's error and a fix", () => {
  kubectl(`echo 'Error from server (NotFound): configmaps "vault-ca" not found' >&2; exit 1`);
  const { status, stderr } = call("--env", "dev", "--", "true");
  expect(stderr).toBe(
    [
      "The environment dev names no CA certificates, because its cluster makes them, and ConfigMap vault-ca of namespace " +
        "vault could not be read: kubectl get configmap vault-ca failed:",
      'Error from server (NotFound): configmaps "vault-ca" not found',
      "It is there once the cluster layer is deployed; give the certificates by --ca FILE where the cluster cannot be asked.",
      "",
    ].join("\n"),
  );
  expect(status).toBe(1);
});
