import { existsSync } from "node:fs";
import { join } from "node:path";
import { Project } from "./support/project";

// Starting programs takes time on a busy machine.
jest.setTimeout(120_000);

let project: Project;
beforeEach(() => {
  project = new Project();
});
afterEach(() => project.remove());

/** CDK app with one stack. @param code further code, with `stack`, `app` and `suppressRule` */
const write = (code: string) =>
  project.write(
    "main.ts",
    `
    const { App, LocalBackend, TerraformStack } = require("cdktf");
    const { suppressRule } = require(${JSON.stringify(join(project.folder, "hardening/suppression"))});
    const app = new App();
    const stack = new TerraformStack(app, "production-config");
    new LocalBackend(stack, { path: "state" });
    ${code}
    app.synth();
    `,
  );
const diff = (...args: string[]) => project.call(["access", "diff", "--base", "HEAD", ...args]);

test("puts new suppressions first, and requires approval for a rule that stops synthesis", async () => {
  write(`suppressRule(stack, "policy-sudo", "first reason");`);
  project.commit();
  write(`
    suppressRule(stack, "policy-sudo", "second reason");
    suppressRule(app, "audit-devices", "no disk <b>");
  `);

  const { code, stdout } = await diff("--format", "markdown", "--json", "all.json");
  expect(code).toBe(3);
  const rows = stdout.split("\n").filter((line) => line.startsWith("| **suppression**"));
  expect(rows).toHaveLength(2);
  expect(rows.join("\n")).toContain(
    "the rule `audit-devices` (error) is switched off here, because: `no disk <b>`",
  );
  expect(rows.join("\n")).toContain("`first reason` -> `second reason`");
  expect(JSON.parse(project.read("all.json"))).toMatchObject({ verdict: "dangerous" });
  expect((await diff("--env", "production")).output).toContain("the whole app");
});

test("reports a removed suppression as less access", async () => {
  write(`suppressRule(stack, "policy-sudo", "a reason");`);
  project.commit();
  write("");

  const { code, stdout } = await diff();
  expect(code).toBe(2);
  expect(stdout).toContain("the rule policy-sudo (error) applies again");
});

test("writes a comment that says why nothing is compared if the app refuses", async () => {
  write("");
  project.commit();
  write(`throw new Error("rejected: @everyone </pre> **policy**");`);

  const { code, stdout } = await diff("--format", "markdown", "--json", "all.json");
  expect(code).toBe(1);
  expect(stdout).toMatch(/^<!-- vault-platform access -->\n### Access to Vault: not compared\n/);
  expect(stdout).toContain("rejected: ");
  expect(stdout).not.toContain("@everyone");
  expect(stdout.match(/<\/pre>/g)).toHaveLength(1);
  expect(JSON.parse(project.read("all.json"))).toMatchObject({ verdict: "unknown" });
  expect(existsSync(join(project.folder, "tree"))).toBe(false);
});

test("does not say that nothing changes if the packages differ", async () => {
  write("");
  project.write("package-lock.json", "{}");
  project.commit();
  project.write("package-lock.json", '{ "a": 1 }');

  const { code, stdout } = await diff("--format", "markdown");
  expect(code).toBe(2);
  expect(stdout).toContain("### Access to Vault: not known");
  expect(stdout).toContain("**Not known**: the installed packages differ");
  const table = await diff();
  expect(table.stdout).toContain("No change of access is known.\nnot known: the installed packages differ");
});

test("says nothing of suppressions that it cannot see", async () => {
  write("");
  project.commit();
  await project.call(["synth"]);

  const same = await diff("--dir", "cdktf.out", "--format", "markdown");
  expect(same.code).toBe(0);
  expect(same.stdout).toContain("suppressions of hardening rules are not compared");
});
