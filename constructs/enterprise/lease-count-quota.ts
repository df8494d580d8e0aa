import { QuotaLeaseCount } from "@cdktf/provider-vault/lib/quota-lease-count";
import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { requireVaultName } from "../auth/policy";
import { anyText, checkProps, number, object, text } from "../core/field";
import { received } from "../core/received";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";
import { claimName } from "../core/vault-names";
import { requireRootNamespace } from "../core/vault-scope";
import { type EnterpriseProps, requireLicence, licenceFields } from "./licence";

/** Properties of LeaseCountQuota. */
export interface LeaseCountQuotaProps extends EnterpriseProps {
  /** Name of the quota. */
  readonly quotaName: string;
  /** Maximum number of leases. */
  readonly maxLeases: number;
  /** Path that the quota applies to, such as `database/`. @default - all of Vault */
  readonly path?: string;
}

const PROPS = object<LeaseCountQuotaProps>(() => ({
  ...licenceFields,
  quotaName: text,
  maxLeases: number,
  path: anyText.optional(),
}));

/**
 * Maximum number of active leases, so that a client in a loop does not fill Vault's storage. Planned by Terraform, but
 * not tested on Vault Enterprise: that requires a licence.
 * @see https://developer.hashicorp.com/vault/docs/enterprise/lease-count-quotas
 * @throws ValidationError without a licence, for fewer than one lease, for a name that is already used, and within a
 * namespace
 */
export class LeaseCountQuota extends LibraryConstruct {
  constructor(scope: Construct, id: string, props: LeaseCountQuotaProps) {
    super(scope, id);
    checkProps(this, PROPS, props);
    requireLicence(this, "a lease-count quota", props);
    const { quotaName, maxLeases, path = "" } = props;
    requireRootNamespace(this, "a quota");
    requireVaultName(this, "quotaName", quotaName);
    if (isLiteral(maxLeases) && !(Number.isInteger(maxLeases) && maxLeases >= 1)) {
      throw new ValidationError(this, `maxLeases must be a whole number from 1, got ${received(maxLeases)}`);
    }
    claimName(this, "quota", quotaName);
    new QuotaLeaseCount(this, "Resource", { name: quotaName, maxLeases, path });
  }
}
