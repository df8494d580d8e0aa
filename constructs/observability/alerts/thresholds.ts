import type { Construct } from "constructs";
import { Duration } from "../../core/duration";
import { number, object } from "../../core/field";
import { duration, size } from "../../core/fields";
import { received } from "../../core/received";
import { Size } from "../../core/size";
import { ValidationError } from "../../core/validation-error";

/** Limits for the two severities. */
export interface Levels<T> {
  /** Limit of the alert that can wait until morning. */
  readonly warning: T;
  /** Limit of the alert that pages at any time. */
  readonly critical: T;
}

/** Limits of the alerts. */
export interface Thresholds {
  /**
   * Free space in percent, for audit and data volumes alike.
   * @default - 25 and 10: with the article's 10 GiB, that leaves days, and then hours, to act
   */
  readonly freeVolume: Levels<number>;
  /**
   * Size of the audit log on an audit volume, sent and unsent.
   * @default - 512 MiB: twice the maximum while the SIEM accepts all entries, which is the file being written and one
   * that was sent
   */
  readonly auditBacklog: Size;
  /**
   * Mean time that an audit device takes for an entry.
   * @default 1s - a file takes less than a millisecond, and a hanging device 5 seconds, which is Vault's limit
   */
  readonly auditTime: Duration;
  /**
   * Requests that wait in a server while it completes none.
   * @default 5 - one or two may be watching Vault's log or its events, and those requests never complete
   */
  readonly waitingRequests: number;
  /**
   * Maximum number of leases, regardless of their growth.
   * @default 100000 - a third of the default maximum of Vault Enterprise; a new leader reads all leases
   */
  readonly leases: number;
  /** Maximum number of service tokens, regardless of their growth. @default 50000 - each token is a lease as well */
  readonly tokens: number;
  /**
   * Factor by which leases or tokens grow in a day if a client creates them without end.
   * @default 2 - fewer than 1,000 are ignored, because there doubling is noise
   */
  readonly dailyGrowth: number;
  /**
   * Remaining validity of Vault's certificate.
   * @default - 21 and 7 days: renewal starts at 30 days, so by then it has failed for more than a week
   */
  readonly certificateValidity: Levels<Duration>;
  /** Age of the last backup. @default 26h - a day, and two hours for a late backup */
  readonly backupAge: Duration;
  /** Age of the last successful restore drill. @default 8d - a week, and a day to repeat it */
  readonly drillAge: Duration;
}

const DEFAULTS: Thresholds = {
  freeVolume: { warning: 25, critical: 10 },
  auditBacklog: Size.mebibytes(512),
  auditTime: Duration.seconds(1),
  waitingRequests: 5,
  leases: 100_000,
  tokens: 50_000,
  dailyGrowth: 2,
  certificateValidity: { warning: Duration.days(21), critical: Duration.days(7) },
  backupAge: Duration.hours(26),
  drillAge: Duration.days(8),
};

/** Limits are compared with each other and written into queries, so they must be known at synthesis. */
const limit = number.known();

/** Field check of thresholds. */
export const partialThresholds = object<Partial<Thresholds>>(() => ({
  freeVolume: object<Levels<number>>(() => ({ warning: limit, critical: limit })).optional(),
  auditBacklog: size.optional(),
  auditTime: duration.optional(),
  waitingRequests: limit.optional(),
  leases: limit.optional(),
  tokens: limit.optional(),
  dailyGrowth: limit.optional(),
  certificateValidity: object<Levels<Duration>>(() => ({ warning: duration, critical: duration })).optional(),
  backupAge: duration.optional(),
  drillAge: duration.optional(),
}));

/**
 * Adds the defaults to the given thresholds.
 * @throws ValidationError for a limit that is always or never reached, and for levels in the wrong order
 */
export function resolveThresholds(scope: Construct, given: Partial<Thresholds> = {}): Thresholds {
  const stated = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const thresholds: Thresholds = { ...DEFAULTS, ...stated };
  const { freeVolume, certificateValidity } = thresholds;
  const refuse = (name: string, allowed: string, value: unknown) => {
    throw new ValidationError(scope, `thresholds.${name} must be ${allowed}, got ${received(value)}`);
  };
  const { warning, critical } = freeVolume;
  if (!(critical > 0 && critical < warning && warning < 100)) {
    refuse("freeVolume", "percent below 100, less for critical than for warning", freeVolume);
  }
  if (
    certificateValidity.critical.toSeconds() === 0 ||
    !certificateValidity.warning.isLongerThan(certificateValidity.critical)
  ) {
    refuse(
      "certificateValidity",
      "longer for warning than for critical, and critical above zero",
      certificateValidity,
    );
  }
  for (const name of ["auditTime", "backupAge", "drillAge"] as const) {
    if (thresholds[name].toSeconds() === 0) refuse(name, "above zero", thresholds[name]);
  }
  for (const name of ["waitingRequests", "leases", "tokens"] as const) {
    const count = thresholds[name];
    if (!(Number.isInteger(count) && count >= 1)) refuse(name, "a whole number of 1 or more", count);
  }
  if (!(thresholds.dailyGrowth > 1)) refuse("dailyGrowth", "a factor above 1", thresholds.dailyGrowth);
  return thresholds;
}
