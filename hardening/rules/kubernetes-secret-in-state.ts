import { block } from "../readers/blocks";
import { textOf } from "../readers/values";
import type { Rule } from "../rule";
import { all, forResources } from "../subjects";

/** Arguments with values that Terraform keeps in its state. */
const DATA = ["data", "binary_data", "string_data", "stringData"];

/** Reports Kubernetes Secrets with values in Terraform's state. */
export const kubernetesSecretInState: Rule = {
  id: "kubernetes-secret-in-state",
  level: "error",
  title: "Terraform makes no Kubernetes Secret whose values it keeps",
  item: "secrets-in-state",
  fix: "Let External Secrets or the agent of Vault bring the value, or use data_wo of kubernetes_secret_v1.",
  source: "https://developer.hashicorp.com/terraform/language/state/sensitive-data",
  check: all(
    forResources(["kubernetes_secret", "kubernetes_secret_v1", "kubernetes_secret_v1_data"], ({ body }) => [
      ...DATA.filter((name) => body[name] !== undefined && body[name] !== null).map(
        (name) => `${name} of the Secret is kept in the state`,
      ),
      ...(textOf(body, "type") === "kubernetes.io/service-account-token"
        ? ["the token of a ServiceAccount in the Secret never ends"]
        : []),
    ]),
    forResources(["kubernetes_manifest"], ({ body }) => {
      const manifest = block(body.manifest);
      return manifest.kind === "Secret" &&
        DATA.some((name) => manifest[name] !== undefined && manifest[name] !== null)
        ? ["the values of the Secret are kept in the state"]
        : [];
    }),
  ),
};
