import { describeRule } from "../support/describe-rule";
import {
  LISTENER,
  SEAL,
  STORAGE,
  configMap,
  container,
  helmRelease,
  manifest,
  nothing,
  provider,
  resource,
  vault,
} from "../support/plain";

const config = (listener: string) => listener + SEAL + STORAGE;

describeRule("tls-enabled", {
  compliant: {
    "a listener with a certificate": vault(),
    "a plain configuration": configMap("vault", { "vault.hcl": config(LISTENER) }),
  },
  violated: {
    "a listener with tls_disable": [
      vault(config('listener "tcp" {\n  address = "[::]:8200"\n  tls_disable = 1\n}\n')),
      "the listener at [::]:8200 has tls_disable",
    ],
    "a second listener without a certificate": [
      vault(config(`${LISTENER}listener "tcp" {\n  address = "[::]:8210"\n}\n`)),
      "the listener at [::]:8210 has no certificate",
    ],
    "a chart whose tlsDisable stays at its default": [
      vault(undefined, { global: { tlsDisable: undefined } }),
      "global.tlsDisable is not false, so that probes and clients of the chart use http",
    ],
    "a chart of which nothing is said": [
      helmRelease("https://charts.example.com/vault-0.34.1.tgz", {}),
      "the listener at 127.0.0.1:8200 has tls_disable",
      "global.tlsDisable is not false, so that probes and clients of the chart use http",
    ],
    "values that are set one by one": [
      helmRelease("vault", {}, { set: [{ name: "server.ha.enabled", value: "true" }] }),
      "the listener at 127.0.0.1:8200 has tls_disable",
      "global.tlsDisable is not false, so that probes and clients of the chart use http",
    ],
  },
  notApplicable: {
    "a stack without Vault": nothing,
    "another chart": helmRelease("vault-secrets-operator", {}),
  },
});

describeRule("tls-min-version", {
  compliant: {
    "TLS 1.3": vault(),
    "TLS 1.2": vault(config(LISTENER.replace("tls13", "tls12"))),
    "Vault's own default": vault(config(LISTENER.replace(/.*tls_min_version.*\n/, ""))),
  },
  violated: { "TLS 1.1": [vault(config(LISTENER.replace("tls13", "tls11"))), "a listener accepts tls11"] },
  notApplicable: { "a stack without Vault": nothing },
});

describeRule("mutual-tls", {
  compliant: {
    "a listener that asks for a certificate": vault(
      config(LISTENER.replace("}", "  tls_require_and_verify_client_cert = true\n}")),
    ),
  },
  violated: { "a listener that does not": [vault(), "listeners do not ask clients for a certificate"] },
  notApplicable: { "a stack without Vault": nothing },
});

describeRule("plaintext-vault-address", {
  compliant: {
    "https and a name": container({ env: [{ name: "VAULT_ADDR", value: "https://vault.vault.svc:8200" }] }),
    "the agent in the same pod": container({ env: [{ name: "VAULT_ADDR", value: "http://127.0.0.1:8200" }] }),
    "other services": container({ args: ["curl http://orders.production.svc http://www.vaultproject.io"] }),
    "a provider with https": provider("vault", { address: "https://vault.example.com" }),
  },
  violated: {
    "a variable of a pod": [
      container({ env: [{ name: "VAULT_ADDR", value: "http://secrets:80" }] }),
      "container app: VAULT_ADDR is http://secrets:80",
    ],
    "a command": [
      container({ args: ["vault operator raft join http://vault-0.vault-internal:8200"] }),
      "spec.template.spec.container.0.args.0 has http://vault-0.vault-internal:8200",
    ],
    "a script in a ConfigMap": [
      configMap("scripts", { "join.sh": "vault login -address=http://vault.vault.svc:8200" }),
      "data.join.sh has http://vault.vault.svc:8200",
    ],
    "a secret store": [
      manifest({
        apiVersion: "external-secrets.io/v1",
        kind: "SecretStore",
        spec: { provider: { vault: { server: "http://vault.vault.svc:8200" } } },
      }),
      "manifest.spec.provider.vault.server has http://vault.vault.svc:8200",
    ],
    "a provider": [
      provider("vault", { address: "http://10.0.0.1:80" }),
      "the provider calls http://10.0.0.1:80",
    ],
  },
  notApplicable: {
    "URLs of revocation lists, which are http by nature": resource("vault_pki_secret_backend_config_urls", {
      crl_distribution_points: ["http://vault.example.com/v1/pki/crl"],
    }),
  },
});

describeRule("tls-skip-verify", {
  compliant: {
    "a pod with a CA": container({ env: [{ name: "VAULT_CACERT", value: "/vault/ca/ca.crt" }] }),
    "other switches": container({
      env: [
        { name: "DEBUG", value: "true" },
        { name: "VAULT_SKIP_VERIFY", value: "false" },
      ],
    }),
    "a provider with a CA": provider("vault", { ca_cert_file: "ca.crt" }),
    "a switch that is off": helmRelease("app", { env: { VAULT_SKIP_VERIFY: "false" } }),
  },
  violated: {
    "a provider": [provider("vault", { skip_tls_verify: true }), "the provider has skip_tls_verify"],
    "a command": [
      container({ args: ["vault status -tls-skip-verify"] }),
      "spec.template.spec.container.0.args.0 skips verification",
    ],
    "a variable": [
      container({ env: [{ name: "VAULT_SKIP_VERIFY", value: "true" }] }),
      "container app: VAULT_SKIP_VERIFY is on",
    ],
    "an annotation": [
      resource("kubernetes_deployment_v1", {
        spec: { template: { metadata: { annotations: { "vault.hashicorp.com/tls-skip-verify": "true" } } } },
      }),
      "spec.template.metadata.annotations.vault.hashicorp.com/tls-skip-verify skips verification",
    ],
    "a script": [
      configMap("scripts", { "a.sh": "export VAULT_SKIP_VERIFY=1" }),
      "data.a.sh skips verification",
    ],
  },
  notApplicable: { "what calls nobody": nothing },
});
