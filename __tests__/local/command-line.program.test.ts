import { spawnSync } from "node:child_process";
import { type Server, createServer } from "node:net";
import { resolve } from "node:path";
import { UsageError, parseCall } from "../../cli/parse";
import { explain, local as group } from "../../local/main";
import { firstSteps } from "../../local/next-steps";
import { pathOfPrograms } from "../../local/parts";
import { selectOthers } from "../../local/plan-others";
import { choosePorts, freePort } from "../../local/ports";
import { renderTable } from "../../access/table";
import { isStill, untilWell } from "../../local/supervision";
import { UserError } from "../../constructs/core/user-error";
import { missingProviders, terraformEnvironment } from "../../local/terraform";

const root = resolve(__dirname, "../..");

const local = (args: string[], env: NodeJS.ProcessEnv = process.env) =>
  spawnSync(process.execPath, ["--import", "tsx", "local/main.ts", ...args], {
    cwd: root,
    env,
    encoding: "utf8",
  });

const parse = (args: string[]) => parseCall(group, { prefix: "npm run local --", name: "" }, args);

test.each<[string[], string, object]>([
  [[], "up", {}],
  [["--port", "5000"], "up", { values: { port: "5000" } }],
  [["up", "--fresh"], "up", { values: { fresh: true } }],
  [["--fresh"], "up", { values: { fresh: true } }],
  [["down"], "down", {}],
  [["status"], "status", {}],
  [["path"], "path", {}],
  [["plan"], "plan", {}],
  [["plan", "dev-*", "staging-*"], "plan", { positionals: ["dev-*", "staging-*"] }],
  [["plan", "--env", "dev"], "plan", { values: { env: "dev" } }],
])("parses %j as %s", (args, subcommand, call) => {
  expect(parse(args)).toEqual({
    subcommand,
    command: group.subcommands[subcommand],
    call: { values: {}, positionals: [], program: [], ...call },
  });
});

test("prints the help whatever else the arguments request", () => {
  expect(parse(["down", "--help"])).toEqual({ help: expect.stringContaining("npm run local -- down") });
});

test.each([
  [["--dwon"], 'Got the option "--dwon" (did you mean the subcommand down?)'],
  [["--down"], 'Got the option "--down" (did you mean the subcommand down?)'],
  [["dwon"], 'Got the subcommand "dwon" (did you mean down?); allowed: up, plan, status, path, down.'],
  [["dev"], 'Got the subcommand "dev"'],
  [["status", "--fresh"], 'Got the option "--fresh" (an option of the subcommand up)'],
  [["plan", "--fresh"], 'Got the option "--fresh" (an option of the subcommand up)'],
  [["plan", "--port", "5000"], 'Got the option "--port" (an option of the subcommand up)'],
  [["--fresh", "down"], "Got the subcommand down after an option; write it before."],
  [["path", "status"], "path takes no arguments, got 1."],
])("rejects %j", (args, message) => {
  expect(() => parse(args)).toThrow(UsageError);
  expect(() => parse(args)).toThrow(message);
});

test.each([
  [["--port", "0"], '--port must be a whole number from 1 to 65535, got "0".'],
  [["up", "--port", "http"], 'got "http".'],
])("rejects %j with exit code 2", (args, message) => {
  const { status, stderr } = local(args);
  expect(stderr).toContain(message);
  expect(status).toBe(2);
});

describe("plans of the other environments", () => {
  const stacks = [
    "local-foundation",
    "local-config",
    "account-111111111111",
    "dev-cluster",
    "dev-config",
    "developer-config",
  ];

  test.each([
    [[], undefined, ["account-111111111111", "dev-cluster", "dev-config", "developer-config"]],
    [[], "dev", ["dev-cluster", "dev-config"]],
    [["*-config"], "dev", ["dev-config"]],
    [["dev*"], undefined, ["dev-cluster", "dev-config", "developer-config"]],
    [["*-config"], undefined, ["dev-config", "developer-config"]],
    [["dev-config", "account-*"], undefined, ["account-111111111111", "dev-config"]],
  ])("chooses for %j of the environment %s the stacks %j", (patterns, environment, chosen) => {
    expect(selectOthers(stacks, patterns, environment)).toEqual(chosen);
  });

  test.each(["prod", "local-config"])("rejects the pattern %s and lists the stacks", (pattern) => {
    expect(() => selectOthers(stacks, [pattern])).toThrow(
      `No stack matches ${pattern}; allowed are patterns with * of account-111111111111, dev-cluster,`,
    );
  });

  test("rejects an environment's name as a pattern, and names --env", () => {
    expect(() => selectOthers(stacks, ["dev"])).toThrow("--env dev selects the stacks of that environment.");
  });

  test.each(["prod", "local"])("rejects the environment %s and lists the stacks", (environment) => {
    expect(() => selectOthers(stacks, [], environment)).toThrow(
      `--env must be an environment that has stacks, got "${environment}"; the stacks are account-111111111111,`,
    );
  });
});

