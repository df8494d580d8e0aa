import { rmSync } from "node:fs";
import { join } from "node:path";
import { Project } from "../support/project";

// Starting programs takes time on a busy machine.
jest.setTimeout(60_000);

let project: Project;
beforeEach(() => {
  project = new Project();
  project.terraform();
});
afterEach(() => project.remove());

const BODY = `
const app = new App();
const stack = new TerraformStack(app, "mine-config");
new VaultProvider(stack, "Vault", {});
new Policy(stack, "App", { name: "app", policy: 'path "kv/data/app" { capabilities = ["read"] }' });
console.log("building");
app.synth();
`;
const commonJs = `
const { App, TerraformStack } = require("cdktf");
const { Policy } = require("@cdktf/provider-vault/lib/policy");
const { VaultProvider } = require("@cdktf/provider-vault/lib/provider");
${BODY}`;
const esm = `
import { App, TerraformStack } from "cdktf";
import { Policy } from "@cdktf/provider-vault/lib/policy/index.js";
import { VaultProvider } from "@cdktf/provider-vault/lib/provider/index.js";
${BODY}`;
const typescript = `const shown: boolean = true;\nvoid shown;\n${esm}`;

describe.each([
  ["a CommonJS app", "node main.js", "main.js", commonJs],
  ["an ES module app", "node --no-warnings app.mjs", "app.mjs", esm],
  ["a TypeScript app of another file name", "node --require tsx/cjs src/app.ts", "src/app.ts", typescript],
  ["a TypeScript app with tsx as a loader", "node --import tsx app.mts", "app.mts", typescript],
  [
    "a TypeScript app that ts-node starts",
    "node_modules/.bin/ts-node-transpile-only main.ts",
    "main.ts",
    typescript,
  ],
  ["a command of a shell", "cd src && STAGE=all node app.js", "src/app.js", commonJs],
])("%s", (_, command, file, text) => {
  beforeEach(() => {
    project.app(command);
    project.write(file, text);
    project.write("tsconfig.json", JSON.stringify({ compilerOptions: { module: "node16" } }));
  });

  it("is evaluated by hardening, without its output in the report", async () => {
    const { code, stdout, output } = await project.call(["hardening", "--format", "json"]);
    expect({ code, output }).toEqual({ code: 2, output: stdout });
    expect(JSON.parse(stdout).environments).toMatchObject([{ stacks: ["mine-config"] }]);
  });

  it("is shown by access, with file and line of its source", async () => {
    const { stdout } = await project.call(["access", "--format", "json"]);
    expect(stdout).toContain('"kv/data/app"');
    expect(stdout).toMatch(new RegExp(`"file": "${file}:\\d+"`));
  });
});

const shown = (name: string) => `console.error(JSON.stringify(process.env.${name})); process.exit(1);`;

test("passes the context and the relative modules of cdktf.json to the app", async () => {
  project.app("node main.js", {
    context: { team: "books" },
    terraformModules: ["./mine", { source: "a/b/aws" }],
  });
  project.write("main.js", shown("CDKTF_CONTEXT_JSON"));
  const { output } = await project.call(["diff"], { CDKTF_CONTEXT_JSON: '{"from":"the shell"}' });
  const [, context] = output.split("\n");
  expect(JSON.parse(JSON.parse(context))).toEqual({ team: "books", cdktfRelativeModules: ["./mine"] });
});

test("hides TF_VAR_ variables from the app, as cdktf does", async () => {
  project.app("node main.js");
  project.write("main.js", shown("TF_VAR_password").replace("JSON.stringify", "String"));
  expect((await project.call(["diff"], { TF_VAR_password: "p" })).output).toContain("\nundefined\n");
});

