import { configMapOf } from "../readers/config-maps";
import { holdsSecret } from "../../constructs/core/secret-texts";
import type { Rule } from "../rule";
import { forElements } from "../subjects";

/** Reports secrets in ConfigMaps. */
export const secretInConfigMap: Rule = {
  id: "secret-in-config-map",
  level: "error",
  title: "No ConfigMap spells out a secret",
  item: "secrets-in-git",
  fix: "Keep the secret in Vault and let its agent render the file.",
  source: "https://kubernetes.io/docs/concepts/configuration/configmap/",
  check: forElements(
    (element) => configMapOf(element) !== undefined,
    (element) =>
      Object.entries(configMapOf(element)?.data ?? {})
        .filter(([key, value]) => holdsSecret(key, value))
        .map(([key]) => `the key ${key} spells out a secret (not shown)`),
  ),
};
