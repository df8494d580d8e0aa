import type { IConfigured } from "../auth/configured";

/** Paths of a key-value engine of version 2. */
export function keyValuePaths(mount: string): Required<IConfigured> {
  return {
    configurationPaths: [`${mount}/config`],
    secretPaths: ["data", "subkeys", "delete", "undelete", "destroy"].map((part) => `${mount}/${part}/*`),
    inventoryPaths: [`${mount}/metadata/*`],
  };
}

/** Paths of a database engine. */
export function databasePaths(mount: string): IConfigured {
  return {
    configurationPaths: ["config", "roles", "static-roles"].map((part) => `${mount}/${part}/*`),
    secretPaths: ["creds", "static-creds"].map((part) => `${mount}/${part}/*`),
  };
}

/** Paths of one CA, that is of one PKI engine of Vault's. */
export function pkiPaths(mount: string): IConfigured {
  return {
    configurationPaths: ["config/*", "issuer/+", "roles/+"].map((part) => `${mount}/${part}`),
    // These issue certificates, sign requests, give out private keys, or the keys by which ACME accounts are made. Each
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

/** Paths of a transit engine. */
export function transitPaths(mount: string): IConfigured {
  return {
    configurationPaths: [`${mount}/keys/+`],
    secretPaths: [
      // These use keys or give them out.
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
      // Of one key: a request that it signs, and material that somebody else knows.
      "keys/+/csr",
      "keys/+/import*",
    ].map((part) => `${mount}/${part}`),
  };
}
