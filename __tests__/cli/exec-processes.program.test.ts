import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Project } from "./support/project";
import { programPath, testWithPrograms } from "../support/needs";
import { StandInVault } from "../support/servers/stand-in-vault";

// Starting programs takes time on a busy machine.
jest.setTimeout(60_000);

let vault: StandInVault;
let project: Project;
beforeAll(async () => (vault = await StandInVault.start()));
afterAll(() => vault.stop());
beforeEach(() => {
  vault.seen = [];
  vault.answer = { status: 200, body: { auth: { client_token: "hvs.session" } } };
  project = new Project();
  // Environment with a CA that is created in its cluster. Its Vault is the server above.
  project.write(
    "settings.json",
    JSON.stringify({
      kubernetes: { customResourceGroups: ["trust.cert-manager.io"] },
      vault: { endpoint: vault.url, tls: { issuer: null } },
    }),
  );
  project.write("ca.crt", vault.ca);
  kubectl("echo jwt-of-kubectl");
});
afterEach(() => project.remove());

/** Stand-in for kubectl that returns the CA, opens a port-forward, and records its arguments. */
const kubectl = (token: string) =>
  project.write(
    "bin/kubectl",
    `#!/bin/sh
cd "${project.folder}"
echo "$*" >>kubectl-calls
env >>kubectl-env
case "$*" in
  *"get configmap vault-ca"*) cat ca.crt ;;
  *port-forward*)
    echo $$ >forward
    echo "Forwarding from 127.0.0.1:${vault.port} -> 8200"
    exec sleep 60 ;;
  *"create token"*) ${token} ;;
esac
`,
  );

const has = (name: string) => existsSync(join(project.folder, name));
const settings = () => ({ CLUSTER_SETTINGS: join(project.folder, "settings.json") });
const exec = (args: string[], script: string) =>
  project.call(["exec", "--env", "cluster", ...args, "--", "sh", "-c", script], settings());

/** Starts exec and sends a signal only to it once the command has started. @returns its outcome */
async function interrupted(signal: NodeJS.Signals, script: string, args: string[] = []) {
  const child = start(process.execPath, [
    ...CLI,
    "exec",
    "--env",
    "cluster",
    ...args,
    "--",
    "sh",
    "-c",
    script,
  ]);
  await until(() => has("begun"));
  child.kill(signal);
  return ended(child);
}

const CLI = ["--import", "tsx", "cli/main.ts"];

function start(program: string, args: readonly string[]): ChildProcess {
  const env = { ...process.env, ...settings(), PATH: `${project.folder}/bin:${process.env.PATH}` };
  return spawn(program, args, { cwd: project.folder, env });
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once("close", resolve));
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((later) => setTimeout(later, 20));
}

const paths = () => vault.seen.map(({ path }) => path);
const LOGIN = "/v1/auth/terraform/login";
const REVOCATION = "/v1/auth/token/revoke-self";

/** Waits until the port-forward has ended, whether or not its exit was collected. */
async function forwardEnded(): Promise<void> {
  const stat = `/proc/${project.read("forward").trim()}/stat`;
  await until(() => !existsSync(stat) || / Z /.test(readFileSync(stat, "utf8")));
}

test("gives the login only to the command, returns its exit code and revokes the login", async () => {
  const script = 'env >command-env; cp "$VAULT_CACERT" its-ca; echo "$1 said"; exit 7';
  const { code, stdout } = await exec(["--port-forward"], script);
  expect({ code, stdout }).toEqual({ code: 7, stdout: " said\n" });
  expect(project.read("command-env")).toContain("VAULT_TOKEN=hvs.session\n");
  expect(project.read("its-ca")).toBe(vault.ca);
  expect(project.read("kubectl-env")).not.toContain("hvs.session");
  expect(vault.seen).toMatchObject([{ path: LOGIN }, { path: REVOCATION, token: "hvs.session" }]);
  await forwardEnded();
});

