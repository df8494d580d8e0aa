import { QuotaRateLimit } from "@cdktf/provider-vault/lib/quota-rate-limit";
import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { Duration } from "../core/duration";
import { anyText, checkProps, number, object, text } from "../core/field";
import { duration } from "../core/fields";
import {
  importResource,
  importExistingFields,
  type ImportExistingProps,
  unlessImported,
} from "../core/import-existing";
import { received } from "../core/received";
import { ValidationError } from "../core/validation-error";
import { claimName } from "../core/vault-names";
import { requireRootNamespace } from "../core/vault-scope";
import { requireVaultName } from "./policy";

/** Name, rate and path of a `RateLimitQuota`. */
export interface RateLimitQuotaProps extends ImportExistingProps {
  /** Name of the quota in Vault, in lower case. */
  readonly quotaName: string;
  /** Requests from one address in one interval. */
  readonly rate: number;
  /** Length of the interval. @default - 1 second */
  readonly interval?: Duration;
  /**
   * Path that the quota applies to, such as `auth/${kubernetesAuth.pathReference}/login`. The mount must
   * exist. For a mount in a namespace, start with the path of the namespace.
   * @default - all of Vault
   */
  readonly path?: string;
  /** How long Vault blocks an address that exceeded the rate. @default - until the interval ends */
  readonly blockInterval?: Duration;
}

const PROPS = object<RateLimitQuotaProps>(() => ({
  ...importExistingFields,
  quotaName: text,
  rate: number.that("above zero", (rate) => rate > 0),
  interval: duration.optional(),
  path: anyText.optional(),
  blockInterval: duration.optional(),
}));

/**
 * Limits the requests of each address, so that a client in a loop does not slow down other clients.
 * @see https://developer.hashicorp.com/vault/docs/enterprise/lease-count-quotas
 * @throws ValidationError for a rate or interval of zero, a name that is taken, and for a quota in a namespace
 */
export class RateLimitQuota extends LibraryConstruct {
  constructor(scope: Construct, id: string, props: RateLimitQuotaProps) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const { quotaName, rate, blockInterval } = props;
    const interval = props.interval ?? unlessImported(props, Duration.seconds(1));
    const path = props.path ?? unlessImported(props, "");
    requireRootNamespace(this, "a quota");
    requireVaultName(this, "quotaName", quotaName);
    if (interval?.toSeconds() === 0) {
      throw new ValidationError(this, `interval must be a second at least, got ${received(interval)}`);
    }
    claimName(this, "quota", quotaName);
    const quota = new QuotaRateLimit(this, "Resource", {
      name: quotaName,
      path,
      rate,
      interval: interval?.toSeconds(),
      blockInterval: blockInterval?.toSeconds(),
    });
    if (props.importExisting) importResource(quota, quotaName);
  }
}
