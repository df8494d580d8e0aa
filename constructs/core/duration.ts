import { anyText, checkArguments, number } from "./field";
import { duration } from "./fields";
import { received } from "./received";
import { ValidationError } from "./validation-error";

const UNITS = { s: 1, m: 60, h: 3600, d: 86400 } as const;

/** Duration of whole seconds, printed in Vault's format (`90s`, `15m`, `24h`). */
export class Duration {
  /**
   * Creates a duration from seconds.
   * @param amount whole number, zero or more
   */
  static seconds(amount: number): Duration {
    return new Duration(amount, "s");
  }

  /**
   * Creates a duration from minutes.
   * @param amount whole number, zero or more
   */
  static minutes(amount: number): Duration {
    return new Duration(amount, "m");
  }

  /**
   * Creates a duration from hours.
   * @param amount whole number, zero or more
   */
  static hours(amount: number): Duration {
    return new Duration(amount, "h");
  }

  /**
   * Creates a duration from days.
   * @param amount whole number, zero or more
   */
  static days(amount: number): Duration {
    return new Duration(amount, "d");
  }

  /**
   * Parses `30s`, `15m`, `1h` or `7d`.
   * @throws ValidationError if the text has another form
   */
  static parse(text: string): Duration {
    checkArguments("Duration.parse", { text: [text, anyText.known()] });
    const match = /^(\d+)([smhd])$/.exec(text);
    if (!match) {
      throw new ValidationError(
        "Duration.parse",
        `a duration must be digits and one of s, m, h, d (such as 1h), got ${received(text)}`,
      );
    }
    return new Duration(Number(match[1]), match[2] as keyof typeof UNITS);
  }

  private readonly total: number;

  private constructor(amount: number, unit: keyof typeof UNITS) {
    checkArguments("Duration", { amount: [amount, number.known()] });
    if (!Number.isSafeInteger(amount) || amount < 0) {
      throw new ValidationError(
        "Duration",
        `a duration must be a whole number, zero or more, got ${received(amount)}${unit}`,
      );
    }
    this.total = amount * UNITS[unit];
  }

  /** Returns the duration in seconds. */
  toSeconds(): number {
    return this.total;
  }

  /** Returns true if this duration is longer than the other one. */
  isLongerThan(other: Duration): boolean {
    checkArguments("Duration.isLongerThan", { other: [other, duration] });
    return this.total > other.toSeconds();
  }

  /**
   * Returns the duration in the largest unit that divides it, hours at most: `90s`, `15m`, `24h`.
   * Days are not used, because parts of Vault and Kubernetes do not read them.
   */
  toString(): string {
    if (this.total % UNITS.h === 0) return `${this.total / UNITS.h}h`;
    if (this.total % UNITS.m === 0) return `${this.total / UNITS.m}m`;
    return `${this.total}s`;
  }
}
