import type { Construct } from "constructs";
import { type Fields, anyText, object } from "../core/field";
import { received } from "../core/received";
import { ValidationError } from "../core/validation-error";

/** Where the licence of Vault Enterprise is: a Kubernetes Secret that Vault's pods read. */
export interface EnterpriseLicence {
  readonly secretName: string;
  readonly key: string;
}

/** What only Vault Enterprise has. */
export interface EnterpriseProps {
  /** Reference to the licence; there is no default, because Vault Community refuses what is configured here. */
  readonly licence: EnterpriseLicence | undefined;
}

export const licenceFields: Fields<EnterpriseProps> = {
  licence: object<EnterpriseLicence>(() => ({ secretName: anyText, key: anyText })).optional(),
};

/** @throws ValidationError where no licence is referred to */
export function requireLicence(scope: Construct, feature: string, { licence }: EnterpriseProps): void {
  if (!licence?.secretName || !licence.key) {
    throw new ValidationError(
      scope,
      `${feature} needs Vault Enterprise: licence must name a Secret and its key, got ${received(licence)}`,
    );
  }
}
