import { anyText, checkArguments, number } from "./field";
import { received } from "./received";
import { ValidationError } from "./validation-error";

/** CPU amount, printed as a Kubernetes quantity (`500m`, `2`). */
export class Cpu {
  /**
   * Creates an amount from thousandths of a core.
   * @param amount whole number, above zero
   */
  static millis(amount: number): Cpu {
    return new Cpu(amount, 1);
  }

  /**
   * Creates an amount from cores.
   * @param amount number of cores, above zero, in whole thousandths
   */
  static units(amount: number): Cpu {
    return new Cpu(amount, 1000);
  }

  /**
   * Parses `500m` or `2`.
   * @throws ValidationError if the text has another form
   */
  static parse(text: string): Cpu {
    checkArguments("Cpu.parse", { text: [text, anyText.known()] });
    const match = /^(\d+)(m?)$/.exec(text);
    if (!match)
      throw new ValidationError(
        "Cpu",
        `a CPU amount must be cores (2) or millicores (500m), got ${received(text)}`,
      );
    return match[2] ? Cpu.millis(Number(match[1])) : Cpu.units(Number(match[1]));
  }

  private readonly amount: number;

  private constructor(count: number, factor: number) {
    checkArguments("Cpu", { amount: [count, number.known()] });
    const amount = count * factor;
    if (!Number.isSafeInteger(amount) || amount <= 0) {
      throw new ValidationError(
        "Cpu",
        `a CPU amount must be a whole number of millicores above zero, got ${received(amount)}m`,
      );
    }
    this.amount = amount;
  }

  /** Returns the amount in thousandths of a core. */
  toMillis(): number {
    return this.amount;
  }

  /** Returns the amount as a Kubernetes quantity, such as `500m` or `2`. */
  toString(): string {
    return this.amount % 1000 === 0 ? `${this.amount / 1000}` : `${this.amount}m`;
  }
}
