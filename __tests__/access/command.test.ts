import { GithubTeam } from "@cdktf/provider-vault/lib/github-team";
import { Policy } from "@cdktf/provider-vault/lib/policy";
import type { TerraformStack } from "cdktf";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { command } from "../../cli/commands/access";
import { catchPrinted } from "../cli/support/printed";
import { synthesizeTo } from "./support/platform";

const team =
  (...capabilities: string[]) =>
  (stack: TerraformStack) => {
    new Policy(stack, "Policy", {
      name: "app",
      policy: `path "sys/seal" { capabilities = ${JSON.stringify(capabilities)} }`,
    });
    new GithubTeam(stack, "Team", { team: "app", policies: ["app"] });
  };

describe("the command access", () => {
  let folder: string;
  let printed: string[];
  const dir = (name: string) => join(folder, name);
  const run = async (...args: string[]): Promise<number> => {
    const { values, positionals } = parseArgs({ args, options: command.options, allowPositionals: true });
    printed = catchPrinted();
    return command.run({ values: values as never, positionals, signal: new AbortController().signal });
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "access-command-"));
    synthesizeTo(dir("reads"), { "production-config": team("read"), "dev-config": team("read") });
    synthesizeTo(dir("updates"), { "production-config": team("read", "update"), "dev-config": team("read") });
    synthesizeTo(dir("rules"), { "production-config": team("read", "sudo"), "dev-config": team("read") });
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  afterEach(() => jest.restoreAllMocks());

  it("prints the map, of one environment if it is told so", async () => {
    expect(await run("--dir", dir("reads"))).toBe(0);
    expect(printed.join()).toMatch(/dev: 1 identity[\s\S]*production: 1 identity/);
    expect(await run("--dir", dir("reads"), "--env", "dev", "--format", "json")).toBe(0);
    expect(JSON.parse(printed[0]).environments).toMatchObject([{ name: "dev" }]);
  });

  it("answers who can do something", async () => {
    expect(await run("--dir", dir("reads"), "--who-can", "read", "sys/seal", "--env", "production")).toBe(0);
    expect(printed[0]).toContain("1 identity can read sys/seal");
    expect(printed[0]).toContain("auth/github group app");
  });

  it.each([
    ["reads", 0],
    ["updates", 2],
    ["rules", 3],
  ])("tells by its exit code what a change does: %s", async (after, code) => {
    expect(await run("--dir", dir(after), "--base-dir", dir("reads"))).toBe(code);
    expect(await run("--dir", dir(after), "--base-dir", dir("reads"), "--env", "dev")).toBe(0);
  });

  it.each([
    [["--format", "yaml"], '--format must be table, json, markdown, got "yaml".'],
    [["--who-can", "write", "a"], '--who-can must be a capability, got "write"; allowed: create, read,'],
    [["--who-can", "deny", "a"], '--who-can must be a capability, got "deny"'],
    [["--who-can", "read"], "--who-can takes one path without wildcards"],
    [["--who-can", "read", "secret/*"], 'got ["secret/*"].'],
    [["--who-can", "read", "a", "b"], 'got ["a","b"].'],
    [["a"], "access takes no arguments, got 1."],
    [["--live", "--base", "main"], "--base and --live exclude each other."],
    [["--live"], "--live needs --env"],
    [
      ["--env", "nowhere"],
      '--env must be an environment that has stacks, got "nowhere"; allowed: dev, production.',
    ],
    [["--env", "nowhere", "--base-dir", "."], "holds no synthesized stack"],
  ])("refuses %j", async (args, message) => {
    await expect(run("--dir", dir("reads"), ...args)).rejects.toThrow(message);
  });
});
