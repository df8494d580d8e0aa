import { isSecretName } from "../../constructs/core/secret-forms";
import { blocks, isBlock } from "../readers/blocks";
import { releaseOf } from "../readers/helm";
import { mayBeSecret } from "../readers/secrets";
import type { Rule } from "../rule";
import { forElements } from "../subjects";

/** Reports secrets in the values of Helm releases. */
export const helmSecretValues: Rule = {
  id: "helm-secret-values",
  level: "error",
  title: "No value of a Helm release is a secret",
  item: "secrets-in-state",
  fix: "Refer to a Secret that exists, or use set_wo; values are in the state and in the release.",
  source: "https://developer.hashicorp.com/terraform/language/state/sensitive-data",
  check: forElements(
    (element) => releaseOf(element) !== undefined,
    (element) => [
      ...secretKeys(releaseOf(element)?.values ?? {}).map(
        (path) => `the value ${path} is a secret (not shown)`,
      ),
      ...blocks(element.body.set_sensitive).map(({ name }) => `set_sensitive keeps ${name} in the state`),
    ],
  ),
};

function secretKeys(value: unknown, path = ""): string[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => secretKeys(item, `${path}[${index}]`));
  if (!isBlock(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const here = path ? `${path}.${key}` : key;
    return typeof item === "string" && isSecretName(key) && mayBeSecret(item)
      ? [here]
      : secretKeys(item, here);
  });
}
