import { isExact, toBoolean, toNumber, toText } from "../expressions/conversions";
import { Unknown, hasUnknown } from "../unknown";
import { ADDRESS_FUNCTIONS } from "./addresses";
import { COLLECTION_FUNCTIONS } from "./collections";
import { ENCODING_FUNCTIONS } from "./encoding";
import type { Functions } from "./function";
import { NUMBER_FUNCTIONS } from "./numbers";
import { PARTIAL_FUNCTIONS } from "./partial";
import { TEXT_FUNCTIONS } from "./text";

const orNull =
  (convert: (value: unknown) => unknown) =>
  (value: unknown): unknown =>
    value === null ? null : convert(value);

const TYPE_FUNCTIONS: Functions = {
  tobool: orNull(toBoolean),
  tonumber: orNull(toNumber),
  tostring: orNull(toText),
};

/** Functions for arguments that are known in all their parts. */
const KNOWN_FUNCTIONS: Functions = {
  ...PARTIAL_FUNCTIONS,
  ...ADDRESS_FUNCTIONS,
  ...COLLECTION_FUNCTIONS,
  ...ENCODING_FUNCTIONS,
  ...NUMBER_FUNCTIONS,
  ...TEXT_FUNCTIONS,
  ...TYPE_FUNCTIONS,
};

/**
 * Calls a function of Terraform. Functions that read files, the clock or randomness, and those of providers, have no
 * known result.
 * @param text source of the call, for the symbol of an unknown result
 * @throws EvaluationError if Terraform would not accept the arguments
 */
export function callFunction(name: string, args: readonly unknown[], text: string): unknown {
  const functions = hasUnknown(args) ? PARTIAL_FUNCTIONS : KNOWN_FUNCTIONS;
  // Functions of Terraform's core can also be called with their namespace.
  const short = name.replace(/^core::/, "");
  const result = Object.hasOwn(functions, short) ? functions[short](...args) : undefined;
  return result === undefined || (typeof result === "number" && !isExact(result)) ? Unknown.of(text) : result;
}
