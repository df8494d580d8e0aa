import { readable, secondsOf } from "../readers/seconds";
import type { Rule } from "../rule";
import { forResources } from "../subjects";

const BOUND = 90 * 86400;

export const certificateTtl: Rule = {
  id: "certificate-ttl",
  level: "warning",
  title: "Certificates of workloads end within 90 days",
  item: "short-lived",
  fix: "Set max_ttl of the role to 90 days or less.",
  source:
    "https://developer.hashicorp.com/vault/docs/secrets/pki/considerations#keep-certificate-lifetimes-short-for-crl-s-sake",
  check: forResources(["vault_pki_secret_backend_role"], ({ body }) => {
    const limit = secondsOf(body.max_ttl);
    // Without one the mount's counts, which is 32 days unless it was tuned.
    return limit && limit > BOUND ? [`certificates are valid for up to ${readable(limit)}`] : [];
  }),
};
