import { readable } from "../readers/seconds";
import { secondsOf } from "../readers/values";
import type { Rule } from "../rule";
import { forResources } from "../subjects";

/** Maximum TTL in seconds: 90 days. */
const BOUND = 90 * 86400;

/** Reports PKI roles for certificates that are valid for more than 90 days. */
export const certificateTtl: Rule = {
  id: "certificate-ttl",
  level: "warning",
  title: "Certificates of workloads end within 90 days",
  item: "short-lived",
  fix: "Set max_ttl of the role to 90 days or less.",
  source:
    "https://developer.hashicorp.com/vault/docs/secrets/pki/considerations#keep-certificate-lifetimes-short-for-crl-s-sake",
  check: forResources(["vault_pki_secret_backend_role"], ({ values: body }) => {
    const limit = secondsOf(body, "max_ttl");
    // Without max_ttl, the mount's maximum applies: 32 days by default.
    return limit && limit > BOUND ? [`certificates are valid for up to ${readable(limit)}`] : [];
  }),
};