test("reads a CA that the cluster created from its ConfigMap", async () => {
  expect(await exec([], "true")).toMatchObject({ code: 0 });
  expect(project.read("kubectl-calls")).toContain(
    "-n vault get configmap vault-ca -o=jsonpath={.data.ca\\.crt}\n",
  );
});

test("returns the shell's exit code for a command that a signal ended", async () => {
  expect(await exec([], "kill -9 $$")).toMatchObject({ code: 137 });
});

test("reports a command that cannot be started and revokes the login", async () => {
  const { code, output } = await project.call(
    ["exec", "--env", "cluster", "--", "no-such-program"],
    settings(),
  );
  expect(output).toBe("no-such-program cannot be run: spawn no-such-program ENOENT\n");
  expect(code).toBe(1);
  expect(paths()).toEqual([LOGIN, REVOCATION]);
});

test("prints a refused revocation and returns the command's exit code", async () => {
  const refused = exec([], "touch begun; while [ ! -e go ]; do sleep 0.05; done; exit 5");
  await until(() => has("begun"));
  vault.answer = { status: 403, body: { errors: ["permission denied"] } };
  project.write("go", "");
  const { code, output } = await refused;
  expect(output).toMatch(/^note: the login was not revoked and ends by itself .*permission denied/);
  expect(code).toBe(5);
});

test("waits for a slow command to end before it revokes the login and ends the port-forward", async () => {
  // Longer than the timeout for programs without unsaved state.
  const script = 'trap "sleep 11; touch ended; exit 0" TERM; touch begun; while :; do sleep 0.05; done';
  expect(await interrupted("SIGTERM", script, ["--port-forward"])).toBe(143);
  expect(has("ended")).toBe(true);
  expect(paths()).toEqual([LOGIN, REVOCATION]);
  await forwardEnded();
});

test.each([
  ["SIGHUP", "HUP", 129],
  ["SIGINT", "INT", 130],
] as const)("passes %s to the command unchanged", async (signal, name, expected) => {
  const script = `trap "touch ended; exit 3" ${name}; touch begun; while :; do sleep 0.05; done`;
  expect(await interrupted(signal, script)).toBe(expected);
  expect(has("ended")).toBe(true);
  expect(paths()).toEqual([LOGIN, REVOCATION]);
});

test("passes each further signal to the command", async () => {
  const script =
    'trap "echo told >>told" TERM; touch begun; while ! grep -c told told | grep -q 2; do sleep 0.05; done';
  const child = start(process.execPath, [...CLI, "exec", "--env", "cluster", "--", "sh", "-c", script]);
  await until(() => has("begun"));
  child.kill("SIGTERM");
  await until(() => has("told"));
  child.kill("SIGTERM");
  expect(await ended(child)).toBe(143);
  expect(project.read("told")).toBe("told\ntold\n");
});

testWithPrograms("script")(
  "delivers Ctrl-C to the command once and keeps Vault reachable until the login is revoked",
  async () => {
    project.write(
      "command",
      '#!/bin/sh\ntrap "echo told >>told" INT\ntouch begun\nwhile [ ! -e told ]; do sleep 0.05; done\nsleep 0.5\n',
    );
    const line = `"${process.execPath}" ${CLI.join(" ")} exec --env cluster --port-forward -- ./command`;
    const terminal = start(programPath("script"), [
      "--quiet",
      "--flush",
      "--return",
      "--command",
      line,
      "/dev/null",
    ]);
    await until(() => has("begun"));
    terminal.stdin!.write("\x03");
    expect(await ended(terminal)).toBe(130);
    expect(project.read("told")).toBe("told\n");
    expect(paths()).toEqual([LOGIN, REVOCATION]);
    await forwardEnded();
  },
);

test("does not start the command if it is interrupted during the login", async () => {
  kubectl("touch begun; exec sleep 60");
  expect(await interrupted("SIGTERM", "touch started", ["--port-forward"])).toBe(143);
  expect(has("started")).toBe(false);
  await forwardEnded();
});
