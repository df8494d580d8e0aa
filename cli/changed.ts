import { readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../constructs/core/user-error";
import { environmentOf } from "../analysis/terraform/synthesized";
import { isBehind, synthesizeRevision } from "./program/program";
import { DEPLOYED, GithubRepository } from "./github";
import type { SynthesisOptions } from "./program/run-app";
import { type SynthesizedStack, readStacks, selectStacks } from "./stacks";
import { warn } from "./terminal";

/** Selection of stacks. */
export interface Selection extends SynthesisOptions {
  /** Names, in which `*` matches any text; without names, all stacks are selected. */
  readonly patterns: readonly string[];
  /**
   * Revision, such as origin/main. Only stacks with output that has changed since then are selected. `deployed`: the
   * commit that is deployed to the environment, according to GitHub.
   * @default - all matching stacks
   */
  readonly base?: string;
  /**
   * Whether to compare with the revision itself.
   * @default - with the commit at which the working tree branched off it
   */
  readonly exact?: boolean;
}

/**
 * Selects stacks of the CDK app, in their order.
 * @throws UserError if a name matches nothing, for an unknown revision, and with the output of its app if that fails
 */
export async function selectChanged(
  stacks: readonly SynthesizedStack[],
  { patterns, env, noTraces, base, exact = false }: Selection,
): Promise<readonly SynthesizedStack[]> {
  const selected = selectStacks(stacks, patterns, env);
  if (base === undefined) return selected;
  const revision = await resolveRevision(base, env);
  if (revision === undefined) {
    warn(`note: nothing was deployed to ${env} yet, so every stack counts as changed`);
    return selected;
  }
  const { folder, notes, samePackages, remove } = await synthesizeRevision(revision, {
    exact: exact || base === DEPLOYED,
    env,
    noTraces,
  });
  try {
    notes.forEach((note) => warn(`note: ${note}`));
    const before = new Map(readStacks(folder).map((stack) => [stack.name, stack.folder]));
    for (const name of before.keys()) {
      if (stacks.some((stack) => stack.name === name)) continue;
      if (env !== undefined && environmentOf(name) !== env) continue;
      warn(`note: the program has no ${name} any more; what it made stays until it is destroyed`);
    }
    if (samePackages) return selected.filter((stack) => !isSame(before.get(stack.name), stack.folder));
    // Other packages may produce other output from the same app, and only the installed packages can run here.
    warn("note: so every stack counts as changed");
    return selected;
  } finally {
    await remove();
  }
}

function isSame(before: string | undefined, after: string): boolean {
  return before !== undefined && contentOf(before) === contentOf(after);
}

/**
 * Content that Terraform reads, without comments. Files next to it are covered: they are in folders that are named
 * after the hash of the content.
 */
function contentOf(folder: string): string {
  const json: unknown = JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8"));
  return JSON.stringify(json, (key, value: unknown) => (key === "//" ? undefined : value));
}

/**
 * Resolves a revision for git.
 * @param revision for example origin/main, or `deployed`
 * @returns undefined if nothing has been deployed yet
 * @throws UserError for `deployed` without an environment, and if GitHub does not answer
 */
export async function resolveRevision(revision: string, env?: string): Promise<string | undefined> {
  if (revision !== DEPLOYED) return revision;
  if (env === undefined) throw new UserError(`${DEPLOYED} requires --env.`);
  return GithubRepository.fromEnvironment(process.env).deployedCommit(env);
}

/**
 * Prevents a job that waited long, or that is run again, from reverting newer deployments.
 * @throws UserError if the deployed commit is newer than the checked-out commit, and based on it
 */
export async function requireNotBehind({ env, base }: Pick<Selection, "env" | "base">): Promise<void> {
  if (base !== DEPLOYED) return;
  const revision = await resolveRevision(base, env);
  if (revision === undefined || !(await isBehind(revision))) return;
  throw new UserError(
    `${env} has ${revision}, which is newer than what is checked out; to go back, merge a commit that reverts.`,
  );
}
