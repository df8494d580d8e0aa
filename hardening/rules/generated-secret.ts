import { textOf } from "../readers/values";
import type { Rule } from "../rule";
import { forResources } from "../subjects";

/** Resources with a result that is a secret in Terraform's state. */
const GENERATORS = [
  "random_password",
  "tls_private_key",
  "vault_pki_secret_backend_cert",
  "kubernetes_token_request",
  "kubernetes_token_request_v1",
  "aws_iam_user_login_profile",
];

/** Resources that can export a CA's private key into the state. Vault returns the key only once. */
const EXPORTED = ["vault_pki_secret_backend_root_cert", "vault_pki_secret_backend_intermediate_cert_request"];

/** Reports secrets that Terraform generates and keeps in its state. */
export const generatedSecret: Rule = {
  id: "generated-secret",
  level: "error",
  title: "Terraform generates no secret that it keeps",
  item: "secrets-in-state",
  fix: "Use an ephemeral resource, or let Vault make the secret and keep it (type internal for keys of CAs).",
  source: "https://developer.hashicorp.com/terraform/language/manage-sensitive-data/ephemeral",
  check: forResources([...GENERATORS, ...EXPORTED], ({ type, values: body }) => {
    if (GENERATORS.includes(type)) return [`the result of ${type} is kept in the state`];
    const kind = textOf(body, "type");
    return kind === "exported" ? ["the key of the CA is exported into the state"] : [];
  }),
};
