import type { IPolicyTarget } from "../auth/policy-target";

/** Paths of a KV version 2 secrets engine. */
export function keyValuePaths(mount: string): Required<IPolicyTarget> {
  return {
    configurationPaths: [`${mount}/config`],
    secretPaths: ["data", "subkeys", "delete", "undelete", "destroy"].map((part) => `${mount}/${part}/*`),
    inventoryPaths: [`${mount}/metadata/*`],
  };
}

/** Paths of a database secrets engine. */
export function databasePaths(mount: string): IPolicyTarget {
  return {
    configurationPaths: ["config", "roles", "static-roles"].map((part) => `${mount}/${part}/*`),
    secretPaths: ["creds", "static-creds"].map((part) => `${mount}/${part}/*`),
  };
}

/** Paths of one CA, which is one PKI secrets engine. */
export function pkiPaths(mount: string): IPolicyTarget {
  return {
    configurationPaths: ["config/*", "issuer/+", "roles/+"].map((part) => `${mount}/${part}`),
    // These paths issue certificates, sign requests, or return private keys or keys for new ACME accounts. Each also
    // has a form that names the issuer.
    secretPaths: [
      "issue/*",
      "sign*",
      "root/sign-*",
      "issuer/+/issue/*",
      "issuer/+/sign*",
      "root/+/exported",
      "intermediate/generate/exported",
      "issuers/generate/+/exported",
      "keys/generate/exported",
      "acme/new-eab",
      "roles/+/acme/new-eab",
      "issuer/+/acme/new-eab",
      "issuer/+/roles/+/acme/new-eab",
    ].map((part) => `${mount}/${part}`),
  };
}

/** Paths of a transit secrets engine. */
export function transitPaths(mount: string): IPolicyTarget {
  return {
    configurationPaths: [`${mount}/keys/+`],
    secretPaths: [
      // These paths use keys or return them.
      "encrypt/*",
      "decrypt/*",
      "rewrap/*",
      "datakey/*",
      "sign/*",
      "verify/*",
      "hmac/*",
      "export/*",
      "byok-export/*",
      "backup/*",
      "restore*",
      // Paths of one key: a request that it signs, and imported key material, which is known outside Vault.
      "keys/+/csr",
      "keys/+/import*",
    ].map((part) => `${mount}/${part}`),
  };
}
