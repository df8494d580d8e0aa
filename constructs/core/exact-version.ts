import { FormatError } from "./format-error";

const NUMBER = "(0|[1-9]\\d*)";
/** @see https://semver.org/#backusnaur-form-grammar-for-valid-semver-versions */
const FORM = new RegExp(`^v?${NUMBER}(\\.${NUMBER}){2}(-[0-9A-Za-z.-]+)?(\\+[0-9A-Za-z.-]+)?$`);

/** One exact version of a chart, not a range such as `1.x` or `~1.2`. */
export class ExactVersion {
  /**
   * Parses an exact version.
   * @throws FormatError for a range and for fewer than three numbers
   */
  static parse(text: string): ExactVersion {
    if (!FORM.test(text)) throw new FormatError("an exact version, such as 0.34.1");
    return new ExactVersion(text);
  }

  private constructor(private readonly text: string) {}

  /** Returns the version as it was given. */
  toString(): string {
    return this.text;
  }
}
