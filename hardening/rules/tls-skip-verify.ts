import { isOn } from "../readers/values";
import { textsIn } from "../element";
import type { Rule } from "../rule";
import { all, forContainers, forElements } from "../subjects";

const SWITCH =
  /(^|[\s"'=])-?-tls-skip-verify\b(?!=["']?(0|f|false)\b)|\bVAULT_SKIP_VERIFY=["']?(true|t|1)\b|\binsecure_?skip_?verify\b["\s:=]+(true|t|1)\b/i;

/** Substring of all switches and names. */
const HINT = /skip[_-]?verify/i;

const NAMES = ["VAULT_SKIP_VERIFY", "vault.hashicorp.com/tls-skip-verify"];

/** Reports clients that do not verify Vault's certificate. */
export const tlsSkipVerify: Rule = {
  id: "tls-skip-verify",
  level: "error",
  title: "Clients verify the certificate of Vault",
  item: "tls",
  fix: "Give clients the CA (VAULT_CACERT, ca_cert_file, vault.hashicorp.com/ca-cert) instead of skipping verification.",
  source: "https://developer.hashicorp.com/vault/docs/concepts/production-hardening",
  check: all(
    forElements(
      ({ block, type }) => block === "provider" && type === "vault",
      ({ body }) => (isOn(body, "skip_tls_verify") ? ["the provider has skip_tls_verify"] : []),
    ),
    forContainers(({ variables }) =>
      variables
        .filter(({ name, value }) => NAMES.includes(name) && isOn({ [name]: value }, name))
        .map(({ name }) => `${name} is on`),
    ),
    forElements(
      ({ block, type }) => block === "resource" && /^(kubernetes_|helm_)/.test(type),
      (element) =>
        textsIn(
          element,
          (word) => HINT.test(word),
          (text, key) => (NAMES.includes(key) ? isOn({ [key]: text }, key) : SWITCH.test(text)),
        ).map(({ path }) => `${path.join(".")} skips verification`),
    ),
  ),
};
