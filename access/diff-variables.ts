import type { BlockPair } from "../analysis/coverage/block-pairs";
import { statusOf } from "../analysis/coverage/status";
import type { Environment, ModelBlock } from "../analysis/terraform/synthesized";
import { textOf } from "../analysis/terraform/values";
import { mark } from "./markdown";

/** Changed expressions with a value that depends on variables. */
export interface Variables {
  /** Status and description of the changes of a block. */
  readonly changesOf: (pair: BlockPair) => readonly (readonly ["unread", string])[];
}

/** Arguments that are compared as nested blocks, or that decide nothing. */
const OTHERS = ["//", "provisioner", "lifecycle"];

/**
 * Changed expressions with a value that depends on variables. The analysis evaluates the default of a variable, and a run can
 * give another value, as pipelines do by `TF_VAR_...`: the same default does not mean the same objects.
 */
export function variablesIn(before: Environment, after: Environment): Variables {
  const [earlier, later] = [sourcesOf(before), sourcesOf(after)];
  return {
    changesOf: ({ before: was, after: is }) => {
      if (!is) return [];
      const changed = Object.keys(is.body).filter(
        (name) =>
          !OTHERS.includes(name) &&
          statusOf(is.kind, is.type, name) !== "inert" &&
          later.hasVariable(is, name) &&
          later.of(is, name) !== (was && earlier.of(was, name)),
      );
      if (changed.length === 0) return [];
      const names = [...new Set(changed.flatMap((name) => later.variablesOf(is, name)))].sort();
      const variables = names.map((name) => mark(`var.${name}`)).join(", ");
      const what = `${changed.map(mark).join(", ")} depends on ${variables}: evaluated with the default, and a run can give another value`;
      return [["unread", what]];
    },
  };
}

/** Sources of arguments, in which those of locals are included. */
interface Sources {
  readonly of: (block: ModelBlock, name: string) => string;
  readonly variablesOf: (block: ModelBlock, name: string) => string[];
  readonly hasVariable: (block: ModelBlock, name: string) => boolean;
}

function sourcesOf({ blocks }: Environment): Sources {
  const locals = new Map<string, Map<string, string>>();
  const defaults = new Set<string>();
  for (const { kind, stack, name, body } of blocks) {
    if (kind === "variable" && body.default !== undefined && body.ephemeral !== true)
      defaults.add(`${stack} ${name}`);
    if (kind !== "locals") continue;
    const known = locals.get(stack) ?? new Map<string, string>();
    for (const [local, value] of Object.entries(body)) known.set(local, textOf(value));
    locals.set(stack, known);
  }
  const expanded = (stack: string, text: string, open: readonly string[] = []): string =>
    text.replaceAll(/\blocal\.([\w-]+)/g, (reference, local: string) => {
      const value = open.includes(local) ? undefined : locals.get(stack)?.get(local);
      return value === undefined ? reference : `(${expanded(stack, value, [...open, local])})`;
    });
  const of = ({ stack, body }: ModelBlock, name: string) => {
    const text = textOf(body[name]);
    return text.includes("{") ? expanded(stack, text) : text;
  };
  const variablesOf = (block: ModelBlock, name: string) => {
    const text = of(block, name);
    if (!/[$%]\{/.test(text)) return [];
    return [...text.matchAll(/\bvar(?:\.|\[\\*"*)([\w-]+)/g)]
      .map(([, variable]) => variable)
      .filter((variable) => defaults.has(`${block.stack} ${variable}`));
  };
  return { of, variablesOf, hasVariable: (block, name) => variablesOf(block, name).length > 0 };
}
