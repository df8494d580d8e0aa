import { testDangerous, testNamed } from "../support/matrix";
import type { Production } from "../support/production";

const pkiRole = (production: Production) => production.resource("vault_pki_secret_backend_role");
const PKI = "${vault_mount.Pki_Intermediate_B1A13EBC.path}";

describe("access diff of production: certificates and keys", () => {
  testDangerous([
    [
      "certificates for any name",
      (production) => (pkiRole(production).allow_any_name = true),
      "payment-service",
      "wildcard",
    ],
    [
      "certificates with wildcards",
      (production) => (pkiRole(production).allow_wildcard_certificates = true),
      "payment-service",
    ],
    [
      "certificates for globs",
      (production) => (pkiRole(production).allow_glob_domains = true),
      "payment-service",
    ],
    [
      "ACME without accounts that are known",
      (production) =>
        production.add("vault_pki_secret_backend_config_acme", {
          backend: PKI,
          enabled: true,
          eab_policy: "not-required",
          default_directory_policy: "sign-verbatim",
        }),
      "config acme pki",
      "key material",
    ],
    [
      "certificates by EST",
      (production) =>
        production.add("vault_pki_secret_backend_config_est", {
          backend: PKI,
          enabled: true,
          default_path_policy: "sign-verbatim",
          authenticators: [{ cert: { accessor: "x" } }],
        }),
      "config est",
    ],
    [
      "certificates by CMPv2",
      (production) =>
        production.add("vault_pki_secret_backend_config_cmpv2", {
          backend: PKI,
          enabled: true,
          default_path_policy: "sign-verbatim",
        }),
      "config cmpv2",
    ],
    [
      "certificates by SCEP",
      (production) =>
        production.add("vault_pki_secret_backend_config_scep", {
          backend: PKI,
          enabled: true,
          default_path_policy: "sign-verbatim",
        }),
      "config scep",
    ],
    [
      "another certificate authority",
      (production) =>
        production.add("vault_pki_secret_backend_config_ca", { backend: PKI, pem_bundle: "pem" }),
      "config ca",
      "key material",
    ],
    [
      "the newest issuer is the default one",
      (production) =>
        (production.resource(
          "vault_pki_secret_backend_config_issuers",
          "Pki_Intermediate",
        ).default_follows_latest_issuer = true),
      "default_follows_latest_issuer",
      "key material",
    ],
    [
      "another default issuer",
      (production) =>
        (production.resource("vault_pki_secret_backend_config_issuers", "Pki_Intermediate").default =
          "other"),
      "config issuers",
      "key material",
    ],
    [
      "certificates outlive their issuer",
      (production) =>
        (production.resource("vault_pki_secret_backend_issuer", "Pki_Intermediate").leaf_not_after_behavior =
          "permit"),
      "leaf_not_after_behavior",
      "key material",
    ],
    [
      "nobody can see that certificates are revoked",
      (production) =>
        (production.resource("vault_pki_secret_backend_crl_config", "Pki_Intermediate").disable = true),
      "disable",
      "key material",
    ],
    [
      "the issuing authority can make further ones",
      (production) =>
        (production.resource("vault_pki_secret_backend_root_sign_intermediate").max_path_length = 3),
      "max_path_length",
      "key material",
    ],
    [
      "a certificate signed by the root, for a key of others",
      (production) =>
        production.add("vault_pki_secret_backend_root_sign_intermediate", {
          backend: "pki-root",
          csr: "pem",
          common_name: "Evil CA",
        }),
      "sign intermediate",
    ],
    [
      "the private key of the root leaves Vault",
      (production) => (production.resource("vault_pki_secret_backend_root_cert").type = "exported"),
      "root cert",
      "key material",
    ],
    [
      "a key that can be exported",
      (production) =>
        production.add("vault_transit_secret_backend_key", {
          backend: "transit",
          name: "x",
          exportable: true,
        }),
      "transit/x",
      "key material",
    ],
    [
      "a key of encryption becomes one that can be exported",
      [
        (production) => production.add("vault_transit_secret_backend_key", { backend: "transit", name: "x" }),
        (production) => (production.resource("vault_transit_secret_backend_key").exportable = true),
      ],
      "transit/x",
      "exportable",
      "key material",
    ],
    [
      "older versions of secrets are deleted",
      (production) => (production.resource("vault_kv_secret_backend_v2").max_versions = 1),
      "max_versions",
      "delete",
    ],
    [
      "secrets are deleted after an hour",
      (production) => (production.resource("vault_kv_secret_backend_v2").delete_version_after = 3600),
      "delete_version_after",
      "delete",
    ],
  ]);

  testNamed([
    [
      "certificates for a further domain",
      (production) => pkiRole(production).allowed_domains.push("svc"),
      "payment-service",
    ],
    [
      "an account for ACME",
      (production) => production.add("vault_pki_secret_backend_acme_eab", { backend: PKI }),
      "acme eab",
    ],
    [
      "a key that stays in Vault",
      (production) => production.add("vault_transit_secret_backend_key", { backend: "transit", name: "x" }),
      "transit/x",
    ],
    [
      "certificates live longer",
      (production) => (pkiRole(production).max_ttl = "9999999"),
      "payment-service",
    ],
    [
      "lists of revoked certificates live longer",
      (production) => (production.resource("vault_pki_secret_backend_crl_config").expiry = "96h"),
      "expiry",
    ],
    [
      "certificates are tidied less often",
      (production) =>
        (production.resource("vault_pki_secret_backend_config_auto_tidy").interval_duration = "24h"),
      "interval_duration",
    ],
  ]);
});
