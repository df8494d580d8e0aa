import type { IdentityKind } from "./identity";

/** Folders in which auth methods keep their roles, users and groups. */
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

/** Users and groups of one name stand in folders of their own. */
export function folderFits(kind: IdentityKind, folder: string): boolean {
  if (/user/.test(folder)) return kind === "user";
  return !/group|team/.test(folder) || kind === "group";
}
