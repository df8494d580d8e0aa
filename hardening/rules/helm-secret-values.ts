import { argumentsHoldSecret, holdsSecret } from "../../constructs/core/secret-texts";
import { blocks, isBlock, text, texts } from "../readers/blocks";
import { releaseOf } from "../readers/helm";
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

function secretKeys(value: unknown, path = "", name = ""): string[] {
  if (Array.isArray(value)) {
    if (value.every((item) => typeof item === "string") && argumentsHoldSecret(texts(value))) return [path];
    return value.flatMap((item, index) => secretKeys(item, `${path}[${index}]`, name));
  }
  if (isBlock(value)) {
    return Object.entries(value).flatMap(([key, item]) => {
      const here = path ? `${path}.${key}` : key;
      // A variable in a list: its value is beside its name.
      return secretKeys(item, here, key === "value" ? (text(value.name) ?? key) : key);
    });
  }
  const literal = typeof value === "boolean" ? undefined : text(value);
  return literal !== undefined && holdsSecret(name, literal) ? [path] : [];
}
