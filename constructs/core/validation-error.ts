import type { IConstruct } from "constructs";
import { hideSecrets } from "./received";

/** How cdktf writes a string, a list, a map and a number that only Terraform knows. */
const TOKEN = /[$#&*]\{TfToken\[[^\]]*\]\}|-8\.10956\d*e\+298/g;

/**
 * A wrong input to a construct. The message says what is wrong, what was received and what is allowed; the scope is
 * appended, so that the reader finds the line to change. The scope is the construct, its path, or the name of a
 * function or class that belongs to no construct.
 */
export class ValidationError extends Error {
  constructor(scope: IConstruct | string, message: string) {
    const path = typeof scope === "string" ? scope : scope.node.path;
    super(`${hideSecrets(message.replace(TOKEN, "<token>"))} [${path}]`);
    this.name = "ValidationError";
  }
}
