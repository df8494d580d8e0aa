import { anyText, checkArguments, number } from "./field";
import { received } from "./received";
import { ValidationError } from "./validation-error";

/** An amount of processor time, printed as a Kubernetes quantity (`500m`, `2`). */
export class Cpu {
  /** @param amount whole thousandths of a core, above zero */
  static millis(amount: number): Cpu {
    return new Cpu(amount, 1);
  }

  /** @param amount cores, above zero */
  static units(amount: number): Cpu {
    return new Cpu(amount, 1000);
  }

  /**
   * Reads `500m` or `2`.
   * @throws ValidationError when the text has another form
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

  toMillis(): number {
    return this.amount;
  }

  toString(): string {
    return this.amount % 1000 === 0 ? `${this.amount / 1000}` : `${this.amount}m`;
  }
}
