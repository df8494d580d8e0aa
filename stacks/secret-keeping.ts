import type { IGrantee } from "../constructs/auth/policy-rule";
import type { IKeyValueEngine } from "../constructs/engines/key-value-engine";
import { CANARY } from "../environments/names";

/** Lets somebody keep all secrets but the canary, which is Terraform's. */
export function grantSecretKeeping(grantee: IGrantee, keyValue: IKeyValueEngine): void {
  keyValue.grantKeep(grantee, "*", { allowEverySecret: true });
  for (const part of ["data", "delete", "undelete"]) {
    grantee.grant({
      path: `${keyValue.path}/${part}/${CANARY}`,
      capabilities: ["deny"],
      reason: "belongs to the restore drill",
    });
  }
}
