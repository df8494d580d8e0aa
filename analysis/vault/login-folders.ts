import type { IdentityKind } from "./identity";

/** Folders with the roles, users and groups of auth methods, by the type of the method. */
export const LOGIN_FOLDERS: Readonly<Record<string, readonly string[]>> = {
  alicloud: ["role"],
  approle: ["role"],
  aws: ["role"],
  azure: ["role"],
  cert: ["certs"],
  gcp: ["role"],
  github: ["map/teams", "map/users"],
  jwt: ["role"],
  kubernetes: ["role"],
  ldap: ["users", "groups"],
  oci: ["role"],
  oidc: ["role"],
  okta: ["users", "groups"],
  saml: ["role"],
  token: ["roles"],
  userpass: ["users"],
};

/**
 * Returns true if the folder can contain an identity of the kind. Users and groups of the same name are in separate
 * folders.
 */
export function folderFits(kind: IdentityKind, folder: string): boolean {
  if (/user/.test(folder)) return kind === "user";
  return !/group|team/.test(folder) || kind === "group";
}
