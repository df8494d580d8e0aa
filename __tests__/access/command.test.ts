import { GithubTeam } from "@cdktf/provider-vault/lib/github-team";
import { Policy } from "@cdktf/provider-vault/lib/policy";
import type { TerraformStack } from "cdktf";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { command } from "../../cli/commands/access";
import { callCommand } from "../cli/support/call";
import { catchPrinted } from "../cli/support/printed";
import { synthesizeTo } from "./support/platform";

const team =
  (...capabilities: string[]) =>
  (stack: TerraformStack) => {
    new Policy(stack, "Policy", {
      name: "app",
      policy: `path "secret/data/app" { capabilities = ${JSON.stringify(capabilities)} }`,
    });
    new GithubTeam(stack, "Team", { team: "app", policies: ["app"] });
  };

describe("access command", () => {
  let folder: string;
  let printed: string[];
  const dir = (name: string) => join(folder, name);
  const run = async (...args: string[]): Promise<number> => {
    printed = catchPrinted();
    return callCommand(command, "access", args);
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "access-command-"));
    synthesizeTo(dir("reads"), { "production-config": team("read"), "dev-config": team("read") });
    synthesizeTo(dir("updates"), { "production-config": team("read", "update"), "dev-config": team("read") });
    synthesizeTo(dir("lists"), { "production-config": team("read", "list"), "dev-config": team("read") });
    synthesizeTo(dir("rules"), { "production-config": team("read", "sudo"), "dev-config": team("read") });
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  afterEach(() => jest.restoreAllMocks());

  it("prints the access map by default, and of one environment with --env", async () => {
    expect(await run("--dir", dir("reads"))).toBe(0);
    expect(printed.join()).toMatch(/dev: 1 identity[\s\S]*production: 1 identity/);
    expect(await run("map", "--dir", dir("reads"), "--env", "dev", "--format", "json")).toBe(0);
    expect(JSON.parse(printed[0]).environments).toMatchObject([{ name: "dev" }]);
  });

  it("who-can lists the identities that have access to a path", async () => {
    expect(await run("who-can", "secret/data/app", "--dir", dir("reads"), "--env", "production")).toBe(0);
    expect(printed[0]).toContain("1 identity has access to secret/data/app");
    expect(printed[0]).toContain("auth/github group app");
    await run("who-can", "sys/other", "--dir", dir("reads"), "--env", "production");
    expect(printed[0]).toBe("0 identities have access to sys/other");
  });

  it("who-can lists only identities with a capability", async () => {
    const onSeal = (...more: string[]) => run("who-can", "secret/data/app", "--env", "production", ...more);
    expect(await onSeal("--dir", dir("reads"), "--capability", "read")).toBe(0);
    expect(printed[0]).toContain("1 identity can read secret/data/app");
    expect(await onSeal("--dir", dir("reads"), "--capability", "update")).toBe(0);
    expect(printed[0]).toBe("0 identities can update secret/data/app");
    await onSeal("--dir", dir("updates"), "--capability", "update");
    expect(printed[0]).toContain("1 identity can update secret/data/app");
  });

  it.each([
    ["reads", 0],
    ["lists", 2],
    ["rules", 3],
  ])("diff returns the exit code for the change: %s", async (after, code) => {
    expect(await run("diff", "--dir", dir(after), "--base-dir", dir("reads"))).toBe(code);
    expect(await run("diff", "--dir", dir(after), "--base-dir", dir("reads"), "--env", "dev")).toBe(0);
  });

  it.each([
    [["--format", "yaml"], '--format must be table, json, markdown, got "yaml".'],
    [["--format", "jsn"], '--format must be table, json, markdown, got "jsn" (did you mean json?).'],
    [
      ["who-can", "a", "--capability", "write"],
      '--capability must be create, read, update, patch, delete, list, sudo, subscribe, recover, got "write"',
    ],
    [["who-can", "a", "--capability", "deny"], 'recover, got "deny"'],
    [["who-can"], "access who-can takes PATH, got 0."],
    [
      ["who-can", "secret/*"],
      'PATH must be without wildcards, such as secret/data/app/config, got "secret/*".',
    ],
    [["who-can", "read", "b"], "access who-can takes PATH, got 2."],
    [
      ["whocan", "a"],
      'Got the subcommand "whocan" (did you mean who-can?); allowed: map, who-can, diff, unmanaged, report.',
    ],
    [["map", "a"], "access map takes no arguments, got 1."],
    [["--env", "dev", "diff"], "Got the subcommand diff after an option; write it before."],
    [
      ["--base", "main"],
      'Got the option "--base" (an option of the subcommand diff and report); allowed: --env, --format, --dir,',
    ],
    [["--who-can", "read", "a"], 'Got the option "--who-can" (did you mean the subcommand who-can?)'],
    [
      ["unmanaged", "--env", "dev", "--base", "main"],
      'Got the option "--base" (an option of the subcommand diff and report)',
    ],
    [
      ["who-can", "a", "--base-dir", "b"],
      'Got the option "--base-dir" (an option of the subcommand diff and report)',
    ],
    [["diff", "--base", "main", "--base-dir", "b"], "--base and --base-dir exclude each other."],
    [["unmanaged"], "access unmanaged requires --env."],
    [
      ["map", "--env", "nowhere"],
      '--env must be an environment that has stacks, got "nowhere"; allowed: dev, production.',
    ],
    [["diff", "--env", "nowhere", "--base-dir", "."], "holds no synthesized stack"],
  ])("rejects %j", async (args, message) => {
    const isDirFirst = args[0].startsWith("-");
    const withDir = isDirFirst ? ["--dir", dir("reads"), ...args] : [...args, "--dir", dir("reads")];
    await expect(run(...withDir)).rejects.toThrow(message);
  });
});
