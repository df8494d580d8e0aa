import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { join } from "node:path";
import { cdktfEnvironment } from "../../cli/cdktf-environment";
import { LazyForward } from "../../cli/lazy-forward";
import { renderShell } from "../../cli/shell";
import { dev } from "../../environments/dev";
import { loadEnvironments } from "../../platform/load";
import { programPath, testWithPrograms } from "../support/needs";
import { Project } from "./support/project";

jest.setTimeout(120_000);

describe("renderShell", () => {
  const values = {
    PLAIN: "https://127.0.0.1:8200",
    QUOTES: `it's "quoted" and \\back`,
    COMMANDS: "$(touch hacked) `touch hacked`; touch hacked",
    LINES: "first\nsecond\n",
    EMPTY: "",
  };

  for (const shell of ["sh", "bash", "zsh", "fish"] as const) {
    testWithPrograms(shell)(`sets the exact values in ${shell} and runs none of them`, () => {
      const project = new Project();
      const script = [
        renderShell(shell === "fish" ? "fish" : "sh", values, ["GONE"]),
        `${process.execPath} -e 'console.log(JSON.stringify(process.env))'`,
      ].join("\n");
      const { stdout } = spawnSync(programPath(shell), ["-c", script], {
        cwd: project.folder,
        env: { ...process.env, GONE: "x" },
        encoding: "utf8",
      });
      const env = JSON.parse(stdout);
      expect(env).toMatchObject(values);
      expect(env).not.toHaveProperty("GONE");
      expect(existsSync(join(project.folder, "hacked"))).toBe(false);
      project.remove();
    });
  }
});

describe("env", () => {
  let project: Project;
  const variables = {
    AWS_ENDPOINT_URL: "http://127.0.0.1:5999",
    TF_VAR_vault_address: "https://127.0.0.1:6003",
  };
  beforeEach(() => {
    project = new Project();
    project.write("first-password", "planted-password");
    project.write(
      ".local/environment.json",
      JSON.stringify({
        variables,
        files: { TF_VAR_payments_db_initial_password: join(project.folder, "first-password") },
        foreign: "^(AWS_|VAULT_|KUBE|TF_VAR_)",
      }),
    );
    project.write("bin/kubectl", "#!/bin/sh\necho CA-of-the-cluster\n");
  });
  afterEach(() => project.remove());

  const caller = { AWS_PROFILE: "production", KUBECONFIG: "/my/kubeconfig", VAULT_CACERT: undefined };

  test("prints the variables of the local platform, unsets foreign ones and prints no password", async () => {
    const { code, stdout } = await project.call(["env", "--env", "local"], caller);
    expect(code).toBe(0);
    expect(stdout).toContain("export AWS_ENDPOINT_URL='http://127.0.0.1:5999'\n");
    expect(stdout).toMatch(/^unset .*\bAWS_PROFILE\b.*\bKUBECONFIG\b/m);
    expect(stdout).not.toContain("planted-password");
  });

  test("runs a command with these variables and the initial passwords", async () => {
    const script =
      "console.log([process.env.AWS_ENDPOINT_URL, process.env.AWS_PROFILE, process.env.TF_VAR_payments_db_initial_password].join())";
    const args = ["env", "--env", "local", "--", process.execPath, "-e", script];
    const { code, stdout } = await project.call(args, caller);
    expect(stdout).toBe("http://127.0.0.1:5999,,planted-password\n");
    expect(code).toBe(0);
    const failing = await project.call(["env", "--env", "local", "--", "sh", "-c", "exit 7"], caller);
    expect(failing.code).toBe(7);
  });

  test("prints the variables of a shared environment and keeps the caller's AWS credentials", async () => {
    const { code, stdout } = await project.call(["env", "--env", "dev"], caller);
    expect(code).toBe(0);
    const ca = join(project.folder, "cdktf.out/vault-ca/dev.crt");
    expect(stdout.trim().split("\n")).toEqual([
      "export KUBECONFIG='/my/kubeconfig'",
      "export KUBE_CONFIG_PATH='/my/kubeconfig'",
      "export VAULT_ADDR='https://vault.dev.example.com'",
      "export TF_VAR_vault_address='https://vault.dev.example.com'",
      `export VAULT_CACERT='${ca}'`,
      expect.stringContaining("export VAULT_PLATFORM_VARIABLES="),
    ]);
    expect(readFileSync(ca, "utf8")).toContain("CA-of-the-cluster");
  });

  test("unsets the variables of another environment", async () => {
    const { stdout } = await project.call(["env", "--env", "dev"], {
      ...caller,
      ...variables,
      VAULT_PLATFORM_VARIABLES: Object.keys(variables).join(" "),
    });
    expect(stdout).toMatch(/^unset AWS_ENDPOINT_URL$/m);
    expect(stdout).toContain("export TF_VAR_vault_address='https://vault.dev.example.com'");
  });

  test.each([
    [["--env", "prod"], "--env must be one of local, dev, staging, production"],
    [["--env", "dev", "--shell", "csh"], '--shell must be sh, fish, got "csh"'],
    [["--env", "dev", "--port-forward"], "--port-forward requires a command after --"],
    [[], "env requires --env."],
    [["--evn", "dev"], 'Got the option "--evn" (did you mean --env?)'],
    [["dev"], "env takes a command after -- and no other arguments."],
  ])("rejects %j, and the eval of its output fails", async (args, message) => {
    const { code, stdout, output } = await project.call(["env", ...args], caller);
    expect(code).toBe(1);
    expect(output).toContain(message);
    expect(spawnSync("sh", ["-c", `eval "$1"`, "sh", stdout]).status).toBe(1);
  });

  test("fails if environment.json of the local platform is incomplete", async () => {
    project.write(".local/environment.json", "{");
    expect((await project.call(["env", "--env", "local"], caller)).output).toContain("is not whole");
  });
});

test("passes a list of kubeconfigs to Terraform's providers as a list", async () => {
  const [environment] = loadEnvironments([dev]);
  const { set } = await cdktfEnvironment(environment, {
    env: { KUBECONFIG: "/a:/b", VAULT_CACERT: __filename },
  });
  expect(set).toMatchObject({ KUBE_CONFIG_PATHS: "/a:/b", VAULT_CACERT: __filename });
  expect(set).not.toHaveProperty("KUBE_CONFIG_PATH");
});

test("starts a port-forward with the first connection and reuses it for later ones", async () => {
  const project = new Project();
  const echo = createServer((socket) => socket.pipe(socket));
  await new Promise<void>((done) => echo.listen(0, "127.0.0.1", done));
  const { port } = echo.address() as AddressInfo;
  project.write(
    "bin/kubectl",
    `#!/bin/sh\necho started >>"${project.folder}/forwards"\necho "Forwarding from 127.0.0.1:${port} -> 8200"\nexec sleep 60\n`,
  );
  const env = { ...process.env, PATH: `${join(project.folder, "bin")}:/usr/bin:/bin` };
  const forward = await LazyForward.open({ namespace: "vault", env });
  try {
    expect(existsSync(join(project.folder, "forwards"))).toBe(false);
    for (const text of ["one", "two"]) {
      const answer = await new Promise<string>((resolve, reject) => {
        const socket = connect(Number(new URL(forward.address).port), "127.0.0.1");
        socket.once("data", (data) => (resolve(String(data)), socket.destroy()));
        socket.once("error", reject);
        socket.write(text);
      });
      expect(answer).toBe(text);
    }
    expect(project.read("forwards")).toBe("started\n");
  } finally {
    await forward.close();
    echo.close();
    project.remove();
  }
});
