/** Fault that tests must notice. */
export interface Mutation {
  /** What is wrong then, for the table in docs/testing.md. */
  readonly fault: string;
  /** File by its name alone, so that it may move. */
  readonly file: string;
  /** Text that is in that file once. */
  readonly from: string;
  readonly to: string;
  /** Names of test files without `.test.ts`, with a folder where the name alone is not clear. */
  readonly tests: readonly string[];
}