describe("PATH of programs that were found or built", () => {
  const programs = {
    vault: "/cache/vault-1/vault",
    kubeApiserver: "/cache/kube-apiserver-1/kube-apiserver",
    etcd: "/usr/bin/etcd",
    postgres: {
      initdb: "/usr/lib/postgresql/17/bin/initdb",
      postgres: "/usr/lib/postgresql/17/bin/postgres",
    },
  };

  test("adds the folders that PATH lacks", () => {
    expect(pathOfPrograms(programs, "/usr/bin:/bin")).toBe(
      "/cache/vault-1:/cache/kube-apiserver-1:/usr/lib/postgresql/17/bin",
    );
    expect(pathOfPrograms({ ...programs, shipper: "/cache/syslog-ng-1" }, "/usr/bin:/bin")).toBe(
      "/cache/vault-1:/cache/kube-apiserver-1:/usr/lib/postgresql/17/bin:/cache/syslog-ng-1",
    );
  });

  test("adds no empty entry, which would mean the current folder", () => {
    const vault = "/usr/bin/vault";
    const path = "/bin:/usr/bin:/cache/kube-apiserver-1:/usr/lib/postgresql/17/bin";
    expect(pathOfPrograms({ ...programs, vault }, path)).toBe("/usr/bin");
  });

  test("prints the commands to log in, read a secret and get a database login", () => {
    expect(
      firstSteps(programs, "/usr/bin")
        .split("\n")
        .map((line) => line.split(/ {2,}/)),
    ).toEqual([
      ['export PATH="$(npm run --silent local -- path):$PATH"', "to have vault at hand"],
      [
        "npm run vault-platform -- exec --env local -- vault token lookup",
        "to log in, by kubectl, as Terraform does",
      ],
      [
        "npm run vault-platform -- exec --env local -- vault kv get secret/vault-platform/canary",
        "to read a secret",
      ],
      [
        "npm run vault-platform -- exec --env local --service-account production/payment-service -- vault read database/creds/payment-service-role",
        "to get a database login, as the service does",
      ],
      ["npm run local -- plan", "to plan the stacks of the other environments"],
      ["npm run local -- status", "to see how each part does"],
      ["npm run local -- down", "to delete it"],
    ]);
    expect(firstSteps(programs, "/cache/vault-1:/usr/bin")).not.toContain("export PATH");
  });
});

test("prints the usage and exits with 2 for a wrong option", () => {
  const { status, stderr } = local(["--dwon"]);
  expect(status).toBe(2);
  expect(stderr).toContain("Usage: npm run local -- up [options]\nnpm run local -- up --help explains it.");
});

test("explains user errors and a full disk without a stack trace, and keeps other errors", () => {
  expect(explain(new UserError("no such part"))).toBe("no such part");
  const full = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
  expect(explain(full)).toBe("The disk is full: ENOSPC: no space left on device, write");
  const fault = new TypeError("x is undefined");
  expect(explain(fault)).toBe(fault);
});

test("prints the help with exit code 0", () => {
  const { status, stdout } = local(["--help"]);
  expect(status).toBe(0);
  for (const name of ["up", "plan", "status", "path", "down"]) {
    expect(stdout).toMatch(new RegExp(`^  ${name} `, "m"));
  }
});

async function listen(port: number): Promise<Server> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(port, "127.0.0.1", done));
  return server;
}

test("rejects a port in use and suggests --port", async () => {
  const server = await listen(0);
  const { port } = server.address() as { port: number };
  await expect(freePort(port)).rejects.toThrow(
    `Port ${port} on 127.0.0.1 is in use; give --port another one`,
  );
  server.close();
});

