import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Project, actions } from "./support/project";

// Starting programs takes time on a busy machine.
jest.setTimeout(60_000);

let project: Project;
beforeEach(() => {
  project = new Project();
  // Neither alphabetical order nor the order of the manifest matches the dependencies.
  project.program({
    "dev-config": ["dev-cluster"],
    "dev-cluster": ["dev-foundation"],
    "dev-foundation": [],
    "production-foundation": [],
  });
  project.terraform();
});
afterEach(() => project.remove());

const call = (...args: string[]) => project.call(args, { AWS_PROFILE: "mine" });

test("plans every stack in dependency order without a lock if no pattern is given", async () => {
  const { code, output } = await call("diff");
  expect(code).toBe(0);
  expect(project.planned).toEqual(["dev-foundation", "dev-cluster", "dev-config", "production-foundation"]);
  expect(project.calls.filter((line) => line.startsWith("dev-foundation "))).toEqual([
    "dev-foundation init -no-color -input=false",
    expect.stringMatching(/^dev-foundation plan -no-color -input=false -lock=false -out=\S+$/),
    expect.stringMatching(/^dev-foundation show -no-color -json \S+$/),
  ]);
  expect(output).toContain("== dev-config\nthe plan of dev-config\n");
  // Plans contain sensitive values.
  const [, plan] = /-out=(\S+)/.exec(project.calls.join("\n"))!;
  expect(existsSync(plan)).toBe(false);
});

test("counts changes by stack, a replacement as add and destroy, and exits with 2", async () => {
  project.terraform({
    "dev-foundation": actions(["create"], ["create"], ["update"], ["delete", "create"], ["no-op"]),
    "dev-cluster": actions(["no-op"], ["read"]),
  });
  const { code, output } = await call("diff", "--env", "dev");
  expect(code).toBe(2);
  const table = output.slice(output.indexOf("stack   ")).trim().split("\n");
  expect(table.map((line) => line.replace(/ +[\d.]+$/, "").split(/ {2,}/))).toEqual([
    ["stack", "add", "change", "destroy", "result", "seconds"],
    ["dev-foundation", "3", "1", "1", "changes"],
    ["dev-cluster", "0", "0", "0", "no changes"],
    ["dev-config", "0", "0", "0", "no changes"],
  ]);
});

test("counts a changed output as a change", async () => {
  project.terraform({ "dev-cluster": { output_changes: { address: { actions: ["create"] } } } });
  expect((await call("diff", "dev-cluster")).code).toBe(2);
});

test("reports a failed plan, plans the other stacks and exits with 1", async () => {
  project.terraform({ "dev-config": actions(["create"]) }, "dev-cluster");
  const { code, output } = await call("diff", "--env", "dev");
  expect(code).toBe(1);
  expect(output).toContain("terraform plan failed:\nError: no such role\n");
  expect(output).toMatch(/^dev-cluster +- +- +- +failed /m);
  expect(output).toMatch(/^dev-config +1 +0 +0 +changes /m);
});

test("selects stacks by pattern and environment, and plans none if a pattern has no match", async () => {
  await call("diff", "*-foundation", "--env", "dev");
  expect(project.planned).toEqual(["dev-foundation"]);
  rmSync(join(project.folder, "calls"));
  const { code, output } = await call("diff", "dev-confg");
  expect(code).toBe(1);
  expect(output).toContain("No stack matches dev-confg");
  expect(project.calls).toEqual([]);
});

test("prints the output of a CDK app that fails", async () => {
  project.write("main.ts", 'console.error("production.vault.replicas: got 2"); process.exitCode = 1;');
  expect(await call("diff")).toEqual({
    code: 1,
    stdout: "",
    output:
      'Synthesis failed: "node --require tsx/cjs main.ts" exited with 1.\nproduction.vault.replicas: got 2\n',
  });
});

test("reports that Terraform is not on PATH", async () => {
  rmSync(join(project.folder, "bin/terraform"));
  const { code, output } = await call("diff", "dev-foundation");
  expect(code).toBe(1);
  expect(output).toContain("terraform is not on PATH; plans need Terraform 1.11 or later.");
});

