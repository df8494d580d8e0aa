import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, cdktfInit, emptyFolder, outcome, pack, removeAll, run } from "./support/stranger";

const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
/** Code blocks in a section of a page, in order. */
const blocks = (page: string, heading: string, language: string) => {
  const section = read(page).split(`\n## ${heading}\n`)[1].split("\n## ")[0];
  return [...section.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, "gs"))].map(([, text]) => text);
};

let tarball: string;
let project: string;
beforeAll(() => {
  tarball = pack();
  project = cdktfInit();
});
afterAll(removeAll);

const install = (commands: string) =>
  run(project, "sh", ["-ec", commands.replace(/ cdktf-vault-platform\b/, ` ${tarball}`)]);
const command = (...args: string[]) => outcome(project, "npx", ["vault-platform", ...args]);
const write = (file: string, text: string, app: string) => {
  writeFileSync(join(project, file), text);
  const config = join(project, "cdktf.json");
  writeFileSync(config, JSON.stringify({ ...JSON.parse(readFileSync(config, "utf8")), app }));
};

const [typescript] = blocks("README.md", "As a library", "ts");
const esm = typescript.replaceAll(/"(@cdktf\/[^"]+)"/g, '"$1/index.js"');
const commonJs = typescript.replaceAll(/^import (\{[^}]*\}) from ("[^"]*");$/gm, "const $1 = require($2);");

test("installs the packages of the library page in a cdktf init project, and no more providers", () => {
  const [choice, packages] = blocks("docs/library.md", "Install", "sh");
  expect(() => install(packages)).toThrow("ERESOLVE");
  install(choice);
  install(packages);
  expect(readdirSync(join(project, "node_modules", "@cdktf"))).toEqual(["provider-vault"]);
});

test("repeats the library page's commands in the readme", () => {
  const [lines] = blocks("README.md", "As a library", "sh");
  const [choice, packages] = blocks("docs/library.md", "Install", "sh");
  expect(lines.replaceAll(/ *#.*$/gm, "")).toBe(choice + packages);
});

test("imports the packages of the library page in a pnpm project", () => {
  const [, , packages] = blocks("docs/library.md", "Install", "sh");
  const folder = emptyFolder("pnpm");
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true }));
  writeFileSync(join(folder, "cdktf.json"), JSON.stringify({ app: "node app.mjs" }));
  writeFileSync(join(folder, "app.mjs"), esm);
  const pnpm = (...args: string[]) => run(folder, "npx", ["--yes", "pnpm@10", ...args]);
  const [, ...args] = packages
    .trim()
    .replace(/ cdktf-vault-platform\b/, ` ${tarball}`)
    .split(" ");
  pnpm(...args);
  expect(readdirSync(join(folder, "node_modules", "@cdktf"))).toEqual(["provider-vault"]);
  expect(pnpm("exec", "vault-platform", "hardening")).toContain("0 errors");
  expect(pnpm("exec", "vault-platform", "access")).toContain("orders/Secrets, app.mjs:");
});

describe.each([
  ["the readme's app, by the command of cdktf init", "main.ts", typescript, "npx ts-node main.ts"],
  ["the same app as a CommonJS module", "app.cjs", commonJs, "node app.cjs"],
  ["the same app as an ES module", "app.mjs", esm, "node app.mjs"],
])("%s", (_, file, text, app) => {
  beforeAll(() => write(file, text, app));

  test("compiles by the project's own settings", () => {
    if (file.endsWith(".ts")) run(project, "npx", ["tsc", "--noEmit"]);
  });

  test("passes the hardening command", () => {
    const { status, stdout, stderr } = command("hardening", "--format", "json");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(JSON.parse(stdout).environments).toMatchObject([{ stacks: ["orders"] }]);
  });

  test("appears in the access command", () => {
    const { status, stdout } = command("access", "--format", "json");
    expect(stdout).toContain("secret/data/orders/*");
    expect(stdout).toContain(`"file": "${file}:`);
    expect(status).toBe(0);
  });
});
