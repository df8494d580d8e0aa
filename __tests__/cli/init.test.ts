import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { command } from "../../cli/commands/init";
import { callCommand } from "./support/call";
import { writeProject } from "../../cli/scaffold";

const folder = mkdtempSync(join(tmpdir(), "init-"));
afterAll(() => rmSync(folder, { recursive: true }));

const call = async (...args: string[]) => callCommand(command, "init", args);
const read = (project: string, path: string) => readFileSync(join(folder, project, path), "utf8");

test("writes environments with one service, the pipeline and a .gitignore", () => {
  expect(writeProject(join(folder, "platform"))).toEqual([
    ".github/workflows/deploy.yml",
    ".github/workflows/drift.yml",
    ".github/workflows/merge.yml",
    ".github/workflows/pull-request.yml",
    ".gitignore",
    "README.md",
    "cdktf.json",
    "environments/dev.ts",
    "environments/index.ts",
    "environments/production.ts",
    "environments/shared.ts",
    "environments/staging.ts",
    "main.ts",
    "package.json",
    "scripts/deploy-account.sh",
    "tsconfig.json",
  ]);
  expect(read("platform", "environments/shared.ts")).toContain('name: "payment-service"');
});

test.each(["dev", "production", "shared", "staging"])(
  "writes the tested definition %s, byte for byte",
  (name) => {
    const own = readFileSync(join(__dirname, `../../environments/${name}.ts`), "utf8");
    expect(read("platform", `environments/${name}.ts`)).toBe(own);
  },
);

test("pins this package and the Vault provider to the tested versions", () => {
  const own = JSON.parse(readFileSync(join(__dirname, "../../package.json"), "utf8"));
  const { name, dependencies, devDependencies } = JSON.parse(read("platform", "package.json"));
  expect(name).toBe("platform");
  expect(dependencies["cdktf-vault-platform"]).toBe(own.version);
  expect(dependencies["@cdktf/provider-vault"]).toBe(own.devDependencies["@cdktf/provider-vault"]);
  expect(Object.values({ ...dependencies, ...devDependencies })).not.toContain(undefined);
  expect(JSON.parse(read("platform", "cdktf.json")).projectId).toBe("platform");
});

test("writes a pipeline that calls only the project's scripts and omits this package's tests", () => {
  const { scripts } = JSON.parse(read("platform", "package.json"));
  const own = parse(readFileSync(join(__dirname, "../../.github/workflows/pull-request.yml"), "utf8"));
  const text = read("platform", ".github/workflows/pull-request.yml");
  const { tests, cdktn, checkov, gitleaks, ...others } = own.jobs;
  expect([tests, cdktn, checkov, gitleaks]).not.toContain(undefined);
  expect(parse(text)).toEqual({ ...own, jobs: others });
  const workflows = ["deploy", "drift", "merge"].map((it) => read("platform", `.github/workflows/${it}.yml`));
  const called = [text, ...workflows].flatMap((it) => [...it.matchAll(/npm run (?:--silent )?([\w:-]+)/g)]);
  expect(called.length).toBeGreaterThan(3);
  for (const [, script] of called) expect(Object.keys(scripts)).toContain(script);
});

test.each([
  [[], "init takes FOLDER, got 0."],
  [["one", "two"], "init takes FOLDER, got 2."],
])("rejects %j", async (positionals, message) => {
  await expect(call(...positionals)).rejects.toThrow(message);
});

test("rejects a folder that has files and a name that npm does not allow", async () => {
  const full = join(folder, "full");
  mkdirSync(full);
  writeFileSync(join(full, "mine"), "");
  await expect(call(full)).rejects.toThrow(`The folder must be new or empty; ${full} has files.`);
  await expect(call(join(folder, "My Platform"))).rejects.toThrow('got "My Platform"');
});
