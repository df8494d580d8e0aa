import type { TerraformStack } from "cdktf";
import { checkArguments, object, oneOf, text } from "../constructs/core/field";
import { construct } from "../constructs/core/fields";

const METADATA = "hardening-environment";

/** What rules cannot read from the stacks. */
export interface EnvironmentFacts {
  /** Stacks of the same name are judged together, as one platform. */
  readonly name: string;
  /**
   * How the API server keeps Secrets: `kms`: each under a data key of its own that a KMS encrypts; `none`: plain.
   * @default - unknown, which is reported
   * @see https://kubernetes.io/docs/tasks/administer-cluster/kms-provider/
   */
  readonly secretsEncryption?: "kms" | "none";
}

const FACTS = object<EnvironmentFacts>(() => ({
  name: text.known(),
  secretsEncryption: oneOf("kms", "none").optional(),
}));

/** Says of which environment a stack is a layer, and what is known of that environment besides. */
export function declareEnvironment(stack: TerraformStack, facts: EnvironmentFacts): void {
  checkArguments("declareEnvironment", { stack: [stack, construct], facts: [facts, FACTS] });
  stack.node.addMetadata(METADATA, facts);
}

/** @returns undefined for a stack of which nobody said anything */
export function environmentOf(stack: TerraformStack): EnvironmentFacts | undefined {
  const declared = stack.node.metadata.filter(({ type }) => type === METADATA);
  return declared.map(({ data }) => data as EnvironmentFacts).reduce(joinFacts, undefined);
}

/** What either says; a layer that says nothing of a fact takes nothing back. */
export function joinFacts(
  known: EnvironmentFacts | undefined,
  further: EnvironmentFacts | undefined,
): EnvironmentFacts | undefined {
  if (!known || !further) return further ?? known;
  return { ...known, ...further, secretsEncryption: further.secretsEncryption ?? known.secretsEncryption };
}