test("keeps the caller's NODE_OPTIONS, and otherwise sets the memory that cdktf gives", async () => {
  project.app("node main.js");
  project.write("main.js", shown("NODE_OPTIONS"));
  const output = async (NODE_OPTIONS?: string) =>
    (await project.call(["hardening"], { NODE_OPTIONS })).output;
  expect(await output()).toMatch(/"--max-old-space-size=4096 --require /);
  expect(await output("--no-deprecation")).toMatch(/"--no-deprecation --require /);
});

test("reads stacks from the output folder of cdktf.json", async () => {
  project.app("node main.js", { output: "out" });
  project.write("main.js", commonJs);
  project.write("out/.keep", "");
  expect(await project.call(["diff"])).toMatchObject({ code: 0 });
  expect(project.planned).toEqual(["mine-config"]);
  expect(project.read("out/stacks/mine-config/cdk.tf.json")).toContain("kv/data/app");
});

test("prints stdout and stderr of an app that fails", async () => {
  project.app("node main.js");
  project.write(
    "main.js",
    'console.log("no such team: books"); console.warn("deprecated"); process.exitCode = 3;',
  );
  for (const command of ["diff", "access", "hardening"]) {
    expect(await project.call([command])).toEqual({
      code: 1,
      stdout: "",
      output: 'Synthesis failed: "node main.js" exited with 3.\nno such team: books\ndeprecated\n',
    });
  }
});

test.each(["diff", "access", "hardening"])(
  "rejects in %s an app without a synthesis instead of reading an earlier one",
  async (command) => {
    project.program({ "earlier-config": [] });
    await project.call(["diff"]);
    project.write("main.ts", "");
    const { code, output } = await project.call([command]);
    expect(output).toMatch(
      /^"node --require tsx\/cjs main\.ts" in \S+ synthesized no app; it must end with app\.synth\(\)/,
    );
    expect(code).toBe(1);
  },
);

test.each([
  [
    "without a command",
    {},
    /^app in \S+cdktf\.json must be the command that runs your CDK app, .*, got nothing\.\n$/,
  ],
  [
    "with a list",
    { app: ["node", "main.js"] },
    /^app in \S+ must be the command .*, got \["node","main\.js"\]/,
  ],
  ["of another shape", [], /^\S+cdktf\.json must be a JSON object, got \[\]/],
])("rejects a cdktf.json %s", async (_, text, message) => {
  project.write("cdktf.json", JSON.stringify(text));
  const { code, output } = await project.call(["diff"]);
  expect(output).toMatch(message);
  expect(code).toBe(1);
});

test("rejects a cdktf.json that is not JSON", async () => {
  project.write("cdktf.json", "app: node main.js");
  const { code, output } = await project.call(["diff"]);
  expect(output).toMatch(/^\S+cdktf\.json must be JSON: .*\n$/);
  expect(code).toBe(1);
});

test.each([
  [["access"]],
  [["access", "unmanaged", "--env", "dev"]],
  [["access", "diff", "--base", "main"]],
  [["changed", "--env", "dev", "--base", "main"]],
  [["exec", "--env", "dev", "--", "true"]],
  [["deploy", "--env", "dev"]],
  [["destroy", "--env", "dev"]],
  [["diff"]],
  [["doctor", "--env", "dev"]],
  [["drift", "--env", "dev"]],
  [["env", "--env", "dev", "--", "true"]],
  [["hardening"]],
  [["setup", "--env", "dev"]],
])("rejects %j outside a project without a stack trace", async (args) => {
  rmSync(join(project.folder, "cdktf.json"));
  rmSync(join(project.folder, "environments", "index.ts"));
  const { code, output } = await project.call(args, {
    VAULT_ADDR: "https://127.0.0.1:1",
    VAULT_TOKEN: "none",
  });
  expect(output).toMatch(
    /There is no (cdktf\.json|environments\/index\.ts) in \S+; run this in the folder of your CDK app\.|a revision must be/,
  );
  expect(output).not.toMatch(/^\s+at /m);
  expect(code).toBe(1);
});

describe("definitions of environments", () => {
  it.each(["ts", "js", "mjs", "cjs"])("are read from a module .%s", async (ending) => {
    rmSync(join(project.folder, "environments", "index.ts"));
    const end = ending === "cjs" ? "exports.definitions = [];" : "export const definitions = [];";
    project.write(`environments/index.${ending}`, end);
    const { output } = await project.call(["exec", "--env", "dev", "--", "true"]);
    expect(output).toMatch(/must be one of/);
  });

  it("are rejected by name if they are not a list, but plans still work", async () => {
    project.write("environments/index.ts", "export const environments = {};");
    project.program({ "dev-config": [] }, { vault: ["dev-config"] });
    expect(await project.call(["diff"])).toMatchObject({ code: 0 });
    const { code, output } = await project.call(["exec", "--env", "dev", "--", "true"]);
    expect(output).toMatch(
      /^definitions of \S+index\.ts must be a list of environment definitions, got nothing\.\n$/,
    );
    expect(code).toBe(1);
  });
});
