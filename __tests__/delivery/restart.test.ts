import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TerraformStack, Testing } from "cdktf";
import { Duration } from "../../constructs/core/duration";
import { InjectedDeployment } from "../../constructs/delivery/injected-deployment";
import { identity, vault } from "./support/delivery";
import { describeWithPrograms, findProgram } from "../support/needs";
import { toolsOfVaultImage } from "../support/shells";
import { TestAgent, until } from "./support/vault-agent";
import { DevVault } from "../support/servers/dev-vault";

jest.setTimeout(60_000);

/** Application that logs its password at the start and the signal that ends it. */
class Application {
  readonly folder = mkdtempSync(join(tmpdir(), "vault-restart-"));
  // One character longer than the article's name, at which length the kernel truncates process names.
  readonly name = `payment-${randomUUID().slice(0, 8)}`;
  readonly program = join(this.folder, this.name);
  readonly log = join(this.folder, "log");

  constructor() {
    writeFileSync(
      this.program,
      `#!/bin/sh\ntrap 'echo ended >>${this.log}; exit 0' TERM\necho "started with $DB_PASSWORD" >>${this.log}\nwhile :; do sleep 0.1; done\n`,
    );
    chmodSync(this.program, 0o755);
    writeFileSync(this.log, "");
  }

  get lines(): string[] {
    return readFileSync(this.log, "utf8").split("\n").slice(0, -1);
  }
}

function deploymentOf(application: Application): InjectedDeployment {
  const deployment = new InjectedDeployment(new TerraformStack(Testing.app(), "test"), "Service", {
    vault,
    identity,
    image: "myorg/payment-service:v1.2.3",
    command: [application.program],
  });
  deployment.injection.addDatabaseCredentials("db", {
    role: "payment-service-role",
    leaseTtl: Duration.hours(1),
  });
  return deployment;
}

const applications: Application[] = [];
const running: ChildProcess[] = [];
const tools = findProgram("busybox") ? toolsOfVaultImage() : "";

function application(): Application {
  applications.push(new Application());
  return applications.at(-1)!;
}

/** Starts a process that is killed after the test. The promise resolves when it exits. */
function run(program: string, args: string[] = []): Promise<unknown> {
  const child = spawn(program, args);
  running.push(child);
  return new Promise((resolve) => child.on("exit", resolve));
}

afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
  for (const { folder } of applications.splice(0)) rmSync(folder, { recursive: true });
});
afterAll(() => tools && rmSync(tools, { recursive: true }));

describeWithPrograms("vault", "busybox")("an application with rotated credentials", () => {
  let server: DevVault;
  beforeAll(async () => {
    server = await DevVault.start({ hasSecrets: true });
    await server.write("sys/mounts/database", { type: "kv", options: { version: "1" } });
  });
  afterAll(() => server.stop());

  test("is stopped by the agent and gets the new credentials at its next start", async () => {
    const credentials = (password: string) =>
      server.write("database/creds/payment-service-role", { username: "v-1", password, ttl: "2s" });
    await credentials("first");
    const app = application();
    const agent = new TestAgent(server, deploymentOf(app).injection.annotations, tools);
    // The init container renders first, before an application runs.
    expect(await agent.renderOnce()).toBe(0);
    agent.start();
    const start = () => run("sh", ["-c", `. ${join(agent.secrets, "db")} && exec "$@"`, "sh", app.program]);
    const first = start();
    await until(() => app.lines.length === 1);
    await credentials("second");
    await first;
    void start();
    await until(() => app.lines.length === 3);
    await agent.stop();
    expect(app.lines).toEqual(["started with first", "ended", "started with second"]);
  });
});

describeWithPrograms("busybox")("restart command in the shell of the Vault image", () => {
  function runCommand(app: Application) {
    const command = deploymentOf(app).injection.annotations["vault.hashicorp.com/agent-inject-command-db"];
    return spawnSync(join(tools, "sh"), ["-c", command], { env: { PATH: tools }, encoding: "utf8" });
  }

  test("succeeds if the application does not run yet", () => {
    expect(runCommand(application())).toMatchObject({ status: 0, stdout: "", stderr: "" });
  });

  test("stops only the application", async () => {
    const app = application();
    const other = application();
    const ended = run(app.program);
    void run(other.program);
    await until(() => app.lines.length === 1 && other.lines.length === 1);
    expect(runCommand(app).status).toBe(0);
    await ended;
    expect(app.lines).toEqual(["started with ", "ended"]);
    expect(other.lines).toEqual(["started with "]);
  });
});