describe("a stack with local state", () => {
  const stateIn = (folder: string) => ({
    backend: { local: { path: `../../../${folder}/state/local-foundation.tfstate` } },
  });
  beforeEach(() => project.program({ "local-foundation": [] }, stateIn(".local")));

  test("is planned with the caller's AWS identity outside the local platform's folder", async () => {
    project.program({ "local-foundation": [] }, stateIn("states"));
    expect((await call("diff")).code).toBe(0);
    expect(project.env).toHaveProperty("AWS_PROFILE");
  });

  test("is planned against the local platform without the caller's AWS identity", async () => {
    const initialPassword = join(project.folder, ".local/postgres/payments-db.initial-password");
    project.write(".local/postgres/payments-db.initial-password", "once");
    const platform = {
      variables: { AWS_ENDPOINT_URL: "http://127.0.0.1:5999", TF_VAR_payments_db_port: "6002" },
      files: { TF_VAR_payments_db_initial_password: initialPassword },
      foreign: "^AWS_",
    };
    project.write(".local/environment.json", JSON.stringify(platform));
    expect((await call("diff")).code).toBe(0);
    expect(project.env).toMatchObject({
      AWS_ENDPOINT_URL: "http://127.0.0.1:5999",
      TF_VAR_payments_db_port: "6002",
      TF_VAR_payments_db_initial_password: "once",
    });
    expect(project.env).not.toHaveProperty("AWS_PROFILE");
  });

  test("is not planned while the local platform is down", async () => {
    const { code, output } = await call("diff");
    expect(code).toBe(1);
    expect(output).toContain("the local platform is not up; npm run local starts it.");
    expect(project.calls).toEqual([]);
  });
});

test("plans a stack with shared state with the caller's AWS identity", async () => {
  await call("diff", "dev-foundation");
  expect(project.env.AWS_PROFILE).toBe("mine");
});

describe("a stack that configures Vault", () => {
  const kubectl = (...answers: string[]) =>
    project.write("bin/kubectl", `#!/bin/sh\ncase "$*" in\n${answers.join("\n")}\nesac\n`);
  const withCa = '*"get configmap vault-ca"*) echo CA-of-the-cluster ;;';

  beforeEach(() => {
    project.program({ "dev-config": [] }, { vault: ["dev-config"] });
    project.write(
      "bin/terraform",
      project.read("bin/terraform").replace("#!/bin/sh", '#!/bin/sh\ncat "$VAULT_CACERT" >ca'),
    );
  });

  const diff = () => project.call(["diff", "dev-config"], { VAULT_CACERT: undefined });
  const ca = () => project.read("cdktf.out/stacks/dev-config/ca");

  test("is planned with the CA from its cluster", async () => {
    kubectl('*"get serviceaccount vault-terraform"*) echo serviceaccount/vault-terraform ;;', withCa);
    expect((await diff()).code).toBe(0);
    expect(ca()).toBe("CA-of-the-cluster\n");
    expect(project.env).not.toHaveProperty("TF_VAR_cluster_login");
  });

  test("is planned as if Vault were empty, with a note, before the cluster layer is deployed", async () => {
    kubectl('*"get serviceaccount vault-terraform"*--ignore-not-found*) ;;');
    const { code, output } = await diff();
    expect(output).toContain(
      "note: the cluster layer is not deployed yet, so this is planned as if Vault were empty\n",
    );
    expect(code).toBe(0);
    expect(project.env).toMatchObject({ TF_VAR_cluster_login: "false" });
  });

  test("fails with the cluster's error if the cluster cannot be asked", async () => {
    kubectl('*) echo "error: You must be logged in to the server" >&2; exit 1 ;;');
    const { code, output } = await diff();
    expect(output).toContain(
      "could not be read: kubectl get configmap vault-ca failed:\nerror: You must be logged in",
    );
    expect(code).toBe(1);
  });
});
