import { type TerraformStack, Testing } from "cdktf";
import { parse } from "yaml";

type Block = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

/** The only custom resource of its kind, as passed to Helm. */
export function customResource(stack: TerraformStack, kind: string): Block {
  const { resource } = JSON.parse(Testing.synth(stack));
  const found = Object.values<Block>(resource.helm_release)
    .flatMap(({ values }) => parse(values[0]).resources ?? [])
    .filter((candidate: Block) => candidate.kind === kind);
  if (found.length !== 1) throw new Error(`expected one ${kind}, got ${found.length}`);
  return found[0];
}
