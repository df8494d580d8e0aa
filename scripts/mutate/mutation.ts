/** Fault that tests must detect. */
export interface Mutation {
  /** Description of the fault, for the table in docs/testing.md. */
  readonly fault: string;
  /** Name of the file without its folder, so that the file may move. */
  readonly file: string;
  /** Text that occurs in that file exactly once. */
  readonly from: string;
  /** Text that replaces it. */
  readonly to: string;
  /** Names of test files without `.test.ts`, with a folder if the name alone is ambiguous. */
  readonly tests: readonly string[];
}
