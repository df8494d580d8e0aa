import { readFileSync } from "node:fs";
import { join } from "node:path";
import { received } from "../constructs/core/received";
import { projectPaths } from "./project-paths";
import { UserError } from "../constructs/core/user-error";
import { environmentOf } from "../analysis/terraform/synthesized";
import { type AppRun, type SynthesisOptions, synthesizeApp } from "./program/run-app";

/** A synthesized stack. */
export interface SynthesizedStack {
  readonly name: string;
  readonly folder: string;
}

interface Manifest {
  readonly stacks: Readonly<
    Record<string, { name: string; workingDirectory: string; dependencies: string[] }>
  >;
}

/**
 * Synthesizes the CDK app of the folder in which the command is called.
 * @returns the stacks, each after those that it depends on
 * @throws UserError if there is no CDK app, and with what it printed if it fails
 */
export async function synthesize(
  options: SynthesisOptions & Pick<AppRun, "attached"> = {},
): Promise<SynthesizedStack[]> {
  return readStacks(await synthesizeApp(projectPaths.root, options));
}

/** The stacks in a folder of synthesized output, each after those that it depends on. */
export function readStacks(out: string): SynthesizedStack[] {
  const manifest = JSON.parse(readFileSync(join(out, "manifest.json"), "utf8")) as Manifest;
  return inOrder(manifest).map(({ name, workingDirectory }) => ({
    name,
    folder: join(out, workingDirectory),
  }));
}

/** True for a stack that configures Vault, which has to be reached for it. */
export function configuresVault({ folder }: SynthesizedStack): boolean {
  const { provider = {} } = JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8")) as {
    provider?: Readonly<Record<string, unknown>>;
  };
  return "vault" in provider;
}

/** cdktf lists the stacks in the order in which the program made them. */
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
 * Those of the stacks whose names match.
 * @param patterns names, in which `*` stands for any text; none for every stack
 * @param environment limits them to one environment's
 * @throws UserError that names what there is when a pattern or an environment matches nothing
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
