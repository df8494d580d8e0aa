import type { IConstruct } from "constructs";
import { hideSecrets, shownName } from "./received";
import { visible } from "./visible";

/** Encoding of strings, lists, maps and numbers that only Terraform knows. */
const TOKEN = /[$#&*]\{TfToken\[[^\]]*\]\}|-8\.10956\d*e\+298/g;

/**
 * Error for wrong input to a construct. The message names the problem, the received value and the allowed values. The
 * scope follows, so that you find the line to change. The scope is the construct, its path, or the name of a function
 * or class that belongs to no construct.
 */
export class ValidationError extends Error {
  constructor(scope: IConstruct | string, message: string) {
    const path = typeof scope === "string" ? scope : scope.node.path.split("/").map(shownName).join("/");
    super(visible(`${hideSecrets(message.replace(TOKEN, "<token>"))} [${path}]`));
    this.name = "ValidationError";
  }
}
