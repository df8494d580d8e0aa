import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Change } from "../../../access/changes";
import { accessDiff } from "../../../access/diff";
import { plain } from "../../../access/markdown";
import { type Environment, readSynthesized } from "../../../analysis/terraform/synthesized";
import { inFolder } from "./platform";

/** Arguments of a block. */
export type Json = Record<string, unknown>;

/** Content of a `cdk.tf.json`. */
export type StackJson = Readonly<Record<string, unknown>>;

/** Reads stacks of one environment from Terraform JSON. @param stacks content by name, for example production-config */
export function environmentOf(stacks: Readonly<Record<string, StackJson>>): Environment {
  return inFolder((folder) => {
    for (const [name, json] of Object.entries(stacks)) {
      const path = join(folder, "stacks", name);
      mkdirSync(path, { recursive: true });
      writeFileSync(join(path, "cdk.tf.json"), JSON.stringify(json));
    }
    return readSynthesized(folder)[0];
  });
}

/** Name of the stack. */
export const STACK = "production-config";

/** Changes of a stack. */
export function changesOf(before: StackJson, after: StackJson): readonly Change[] {
  const [{ changes }] = accessDiff([environmentOf({ [STACK]: before })], [environmentOf({ [STACK]: after })]);
  return changes;
}

/** Changes of a stack as text: subject without the stack, what, labels. */
export function textsOf(before: StackJson, after: StackJson): string[] {
  return changesOf(before, after).map(
    ({ subject, what, labels }) =>
      `${subject.replace(`${STACK}/`, "").replace(` in ${STACK}`, "")}: ${plain(what)} [${labels.join(", ")}]`,
  );
}

/** Stack with one resource of the name A. */
export const resource = (type: string, body: Json = {}, rest: StackJson = {}): StackJson => ({
  ...rest,
  resource: { [type]: { A: body } },
});
/** Stack without resources. */
export const EMPTY: StackJson = { resource: {} };
