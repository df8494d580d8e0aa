import type { Construct } from "constructs";
import { type Fields, anyText, object } from "../core/field";
import { received } from "../core/received";
import { ValidationError } from "../core/validation-error";

/** Licence of Vault Enterprise: a key of a Kubernetes Secret that Vault's pods read. */
export interface EnterpriseLicence {
  /** Name of the Secret, in Vault's namespace. */
  readonly secretName: string;
  /** Key of the Secret. */
  readonly key: string;
}

/** Properties of features that only Vault Enterprise has. */
export interface EnterpriseProps {
  /** Reference to the licence. It has no default, because Vault Community rejects these features. */
  readonly licence: EnterpriseLicence | undefined;
}

/** Field check of the licence. */
export const licenceFields: Fields<EnterpriseProps> = {
  licence: object<EnterpriseLicence>(() => ({ secretName: anyText, key: anyText })).optional(),
};

/**
 * Checks that there is a licence.
 * @throws ValidationError if the licence is missing
 */
export function requireLicence(scope: Construct, feature: string, { licence }: EnterpriseProps): void {
  if (!licence?.secretName || !licence.key) {
    throw new ValidationError(
      scope,
      `${feature} needs Vault Enterprise: licence must name a Secret and its key, got ${received(licence)}`,
    );
  }
}
