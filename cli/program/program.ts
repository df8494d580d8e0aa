import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { received } from "../../constructs/core/received";
import { projectPaths } from "../project-paths";
import { UserError } from "../../constructs/core/user-error";
import { run } from "../processes";
import { type SynthesisOptions, synthesizeApp } from "./run-app";

/** A folder with what the program makes, and how to be rid of it. */
export interface Synthesis {
  readonly folder: string;
  readonly notes: readonly string[];
  /** False where the revision asks for other packages than those that it was synthesized with. */
  readonly samePackages: boolean;
  remove(): Promise<void>;
}

/** Files that say which packages are installed. */
const LOCKS = ["package-lock.json", "pnpm-lock.yaml", "yarn.lock"];

export interface RevisionOptions extends SynthesisOptions {
  /** Folder of the CDK app in the working tree. @default - that in which the command is called */
  readonly root?: string;
  /** Take the revision itself, whatever the working tree has to do with it. @default false */
  readonly exact?: boolean;
}

/** Folders that are not there to be looked at. */
function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), "vault-platform-access-"));
}

/**
 * Synthesizes the program as it stands in the working tree, with the places in the source at which constructs are made.
 * @throws UserError with what the program said
 */
export async function synthesizeHere(
  root = projectPaths.root,
  options: SynthesisOptions = {},
): Promise<Synthesis> {
  const folder = temporaryFolder();
  const remove = async () => rmSync(folder, { recursive: true, force: true });
  try {
    await synthesizeApp(root, { ...options, out: folder, preload: [join(__dirname, "record-sources.cjs")] });
    return { folder, notes: [], samePackages: true, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/**
 * Synthesizes the revision at which the working tree left another one, in a work tree of git's of its own. The
 * packages are those that are installed here.
 * @param revision such as origin/main
 * @throws UserError for an unknown revision and with what its program said
 */
export async function synthesizeRevision(
  revision: string,
  { root = projectPaths.root, exact = false, env, noTraces }: RevisionOptions = {},
): Promise<Synthesis> {
  const git = gitIn(root);
  const wanted = await git("rev-parse", "--verify", "--end-of-options", `${revision}^{commit}`).catch(() => {
    throw new UserError(
      `a revision must be a commit, branch or tag that is fetched, got ${received(revision)}.`,
    );
  });
  const notes: string[] = [];
  // What happened on the other side since is not this change's.
  const commit = exact
    ? wanted
    : await git("merge-base", wanted, "HEAD").catch(() => {
        notes.push(`${revision} and HEAD have no common commit here, so ${revision} itself is the base`);
        return wanted;
      });
  const folder = temporaryFolder();
  const tree = join(folder, "tree");
  const remove = async () => {
    await git("worktree", "remove", "--force", tree).catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await git("worktree", "add", "--detach", tree, commit);
    const top = await git("rev-parse", "--show-toplevel");
    const prefix = await git("rev-parse", "--show-prefix");
    const project = join(tree, prefix);
    if (!existsSync(join(project, "cdktf.json"))) {
      throw new UserError(`${revision} has no cdktf.json, which says how its CDK app is run.`);
    }
    const workspaces = foldersUp(prefix || ".");
    const samePackages = workspaces.every((folder) =>
      LOCKS.every((file) => !differs(file, join(top, folder), join(tree, folder))),
    );
    if (!samePackages) {
      notes.push(`${revision} has other packages, and was synthesized with those that are installed here`);
    }
    for (const modules of workspaces.map((folder) => join(folder, "node_modules"))) {
      if (existsSync(join(top, modules))) symlinkSync(join(top, modules), join(tree, modules));
    }
    const out = join(folder, "out");
    await synthesizeApp(project, { out, env, noTraces, title: `Synthesis of ${revision}` });
    return { folder: out, notes, samePackages, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** True when the working tree is at a commit that the revision builds on. */
export async function isBehind(revision: string, root = projectPaths.root): Promise<boolean> {
  const git = gitIn(root);
  const isAncestor = await git("merge-base", "--is-ancestor", "HEAD", revision).then(
    () => true,
    () => false,
  );
  return isAncestor && (await git("rev-parse", `${revision}^{commit}`)) !== (await git("rev-parse", "HEAD"));
}

/** A folder of a repository and those around it: packages may be installed in each. */
function foldersUp(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...foldersUp(parent)];
}

function differs(file: string, root: string, tree: string): boolean {
  const [here, there] = [root, tree].map((folder) => join(folder, file));
  const read = (path: string) => (existsSync(path) ? readFileSync(path, "utf8") : undefined);
  return read(here) !== read(there);
}

/** Hooks are for people who change branches. */
function gitIn(root: string) {
  return async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await run("git", ["-c", "core.hooksPath=/dev/null", ...args], {
      cwd: root,
    });
    if (code !== 0) throw new UserError(`git ${args[0]} failed: ${stderr.trim()}`);
    return stdout.trim();
  };
}
