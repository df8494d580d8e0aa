import { readFileSync } from "node:fs";
import { join } from "node:path";
import { received } from "../constructs/core/received";
import { projectPaths } from "./project-paths";
import { UserError } from "../constructs/core/user-error";
import { environmentOf } from "../analysis/terraform/synthesized";
import { type AppRun, type SynthesisOptions, synthesizeApp } from "./program/run-app";

/** A synthesized stack. */
export interface SynthesizedStack {
  /** Name of the stack. */
  readonly name: string;
  /** Folder with its `cdk.tf.json`. */
  readonly folder: string;
}

interface Manifest {
  readonly stacks: Readonly<
    Record<string, { name: string; workingDirectory: string; dependencies: string[] }>
  >;
}

/**
 * Synthesizes the CDK app of the current folder.
 * @returns the stacks, each after its dependencies
 * @throws UserError if there is no CDK app, and with its output if it fails
 */
export async function synthesize(
  options: SynthesisOptions & Pick<AppRun, "attached"> = {},
): Promise<SynthesizedStack[]> {
  return readStacks(await synthesizeApp(projectPaths.root, options));
}

/** Stacks in a folder of synthesized output, each after its dependencies. */
export function readStacks(out: string): SynthesizedStack[] {
  const manifest = JSON.parse(readFileSync(join(out, "manifest.json"), "utf8")) as Manifest;
  return inOrder(manifest).map(({ name, workingDirectory }) => ({
    name,
    folder: join(out, workingDirectory),
  }));
}

/** Returns true for a stack that configures Vault and therefore connects to it. */
export function configuresVault({ folder }: SynthesizedStack): boolean {
  const { provider = {} } = JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8")) as {
    provider?: Readonly<Record<string, unknown>>;
  };
  return "vault" in provider;
}

/** Stacks in the order of their dependencies. cdktf lists them in the order of their creation. */
function inOrder({ stacks }: Manifest) {
  const ordered = new Set<string>();
  const visit = (name: string) => {
    if (ordered.has(name)) return;
    stacks[name].dependencies.forEach(visit);
    ordered.add(name);
  };
  Object.keys(stacks).forEach(visit);
  return [...ordered].map((name) => stacks[name]);
}

/**
 * Selects stacks by name.
 * @param patterns names, in which `*` matches any text; without names, all stacks are selected
 * @param environment only stacks of this environment
 * @throws UserError with the available names if a pattern or an environment matches nothing
 */
export function selectStacks<Stack extends Pick<SynthesizedStack, "name">>(
  stacks: readonly Stack[],
  patterns: readonly string[],
  environment?: string,
): Stack[] {
  const inEnvironment = stacks.filter(
    ({ name }) => environment === undefined || environmentOf(name) === environment,
  );
  const candidates = inEnvironment.map(({ name }) => name).join(", ");
  if (inEnvironment.length === 0) {
    const all = stacks.map(({ name }) => name).join(", ");
    throw new UserError(
      `--env must be an environment that has stacks, got ${received(environment)}; the stacks are ${all}.`,
    );
  }
  const expressions = patterns.map((pattern) => {
    const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
    const expression = new RegExp(`^${escaped}$`);
    if (inEnvironment.some(({ name }) => expression.test(name))) return expression;
    const isEnvironment = inEnvironment.some(({ name }) => environmentOf(name) === pattern);
    const hint = isEnvironment ? ` --env ${pattern} selects the stacks of that environment.` : "";
    throw new UserError(`No stack matches ${pattern}; allowed are patterns with * of ${candidates}.${hint}`);
  });
  if (expressions.length === 0) return inEnvironment;
  return inEnvironment.filter(({ name }) => expressions.some((expression) => expression.test(name)));
}
