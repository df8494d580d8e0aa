import { type GrantScope, everywhere } from "../../constructs/auth/in-namespaces";
import type { IGrantee } from "../../constructs/auth/policy-rule";
import type { IKeyValueEngine } from "../../constructs/engines/key-value-engine";
import { CANARY } from "../../platform/names";

/** Grants a secret writer access to all secrets except the canary, which Terraform writes. */
export function grantSecretWriting(grantee: IGrantee, keyValue: IKeyValueEngine, scope: GrantScope): void {
  for (const each of everywhere(grantee, scope)) {
    keyValue.grantManage(each, "*", { allowEverySecret: true });
    for (const part of ["data", "delete", "undelete"]) {
      each.grant({
        path: `${keyValue.path}/${part}/${CANARY}`,
        capabilities: ["deny"],
        reason: "belongs to the restore drill",
      });
    }
  }
}
