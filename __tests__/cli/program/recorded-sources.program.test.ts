import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { accessMap } from "../../../access/access-map";
import { synthesizeHere, synthesizeRevision } from "../../../cli/program/program";
import { readSynthesized } from "../../../analysis/terraform/synthesized";

/** CDK app with one stack and one policy. */
const program = (policy: string) => `
import { Policy } from "@cdktf/provider-vault/lib/policy";
import { VaultProvider } from "@cdktf/provider-vault/lib/provider";
import { App, LocalBackend, TerraformStack } from "cdktf";
const app = new App();
const stack = new TerraformStack(app, "production-config");
new LocalBackend(stack, { path: "state" });
new VaultProvider(stack, "Vault", {});
new Policy(stack, "App", { name: "app", policy: ${JSON.stringify(policy)} });
app.synth();
`;

const rule = (path: string) => `path "${path}" { capabilities = ["read"] }`;

describe("synthesis for access", () => {
  let root: string;
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@t", ...args], { cwd: root });
  const write = (text: string) => writeFileSync(join(root, "main.ts"), text);
  const commit = (policy: string) => {
    write(program(policy));
    git("add", "main.ts", "cdktf.json");
    git("commit", "-q", "-m", policy);
  };
  const patterns = (folder: string) =>
    readSynthesized(folder).flatMap((it) =>
      accessMap(it).unattached.flatMap(({ access }) => access.map(({ pattern }) => pattern)),
    );

  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), "access-program-"));
    git("init", "-q", "-b", "main");
    symlinkSync(resolve(__dirname, "../../../node_modules"), join(root, "node_modules"));
    writeFileSync(join(root, "cdktf.json"), JSON.stringify({ app: "node --require tsx/cjs main.ts" }));
    commit(rule("first"));
    git("checkout", "-q", "-b", "change");
    commit(rule("changed"));
    git("checkout", "-q", "main");
    commit(rule("meanwhile"));
    git("checkout", "-q", "change");
    write(program(rule("not-committed")));
  });
  afterAll(() => rmSync(root, { recursive: true }));

  it("reads the working tree with uncommitted changes", async () => {
    const synthesis = await synthesizeHere(root);

    expect(patterns(synthesis.folder)).toEqual(["not-committed"]);
    await synthesis.remove();
    expect(existsSync(synthesis.folder)).toBe(false);
  }, 30_000);

  it("reads the merge base with a revision and leaves no worktree or folder", async () => {
    const synthesis = await synthesizeRevision("main", { root });

    expect(patterns(synthesis.folder)).toEqual(["first"]);
    expect(synthesis.notes).toEqual([]);
    await synthesis.remove();
    expect(git("worktree", "list").toString().trim().split("\n")).toHaveLength(1);
    expect(existsSync(synthesis.folder)).toBe(false);
    expect(readFileSync(join(root, "main.ts"), "utf8")).toContain("not-committed");
  }, 30_000);

  it("reads a CDK app in a folder of the repository with packages installed beside it", async () => {
    const folder = join(root, "infra");
    mkdirSync(folder);
    writeFileSync(join(folder, "cdktf.json"), JSON.stringify({ app: "node --require tsx/cjs app.ts" }));
    writeFileSync(join(folder, "app.ts"), program(rule("in-a-folder")));
    git("add", "infra");
    git("commit", "-q", "-m", "folder");
    const synthesis = await synthesizeRevision("change", { root: folder });

    expect(patterns(synthesis.folder)).toEqual(["in-a-folder"]);
    expect(synthesis.notes).toEqual([]);
    await synthesis.remove();
  }, 30_000);

  it("rejects a revision without a cdktf.json", async () => {
    const folder = join(root, "new");
    mkdirSync(folder);
    await expect(synthesizeRevision("change", { root: folder })).rejects.toThrow(
      "change has no cdktf.json, which says how its CDK app is run.",
    );
    expect(git("worktree", "list").toString().trim().split("\n")).toHaveLength(1);
  });

  it.each(["nowhere", "--upload-pack=x", ""])("rejects %s, which is not a revision", async (revision) => {
    await expect(synthesizeRevision(revision, { root })).rejects.toThrow(
      "a revision must be a commit, branch or tag",
    );
  });

  it("reports the error of the CDK app and leaves no worktree", async () => {
    write("throw new Error('no such service')");

    await expect(synthesizeHere(root)).rejects.toThrow(/Synthesis failed: [\s\S]*no such service/);
    git("commit", "-q", "-am", "broken");
    await expect(synthesizeRevision("change", { root })).rejects.toThrow("Synthesis of change failed");
    expect(git("worktree", "list").toString().trim().split("\n")).toHaveLength(1);
  }, 30_000);
});
