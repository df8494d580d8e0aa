import type { Construct } from "constructs";
import { Duration } from "../../core/duration";
import { number, object } from "../../core/field";
import { duration, size } from "../../core/fields";
import { received } from "../../core/received";
import { Size } from "../../core/size";
import { ValidationError } from "../../core/validation-error";

/** A limit for the morning and one for the night. */
export interface Levels<T> {
  readonly warning: T;
  readonly critical: T;
}

export interface Thresholds {
  /**
   * Percent of a volume that is free, for audit and data volumes alike.
   * @default - 25 and 10: with the article's 10 GiB, days to act, and then hours
   */
  readonly freeVolume: Levels<number>;
  /**
   * What an audit volume holds, sent and unsent.
   * @default - 512 MiB: twice what it holds at most while the SIEM takes all, a file that is written and one that was sent
   */
  readonly auditBacklog: Size;
  /**
   * Mean time that an audit device takes for an entry.
   * @default - 1 second: a file takes less than a millisecond, and a device that hangs 5 seconds, Vault's own limit
   */
  readonly auditTime: Duration;
  /**
   * Requests that wait in a server while it finishes none.
   * @default - 5: one or two may be watching Vault's log or its events, which never finish
   */
  readonly waitingRequests: number;
  /**
   * Leases that are too many in any case.
   * @default - 100,000, a third of what Vault Enterprise allows by default: a leader that takes over reads them all
   */
  readonly leases: number;
  /** Service tokens that are too many in any case. @default - 50,000: each of them is a lease as well */
  readonly tokens: number;
  /**
   * Factor by which leases or tokens grow in a day when somebody makes them without end.
   * @default - 2; fewer than 1,000 are not looked at, where doubling is noise
   */
  readonly dailyGrowth: number;
  /**
   * How long Vault's certificate is still valid.
   * @default - 21 and 7 days: it is renewed when 30 are left, so that by then it was tried for more than a week
   */
  readonly certificateValidity: Levels<Duration>;
  /** Age of the last backup. @default - 26 hours: a day, and two hours for a backup that is late */
  readonly backupAge: Duration;
  /** Age of the last restore drill that succeeded. @default - 8 days: a week, and a day to repeat it */
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

/** Limits are compared with each other, and written into queries. */
const limit = number.known();

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

/** @throws ValidationError for a limit that would always or never be reached, and for levels in the wrong order */
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
