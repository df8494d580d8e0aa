import { Project } from "./support/project";

// Starting programs takes time on a busy machine.
jest.setTimeout(120_000);

const PROGRAM = `
import { App, Lazy, TerraformStack } from "cdktf";
import { Policy } from "@cdktf/provider-vault/lib/policy";
import { VaultProvider } from "@cdktf/provider-vault/lib/provider";
import { onlyEnvironment } from "./platform/only-environment";

const app = new App();
const made = onlyEnvironment([{ name: "dev" }, { name: "production" }]);
for (const { name } of made) {
  const stack = new TerraformStack(app, name + "-config");
  new VaultProvider(stack, "Vault", {});
  const read = 'path "kv/data/app" { capabilities = ["read"] }';
  new Policy(stack, "App", { name: "app", policy: Lazy.stringValue({ produce: () => read }) });
}
console.warn("made " + made.map(({ name }) => name).join(" "), new Error().stack!.includes("main.ts"));
app.synth();
if (process.env.FAIL) process.exitCode = 3;
`;

let project: Project;
beforeEach(() => {
  project = new Project();
  project.app("node cli/program/run.cjs main.ts");
  project.write("main.ts", PROGRAM);
  project.terraform();
});
afterEach(() => project.remove());

test("writes all environments, or the one of --env, and prints the CDK app's output", async () => {
  expect(await project.call(["synth"])).toMatchObject({
    code: 0,
    stdout: "",
    output: expect.stringMatching(/^made dev production /),
  });
  const { code, output } = await project.call(["synth", "--env", "dev"]);
  expect({ code, output }).toEqual({ code: 0, output: expect.stringMatching(/^made dev \w+\n$/) });
  expect(Object.keys(JSON.parse(project.read("cdktf.out/manifest.json")).stacks)).toEqual(["dev-config"]);
});

test("rejects an environment without stacks and names the stacks", async () => {
  const { code, output } = await project.call(["synth", "--env", "nowhere"]);
  expect(code).toBe(1);
  expect(output).toContain(
    '--env must be an environment that has stacks, got "nowhere"; the stacks are dev-config, production-config.',
  );
});

test("fails if the CDK app fails", async () => {
  const { code, output } = await project.call(["synth"], { FAIL: "1" });
  expect(code).toBe(1);
  expect(output).toMatch(/Synthesis failed: "node cli\/program\/run.cjs main.ts" exited with 3.\n$/);
});

test.each([["diff"], ["access"], ["hardening"], ["drift"]])(
  "synthesizes only the stacks of --env for %s",
  async (command) => {
    project.write(
      "main.ts",
      `${PROGRAM}require("node:fs").writeFileSync("made", made.map(({ name }) => name).join(" "));`,
    );
    await project.call([command, "--env", "dev"]);
    expect(project.read("made")).toBe("dev");
  },
);

test("keeps stack traces of errors and omits those of tokens with --no-traces", async () => {
  const failing = PROGRAM.replace("() => read", '() => { throw new Error("no policy yet"); }');
  project.write("main.ts", failing);
  const traced = await project.call(["synth"]);
  expect(traced.output).toMatch(/no policy yet[^]*Object creation stack:\n[^]*main\.ts:13:56/);
  const { code, output } = await project.call(["synth", "--no-traces"]);
  expect(code).toBe(1);
  expect(output).toContain("no policy yet");
  expect(output).toMatch(/main\.ts:\d+:\d+/);
  expect(output).not.toMatch(/Object creation stack:\s+at new Lazy/);
});