test("replaces usual ports by free pairs if they or their successors are in use", async () => {
  const usual = { first: 0, second: 0, third: 0 };
  const servers = await Promise.all([0, 0].map((port) => listen(port)));
  const [taken, successor] = servers.map((server) => (server.address() as { port: number }).port);
  const chosen = await choosePorts({ ...usual, first: taken, second: successor - 1 });
  servers.forEach((server) => server.close());
  expect(chosen.first).not.toBe(taken);
  expect(chosen.second).not.toBe(successor - 1);
  const ports = Object.values(chosen).flatMap((port) => [port, port + 1]);
  expect(new Set(ports).size).toBe(6);
});

test("chooses replacement ports below the ephemeral range", async () => {
  const server = await listen(0);
  const { port } = server.address() as { port: number };
  const { first } = await choosePorts({ first: port });
  server.close();
  expect(first).toBeGreaterThanOrEqual(20_000);
  expect(first).toBeLessThan(32_768);
});

describe("waiting for processes", () => {
  const part = (name: string, says: string) =>
    ({
      name,
      logFile: `${name}.log`,
      health: { says, isHealthy: says === "active", answers: true },
    }) as never;

  test("waits until all processes are active", async () => {
    const answers = [undefined, [part("a", "sealed")], [part("a", "sealed"), part("b", "active")]];
    const read = jest.fn(async () =>
      answers.length > 0 ? answers.shift() : [part("a", "active"), part("b", "active")],
    );
    await untilWell(["a", "b"], { read, seconds: 1 });
    expect(read).toHaveBeenCalledTimes(4);
  });

  test("stops after a timeout and names the processes that are not active", async () => {
    const read = async () => [part("a", "sealed"), part("b", "active"), part("c", "no answer")];
    await expect(untilWell(["a", "b"], { read, seconds: 0.1 })).rejects.toThrow(
      "Not every part works after 0.1 s: a is sealed, see a.log.",
    );
    await expect(untilWell(["a"], { read: async () => undefined, seconds: 0.1 })).rejects.toThrow(
      "the supervisor does not answer",
    );
  });
});

test("recognizes a process by its id and its whole command line", () => {
  const { pid, argv, execPath: program } = process;
  expect(isStill({ pid, program, args: argv.slice(1) })).toBe(true);
  expect(isStill({ pid, program, args: [...argv.slice(1), "--another"] })).toBe(false);
  expect(isStill({ pid: undefined, program, args: [] })).toBe(false);
  expect(isStill({ pid: 999_999_999, program, args: [] })).toBe(false);
});

test("hides the shell's credentials and redirections from Terraform", () => {
  const env = terraformEnvironment(
    {
      PATH: "/bin",
      AWS_PROFILE: "production",
      AWS_SESSION_TOKEN: "secret",
      AWS_WEB_IDENTITY_TOKEN_FILE: "/token",
      VAULT_TOKEN: "secret",
      KUBECONFIG: "/production",
      KUBE_CONFIG_PATH: "/production",
      HELM_DRIVER: "secret",
      TF_VAR_vault_address: "https://vault.example.com",
      TF_WORKSPACE: "production",
      TF_DATA_DIR: "/elsewhere",
      TF_CLI_ARGS_apply: "-target=x",
    },
    { cliConfig: "rc", endpoint: "http://127.0.0.1:1" },
  );
  expect(env).toEqual({
    PATH: "/bin",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_ENDPOINT_URL: "http://127.0.0.1:1",
    TF_VAR_aws_endpoint: "http://127.0.0.1:1",
    CHECKPOINT_DISABLE: "1",
    TF_CLI_CONFIG_FILE: "rc",
    TF_IN_AUTOMATION: "1",
  });
});

test("reads the providers that Terraform cannot install from its message", () => {
  const message = `
│ Error: Failed to query available provider packages
│
│ Could not retrieve the list of available versions for provider
│ hashicorp/vault: could not connect to registry.terraform.io`;
  expect(missingProviders(message)).toEqual(["hashicorp/vault"]);
  expect(missingProviders("Error while installing hashicorp/helm v3.1.1: not found")).toEqual([
    "hashicorp/helm",
  ]);
  expect(missingProviders("│ Error: Invalid block")).toEqual([]);
});

test("aligns the table's columns and shows an unknown value as a dash", () => {
  expect(
    renderTable([
      { stack: "local-foundation", resources: 44, done: "applied", seconds: 63.04 },
      { stack: "local-config", done: "skipped", seconds: 1 },
    ]),
  ).toBe(
    [
      "stack             resources  what was done  seconds",
      "local-foundation         44  applied           63.0",
      "local-config              -  skipped            1.0",
    ].join("\n"),
  );
});
