import { readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../constructs/core/user-error";
import { environmentOf } from "../analysis/terraform/synthesized";
import { isBehind, synthesizeRevision } from "./program/program";
import { DEPLOYED, GithubRepository } from "./github";
import type { SynthesisOptions } from "./program/run-app";
import { type SynthesizedStack, readStacks, selectStacks } from "./stacks";
import { warn } from "./terminal";

export interface Selection extends SynthesisOptions {
  /** Names, in which `*` stands for any text; none for every stack. */
  readonly patterns: readonly string[];
  /**
   * Only stacks whose output has changed since this revision, such as origin/main; `deployed`: since the commit that
   * GitHub says stands in the environment.
   * @default - all that match
   */
  readonly base?: string;
  /** Compare with the revision itself. @default - with the commit at which the working tree left it */
  readonly exact?: boolean;
}

/**
 * Chooses among the stacks of the program as it stands, and keeps their order.
 * @throws UserError when a name matches nothing, for an unknown revision, and with what its program said
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
    // Other packages may make something else of the same program, which those that are installed here do not show.
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
 * What Terraform reads: comments do not count. Files beside it are in folders that have the hash of their content in
 * the name.
 */
function contentOf(folder: string): string {
  const json: unknown = JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8"));
  return JSON.stringify(json, (key, value: unknown) => (key === "//" ? undefined : value));
}

/**
 * A revision for git.
 * @param revision such as origin/main, or `deployed`
 * @returns undefined when nothing was deployed yet
 * @throws UserError for `deployed` without an environment, and when GitHub cannot be asked
 */
export async function resolveRevision(revision: string, env?: string): Promise<string | undefined> {
  if (revision !== DEPLOYED) return revision;
  if (env === undefined) throw new UserError(`${DEPLOYED} requires --env.`);
  return GithubRepository.fromEnvironment(process.env).deployedCommit(env);
}

/**
 * A job that waited long, or is run again, would take back what was deployed in the meantime.
 * @throws UserError when what stands in the environment builds on what is checked out
 */
export async function requireNotBehind({ env, base }: Pick<Selection, "env" | "base">): Promise<void> {
  if (base !== DEPLOYED) return;
  const revision = await resolveRevision(base, env);
  if (revision === undefined || !(await isBehind(revision))) return;
  throw new UserError(
    `${env} has ${revision}, which is newer than what is checked out; to go back, merge a commit that reverts.`,
  );
}
