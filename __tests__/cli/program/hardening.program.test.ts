import { existsSync } from "node:fs";
import { join } from "node:path";
import { Project } from "../support/project";

// Starting programs takes time on a busy machine.
jest.setTimeout(60_000);

let project: Project;
beforeEach(() => (project = new Project()));
afterEach(() => project.remove());

/** CDK app with a key that a plan may destroy. `more` is inserted before the end. */
const program = (more = "", end = "app.synth();") =>
  project.write(
    "main.ts",
    `import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
    import { App, TerraformStack } from "cdktf";
    import { applyHardening, declareEnvironment, suppressRule } from "./hardening";

    const app = new App();
    const stack = new TerraformStack(app, "mine-foundation");
    declareEnvironment(stack, { name: "mine" });
    const key = new KmsKey(stack, "Key", {});
    void [applyHardening, suppressRule, key];
    ${more}
    ${end}`,
  );

test("evaluates only the stacks of the CDK app in its folder and writes nothing", async () => {
  program();
  const { code, stdout } = await project.call(["hardening"]);
  expect(stdout).toMatch(/^mine: 1 error, /);
  expect(stdout).toContain("error kms-deletion at mine-foundation/Key");
  expect(stdout).not.toMatch(/production|staging|dev/);
  expect(code).toBe(2);
  expect(existsSync(join(project.folder, "cdktf.out"))).toBe(false);
});

test("prints its report for a CDK app that applies the rules itself, with its suppressions", async () => {
  program("applyHardening(app);");
  expect(await project.call(["hardening"])).toMatchObject({ code: 2 });
  program('suppressRule(key, "kms-deletion", "a sandbox"); applyHardening(app);');
  const { code, stdout } = await project.call(["hardening", "--env", "mine"]);
  expect(stdout).toContain("because a sandbox");
  expect(code).toBe(0);
});

test("keeps the output of the CDK app out of the report", async () => {
  program('console.log("building");');
  const { environments } = JSON.parse((await project.call(["hardening", "--format", "json"])).stdout);
  expect(environments.map(({ name }: { name: string }) => name)).toEqual(["mine"]);
});

test("evaluates every app that the entry file synthesizes", async () => {
  program(
    'const second = new App(); new KmsKey(new TerraformStack(second, "other"), "Key", {}); second.synth();',
  );
  const { stdout } = await project.call(["hardening"]);
  expect(stdout).toContain("error kms-deletion at mine-foundation/Key");
  expect(stdout).toContain("error kms-deletion at other/Key");
});

test.each([
  [
    "a program that writes nothing",
    () => program("", ""),
    /^"node --require tsx\/cjs main\.ts" in \S+ synthesized no app; it must end with app\.synth\(\) or synthesizePlatform\(\)\.\n$/,
  ],
  [
    "a program that fails",
    () => program('console.error("dev.vault.replicas: got 2"); process.exitCode = 1;'),
    /^Synthesis failed: "node --require tsx\/cjs main\.ts" exited with 1\.\ndev\.vault\.replicas: got 2\n$/,
  ],
])("reports %s", async (_, write, message) => {
  write();
  const { code, stdout, output } = await project.call(["hardening"]);
  expect(output).toMatch(message);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
});
