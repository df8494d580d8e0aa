import { anyText, checkArguments, number } from "./field";
import { received } from "./received";
import { ValidationError } from "./validation-error";

/** Amount of memory or disk in binary units, printed as a Kubernetes quantity (`256Mi`, `10Gi`). */
export class Size {
  /**
   * Creates a size from mebibytes.
   * @param amount whole number, above zero
   */
  static mebibytes(amount: number): Size {
    return new Size(amount, 1, "Mi");
  }

  /**
   * Creates a size from gibibytes.
   * @param amount whole number, above zero
   */
  static gibibytes(amount: number): Size {
    return new Size(amount, 1024, "Gi");
  }

  /**
   * Parses `256Mi` or `10Gi`.
   * @throws ValidationError if the text has another form
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

  /** Returns the size in mebibytes. */
  toMebibytes(): number {
    return this.mebi;
  }

  /** Returns the size as a Kubernetes quantity, such as `256Mi` or `10Gi`. */
  toString(): string {
    return this.mebi % 1024 === 0 ? `${this.mebi / 1024}Gi` : `${this.mebi}Mi`;
  }
}
