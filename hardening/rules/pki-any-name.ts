import { isOff, isOn, textsOf } from "../readers/values";
import type { Rule } from "../rule";
import { forResources } from "../subjects";

/** Reports PKI roles that issue certificates for more than the named domains. */
export const pkiAnyName: Rule = {
  id: "pki-any-name",
  level: "error",
  title: "PKI roles issue for the domains that they name",
  item: "least-privilege",
  fix: "Name the domains in allowed_domains, as PkiRole does.",
  source: "https://developer.hashicorp.com/vault/docs/secrets/pki/considerations",
  check: forResources(["vault_pki_secret_backend_role"], ({ values: body }) => [
    ...(isOn(body, "allow_any_name") ? ["the role issues for any name (allow_any_name)"] : []),
    ...(isOff(body, "enforce_hostnames") ? ["the role issues for what is no host name"] : []),
    ...textsOf(body, "allowed_domains")
      .filter((domain) => /[*?]/.test(domain) && isOn(body, "allow_glob_domains"))
      .map((domain) => `the role issues for every name that matches ${domain}`),
  ]),
};
