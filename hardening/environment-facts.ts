import type { TerraformStack } from "cdktf";
import { checkArguments, object, oneOf, text } from "../constructs/core/field";
import { construct } from "../constructs/core/fields";

const METADATA = "hardening-environment";

/** Facts about an environment that rules cannot read from the stacks. */
export interface EnvironmentFacts {
  /** Name of the environment. Stacks with the same name are evaluated together, as one platform. */
  readonly name: string;
  /**
   * Encryption of Secrets by the API server. `kms`: each Secret has a separate data key, which a KMS encrypts. `none`:
   * Secrets are stored in plain text.
   * @default - unknown, which is reported
   * @see https://kubernetes.io/docs/tasks/administer-cluster/kms-provider/
   */
  readonly secretsEncryption?: "kms" | "none";
}

const FACTS = object<EnvironmentFacts>(() => ({
  name: text.known(),
  secretsEncryption: oneOf("kms", "none").optional(),
}));

/** Declares the environment of a stack, and facts about that environment. */
export function declareEnvironment(stack: TerraformStack, facts: EnvironmentFacts): void {
  checkArguments("declareEnvironment", { stack: [stack, construct], facts: [facts, FACTS] });
  stack.node.addMetadata(METADATA, facts);
}

/** Facts that were declared for a stack. @returns undefined for a stack without a declaration */
export function environmentOf(stack: TerraformStack): EnvironmentFacts | undefined {
  const declared = stack.node.metadata.filter(({ type }) => type === METADATA);
  return declared.map(({ data }) => data as EnvironmentFacts).reduce(joinFacts, undefined);
}

/** Merges two declarations. A fact that one of them leaves out does not override the other. */
export function joinFacts(
  known: EnvironmentFacts | undefined,
  further: EnvironmentFacts | undefined,
): EnvironmentFacts | undefined {
  if (!known || !further) return further ?? known;
  return { ...known, ...further, secretsEncryption: further.secretsEncryption ?? known.secretsEncryption };
}
