import type { IConstruct } from "constructs";

/**
 * A wrong input to a construct. The message says what is wrong, what was received and what is allowed;
 * the construct's path is appended, so that the reader finds the line to change.
 */
export class ValidationError extends Error {
  constructor(scope: IConstruct | string, message: string) {
    super(`${message} [${typeof scope === "string" ? scope : scope.node.path}]`);
    this.name = "ValidationError";
  }
}
