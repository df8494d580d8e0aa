import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { received } from "../../constructs/core/received";
import { projectPaths } from "../project-paths";
import { UserError } from "../../constructs/core/user-error";
import { run } from "../processes";
import { type SynthesisOptions, synthesizeApp } from "./run-app";

/** Temporary folder with synthesized output. */
export interface Synthesis {
  /** Path of the folder. */
  readonly folder: string;
  /** Notes for the user. */
  readonly notes: readonly string[];
  /** False if the revision requires other packages than those that it was synthesized with. */
  readonly samePackages: boolean;
  /** Removes the folder. */
  remove(): Promise<void>;
}

/** Files that define the installed packages. */
const LOCKS = ["package-lock.json", "pnpm-lock.yaml", "yarn.lock"];

/** Options for the synthesis of a revision. */
export interface RevisionOptions extends SynthesisOptions {
  /** Folder of the CDK app in the working tree. @default - the current folder */
  readonly root?: string;
  /** Whether to use the revision itself, regardless of the working tree. @default false */
  readonly exact?: boolean;
}

/** Creates a folder for output that users do not read. */
function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), "vault-platform-access-"));
}

/**
 * Synthesizes the CDK app of the working tree, with the positions in the source at which constructs are created.
 * @throws UserError with the output of the app
 */
export async function synthesizeHere(
  root = projectPaths.root,
  options: SynthesisOptions = {},
): Promise<Synthesis> {
  const folder = temporaryFolder();
  const remove = async () => rmSync(folder, { recursive: true, force: true });
  try {
    const preload = ["record-sources.cjs", "record-facts.cjs"].map((file) => join(__dirname, file));
    await synthesizeApp(root, { ...options, out: folder, preload });
    return { folder, notes: [], samePackages: true, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/**
 * Synthesizes the commit at which the working tree branched off a revision, in a separate git worktree. It uses the
 * packages that are installed here.
 * @param revision for example origin/main
 * @throws UserError for an unknown revision, and with the output of its app
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
  // Later commits of the revision are not part of this change.
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
    const preload = [join(__dirname, "record-facts.cjs")];
    await synthesizeApp(project, { out, env, noTraces, preload, title: `Synthesis of ${revision}` });
    return { folder: out, notes, samePackages, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Returns true if the revision is newer than the commit of the working tree, and based on it. */
export async function isBehind(revision: string, root = projectPaths.root): Promise<boolean> {
  const git = gitIn(root);
  const isAncestor = await git("merge-base", "--is-ancestor", "HEAD", revision).then(
    () => true,
    () => false,
  );
  return isAncestor && (await git("rev-parse", `${revision}^{commit}`)) !== (await git("rev-parse", "HEAD"));
}

/** Folder of a repository, and its parents. Each may contain installed packages. */
function foldersUp(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...foldersUp(parent)];
}

function differs(file: string, root: string, tree: string): boolean {
  const [here, there] = [root, tree].map((folder) => join(folder, file));
  const read = (path: string) => (existsSync(path) ? readFileSync(path, "utf8") : undefined);
  return read(here) !== read(there);
}

/** Runs git without hooks, which are for users that change branches. */
function gitIn(root: string) {
  return async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await run("git", ["-c", "core.hooksPath=/dev/null", ...args], {
      cwd: root,
    });
    if (code !== 0) throw new UserError(`git ${args[0]} failed: ${stderr.trim()}`);
    return stdout.trim();
  };
}
