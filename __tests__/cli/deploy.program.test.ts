import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Github } from "../support/servers/github";
import { Project } from "./support/project";

// Starting programs takes time on a busy machine.
jest.setTimeout(60_000);

const STACKS = {
  "dev-config": ["dev-cluster"],
  "dev-cluster": ["dev-foundation"],
  "dev-foundation": [],
  "production-foundation": [],
};

let project: Project;
beforeEach(() => {
  project = new Project();
  project.program(STACKS);
  cdktf();
});
afterEach(() => project.remove());

/** Stand-in for cdktf that records its calls and fails for one stack. */
const cdktf = (failing = "none") =>
  project.packageProgram("cdktf", `echo "$*" >>calls; echo "$AWS_ROLE_ARN" >role; [ "$2" != ${failing} ]`);

const OPTIONS = "--skip-synth --ignore-missing-stack-dependencies";

test("deploys every stack of the environment in dependency order", async () => {
  expect((await project.call(["deploy", "--env", "dev"])).code).toBe(0);
  expect(project.calls).toEqual(
    ["dev-foundation", "dev-cluster", "dev-config"].map((name) => `deploy ${name} ${OPTIONS}`),
  );
});

test("stops at the first stack that fails and prints the stacks that were not started", async () => {
  cdktf("dev-cluster");
  const { code, output } = await project.call(["deploy", "--env", "dev"]);
  expect(code).toBe(1);
  expect(output).toContain("dev-cluster failed; not begun: dev-config.");
  expect(project.calls).toHaveLength(2);
});

test("passes --auto-approve and further options to cdktf", async () => {
  await project.call(["deploy", "dev-foundation", "--env", "dev", "--auto-approve", "--skip-provider-lock"]);
  expect(project.calls).toEqual([`deploy dev-foundation ${OPTIONS} --auto-approve --skip-provider-lock`]);
});

test("deploys only the stacks whose output differs from --base", async () => {
  const base = project.commit();
  project.program(STACKS, { content: { "dev-cluster": { a: 1 }, "production-foundation": { a: 1 } } });
  await project.call(["deploy", "--env", "dev", "--base", base]);
  expect(project.calls).toEqual([`deploy dev-cluster ${OPTIONS}`]);
  expect(await project.call(["deploy", "--env", "staging", "--base", base])).toMatchObject({ code: 1 });
});

test("deploys a reverted change by comparing with the base revision itself", async () => {
  const start = project.commit();
  project.program(STACKS, { content: { "dev-cluster": { a: 1 } } });
  const deployed = project.commit();
  project.git("checkout", "-q", start);
  await project.call(["deploy", "--env", "dev", "--base", deployed]);
  expect(project.calls).toEqual([`deploy dev-cluster ${OPTIONS}`]);
});

test("deploys changes since the last deployment with the deploy role of the workflow", async () => {
  const base = project.commit();
  project.program(STACKS, { content: { "dev-foundation": { a: 1 } } });
  project.write("bin/aws", "#!/bin/sh\n");
  const github = await Github.start();
  github.deployments = [{ sha: base, state: "success", environment: "dev" }];
  try {
    const args = ["deploy", "--env", "dev", "--base", "deployed", "--identity", "deploy", "--auto-approve"];
    expect((await project.call(args, github.env)).code).toBe(0);
    expect(project.calls).toEqual([`deploy dev-foundation ${OPTIONS} --auto-approve`]);
    expect(project.read("role")).toBe("arn:aws:iam::111111111111:role/dev-vault-deploy\n");
    github.deployments = [{ ...github.deployments[0], sha: project.commit() }];
    expect((await project.call(args, github.env)).stdout).toBe(
      "No stack's output has changed; nothing is deployed.\n",
    );
  } finally {
    await github.stop();
  }
});

test("refuses to deploy a commit older than the deployed one", async () => {
  const overtaken = project.commit();
  project.program(STACKS, { content: { "dev-cluster": { a: 1 } } });
  const newer = project.commit();
  project.git("checkout", "-q", overtaken);
  const github = await Github.start();
  github.deployments = [{ sha: newer, state: "success", environment: "dev" }];
  try {
    const { code, output } = await project.call(["deploy", "--env", "dev", "--base", "deployed"], github.env);
    expect(code).toBe(1);
    expect(output).toBe(
      `dev has ${newer}, which is newer than what is checked out; to go back, merge a commit that reverts.\n`,
    );
    expect(project.calls).toEqual([]);
  } finally {
    await github.stop();
  }
});

