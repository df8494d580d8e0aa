import { type Element, textsIn } from "../element";
import type { Rule } from "../rule";
import { all, forContainers, forElements } from "../subjects";

const ADDRESS = /http:\/\/([^\s"'`/:?#]+)(?::(\d+))?/gi;

/** Reports http addresses of Vault. */
export const plaintextVaultAddress: Rule = {
  id: "plaintext-vault-address",
  level: "error",
  title: "Vault is named by https addresses",
  item: "tls",
  fix: "Use https and the CA in the ConfigMap; IVault has the addresses.",
  source: "https://developer.hashicorp.com/vault/docs/concepts/production-hardening",
  check: all(
    forContainers(({ variables }) =>
      variables
        .filter(({ name, value = "" }) => name === "VAULT_ADDR" && found(value, () => true).length > 0)
        .map(({ value }) => `VAULT_ADDR is ${value}`),
    ),
    forElements(
      ({ block, type }) => block === "provider" && type === "vault",
      ({ body }) => found(String(body.address), () => true).map((address) => `the provider calls ${address}`),
    ),
    // URLs of PKI revocation lists are legitimately http, so resources of Vault are excluded.
    forElements(inCluster, (element) =>
      textsIn(element, (text) => /http:\/\//i.test(text)).flatMap(({ path, text }) =>
        found(text, isVault).map((address) => `${path.join(".")} has ${address}`),
      ),
    ),
  ),
};

function inCluster({ block, type }: Element): boolean {
  return block === "resource" && /^(kubernetes_|helm_)/.test(type);
}

function found(text: string, counts: (host: string, port?: string) => boolean): string[] {
  return [...text.matchAll(ADDRESS)]
    .filter(([, host, port]) => !isLoopback(host) && counts(host, port))
    .map(([address]) => address);
}

function isVault(host: string, port?: string): boolean {
  return (
    port === "8200" || port === "8201" || host.split(".").some((label) => /^(.*-)?vault(-.*)?$/.test(label))
  );
}

/** Returns true for the loopback address, at which the agent of the same pod listens. */
function isLoopback(host: string): boolean {
  return host === "localhost" || host.startsWith("127.") || host === "[";
}
