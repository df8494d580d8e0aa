import { anyText, checkArguments, number } from "./field";
import { received } from "./received";
import { ValidationError } from "./validation-error";

/** An amount of memory or disk in binary units, printed as a Kubernetes quantity (`256Mi`, `10Gi`). */
export class Size {
  /** @param amount whole mebibytes, above zero */
  static mebibytes(amount: number): Size {
    return new Size(amount, 1, "Mi");
  }

  /** @param amount whole gibibytes, above zero */
  static gibibytes(amount: number): Size {
    return new Size(amount, 1024, "Gi");
  }

  /**
   * Reads `256Mi` or `10Gi`.
   * @throws ValidationError when the text has another form
   */
  static parse(text: string): Size {
    checkArguments("Size.parse", { text: [text, anyText.known()] });
    const match = /^(\d+)(Mi|Gi)$/.exec(text);
    if (!match)
      throw new ValidationError(
        "Size",
        `a size must be digits and Mi or Gi (such as 10Gi), got ${received(text)}`,
      );
    return match[2] === "Gi" ? Size.gibibytes(Number(match[1])) : Size.mebibytes(Number(match[1]));
  }

  private readonly mebi: number;

  private constructor(amount: number, factor: number, unit: string) {
    checkArguments("Size", { amount: [amount, number.known()] });
    if (!Number.isSafeInteger(amount) || amount <= 0) {
      throw new ValidationError(
        "Size",
        `a size must be a whole number above zero, got ${received(amount)}${unit}`,
      );
    }
    this.mebi = amount * factor;
  }

  toMebibytes(): number {
    return this.mebi;
  }

  toString(): string {
    return this.mebi % 1024 === 0 ? `${this.mebi / 1024}Gi` : `${this.mebi}Mi`;
  }
}