describe("a stack that configures Vault", () => {
  /** Connection to Vault that cdktf received, by stack. */
  const reached = () =>
    project
      .read("reached")
      .trim()
      .split("\n")
      .map((line) => line.trim());

  beforeEach(() => {
    project.program(STACKS, { vault: ["dev-config"] });
    // The CA exists once the cluster layer is deployed.
    project.packageProgram(
      "cdktf",
      `echo "$2 $(cat "$VAULT_CACERT" 2>&1 | tail -1) $TF_VAR_vault_address $VAULT_TLS_SERVER_NAME" >>reached
      [ "$2" != dev-cluster ] || touch deployed`,
    );
    project.write(
      "bin/kubectl",
      `#!/bin/sh
cd "${project.folder}"
echo "$KUBECONFIG $*" >>kubectl-calls
case "$*" in
  *"get configmap vault-ca"*) [ -e deployed ] || { echo not found >&2; exit 1; }; echo CA-of-the-cluster ;;
  *port-forward*) echo $$ >forward; echo "Forwarding from 127.0.0.1:4711 -> 8200"; exec sleep 60 ;;
esac
`,
    );
  });

  const deploy = (args: string[], env: NodeJS.ProcessEnv = {}) =>
    project.call(["deploy", "--env", "dev", ...args], { VAULT_CACERT: undefined, ...env });

  test("gets the CA from the cluster layer, and no other stack does", async () => {
    expect((await deploy([], { KUBECONFIG: undefined, KUBE_CONFIG_PATH: "/of/terraform" })).code).toBe(0);
    const [foundation, cluster, config] = reached();
    expect(config).toBe("dev-config CA-of-the-cluster https://vault.dev.example.com");
    for (const line of [foundation, cluster]) expect(line).not.toMatch(/CA-of|https/);
    expect(project.read("kubectl-calls")).toBe(
      "/of/terraform --server=https://EXAMPLEDEV0000000000000000000001.gr7.us-east-1.eks.amazonaws.com " +
        "--request-timeout=30s -n vault get configmap vault-ca -o=jsonpath={.data.ca\\.crt}\n",
    );
  });

  test("connects through the API server with --port-forward and checks the certificate's name", async () => {
    await deploy(["--port-forward"]);
    expect(reached()[2]).toBe("dev-config CA-of-the-cluster https://127.0.0.1:4711 vault-active.vault.svc");
    const stat = `/proc/${project.read("forward").trim()}/stat`;
    while (existsSync(stat) && !/ Z /.test(readFileSync(stat, "utf8"))) await new Promise(setImmediate);
  });

  test("keeps the CA and the Vault address that the caller set", async () => {
    project.write("ca.crt", "CA-of-the-caller\n");
    const env = { VAULT_CACERT: join(project.folder, "ca.crt"), TF_VAR_vault_address: "https://mine:8200" };
    await deploy([], env);
    expect(reached()[2]).toBe("dev-config CA-of-the-caller https://mine:8200");
    await deploy(["--ca", env.VAULT_CACERT], { TF_VAR_vault_address: env.TF_VAR_vault_address });
    expect(reached()[5]).toBe("dev-config CA-of-the-caller https://mine:8200");
    expect(existsSync(join(project.folder, "kubectl-calls"))).toBe(false);
  });

  test("gets the CA of the definition without calling kubectl", async () => {
    project.program({ "production-config": [] }, { vault: ["production-config"] });
    await project.call(["deploy", "--env", "production"], { VAULT_CACERT: undefined });
    expect(reached()).toEqual([
      "production-config -----END CERTIFICATE----- https://vault.production.example.com",
    ]);
    expect(existsSync(join(project.folder, "kubectl-calls"))).toBe(false);
  });

  test("does not start without a CA", async () => {
    const { code, output } = await deploy(["dev-config"]);
    expect(output).toContain("ConfigMap vault-ca of namespace vault could not be read");
    expect(code).toBe(1);
    expect(existsSync(join(project.folder, "reached"))).toBe(false);
  });
});

test("passes an interruption to cdktf, waits for it and starts no further stack", async () => {
  project.packageProgram(
    "cdktf",
    'echo "$2" >>begun; trap "sleep 0.5; touch ended; exit 1" TERM; while :; do sleep 0.05; done',
  );
  const deploying = project.call(["deploy", "--env", "dev"], {}, async (child) => {
    while (!existsSync(join(project.folder, "begun"))) await new Promise((later) => setTimeout(later, 20));
    child.kill("SIGTERM");
  });
  expect((await deploying).code).toBe(143);
  expect(existsSync(join(project.folder, "ended"))).toBe(true);
  expect(project.read("begun")).toBe("dev-foundation\n");
});

test.each([
  [["deploy"], "deploy requires --env."],
  [
    ["deploy", "--env", "local"],
    "--env must be another environment than local, which npm run local deploys.",
  ],
  [["deploy", "--env", "prod"], "--env must be one of "],
  [["deploy", "--env", "dev", "nothing"], "No stack matches nothing"],
])("rejects %j", async (args, message) => {
  const { code, output } = await project.call(args);
  expect(code).toBe(1);
  expect(output).toContain(message);
  expect(project.calls).toEqual([]);
});
