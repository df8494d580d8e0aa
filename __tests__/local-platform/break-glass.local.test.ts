import { spawnSync } from "node:child_process";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Custodian } from "./custodians";
import { describeUnless, missingPrograms, programPath } from "../support/needs";
import { imageShell } from "../support/shells";
import { aws } from "./jobs";
import { OwnVault } from "./own-vault";
import { Runbook } from "./runbook";
import { eventually } from "./support";

const breakGlass = new Runbook("../break-glass");
const OPEN = `for pod in vault-0 vault-1 vault-2; do kubectl -n vault exec $pod -c vault -- sh -c 'echo`;
const CLOSE = `for pod in vault-0 vault-1 vault-2; do kubectl -n vault exec $pod -c vault -- sh -c 'sed`;
const PROVE = "for pod in vault-0 vault-1 vault-2; do kubectl -n vault exec $pod -c vault -- vault operator";

let vault: OwnVault;
/** Operator with exec access to the pods. */
let admin: Custodian;
beforeAll(async () => {
  const { KeyId } = JSON.parse(await aws("kms", "create-key")).KeyMetadata;
  vault = await OwnVault.start({ keyId: KeyId, replicas: 3 });
  await vault.initialise();
  await eventually("all servers are unsealed", 60, async () => {
    const answers = await Promise.all(
      vault.addresses.map((address) => vault.ask("GET", "sys/seal-status", {}, address)),
    );
    return answers.every(({ text }) => !JSON.parse(text).sealed);
  });
  admin = new Custodian(1);
});
afterAll(async () => {
  admin?.leave();
  await vault?.stop();
});

/** Runs a command of the page. `kubectl exec` runs on this machine in place of the server's container. */
async function run(command: string): Promise<{ status: number | null; output: string }> {
  const places = vault.servers.map(
    ({ name, address, configuration, child }) =>
      `${name}) export VAULT_ADDR=${address}; file=${configuration}; pid=${child!.pid} ;;`,
  );
  const kubectl = join(admin.home, "kubectl");
  writeFileSync(
    kubectl,
    `#!/bin/sh
[ "$1 $2 $3 $5 $6 $7" = "-n vault exec -c vault --" ] || exit 64
case "$4" in
${places.join("\n")}
esac
shift 7
if [ "$1 $2" != "sh -c" ]; then exec "$@"; fi
script=$(printf %s "$3" | sed "s|/tmp/storageconfig.hcl|$file|g; s|\\$(pidof vault)|$pid|")
exec ${imageShell.join(" ")} -c "$script"
`,
  );
  chmodSync(kubectl, 0o755);
  const { status, stdout, stderr } = await admin.try(`PATH="$HOME:$PATH"; ${command}`, vault.addresses[0]);
  return { status, output: stdout + stderr };
}

const configurations = () => vault.servers.map(({ configuration }) => readFileSync(configuration, "utf8"));
const reloads = () => vault.log().split("Vault reload triggered").length - 1;
const processes = () => vault.servers.map(({ child }) => [child!.pid, child!.exitCode]);

/** Runs a command and waits until every server has reloaded its configuration. */
async function reload(command: string): Promise<void> {
  const before = reloads();
  expect(await run(command)).toEqual({ status: 0, output: "" });
  await eventually("three servers have reloaded", 30, async () => reloads() === before + 3);
}

test("reloads every server on opening and closing, without a restart, and restores the configuration", async () => {
  const [files, running] = [configurations(), processes()];
  await reload(breakGlass.command(OPEN));
  expect(configurations()).toEqual(
    files.map((text) => `${text}enable_unauthenticated_access = ["generate-root"]\n`),
  );
  await reload(breakGlass.command(CLOSE));
  expect(configurations()).toEqual(files);
  expect(processes()).toEqual(running);
  expect((await vault.ask("GET", "sys/health")).status).toBe(200);
});

test("accepts the configuration in a server that starts while it is open", async () => {
  await reload(breakGlass.command(OPEN));
  await vault.kill("SIGTERM");
  await vault.startAll();
  await vault.isActive();
  await reload(breakGlass.command(CLOSE));
});

/** Requires Vault 2.0: in earlier versions the endpoints need no token. */
function missingVault2(): string | undefined {
  const missing = missingPrograms("vault");
  if (missing) return missing;
  const { stdout } = spawnSync(programPath("vault"), ["version"], { encoding: "utf8" });
  return Number(/^Vault v(\d+)/.exec(stdout)?.[1]) >= 2
    ? undefined
    : `this is for Vault 2.0 and later, and ${stdout.trim()} is on PATH`;
}

describeUnless(missingVault2())("generate-root of Vault 2.0 and later", () => {
  /** Number of servers that answer without a token. */
  const open = async () => (await run(breakGlass.command(PROVE))).output.split(/^Started /m).length - 1;

  test("is refused without a token at every server before opening and after closing", async () => {
    const closed = await run(breakGlass.command(PROVE));
    expect(closed.output.match(/Code: 403/g)).toHaveLength(3);
    await reload(breakGlass.command(OPEN));
    expect(await open()).toBe(3);
    await reload(breakGlass.command(CLOSE));
    expect(await open()).toBe(0);
  });

  test("needs no opening with a token", async () => {
    const root = await vault.done("POST", "auth/token/create", vault.rootToken, {
      policies: ["root"],
      ttl: "5m",
    });
    const token = root.auth.client_token;
    expect((await vault.ask("GET", "sys/generate-root/attempt", { token })).status).toBe(200);
  });
});
