import { hasSecretForm } from "../../constructs/core/secret-forms";
import { isTrue } from "./blocks";

/**
 * Returns true for a value that may be a secret, given that its field has the name of one. Paths, switches and
 * Kubernetes variable references are not secrets.
 */
export function mayBeSecret(value: string): boolean {
  return value !== "" && !isTrue(value) && value !== "false" && !/^(\/|\.{1,2}\/|\$\()/.test(value);
}

/** Matches `password=x` and `--token x`, unless the value is a variable, a file or a template. */
const ASSIGNMENT =
  /(?:^|[\s"';(])(?:--?)?(?:[\w.-]*[_.-])?(?:password|passwd|token|api[-_]?key|secret[-_]?key|access[-_]?key|private[-_]?key|client[-_]?secret)(?:=|:\s+|(?<=--[\w-]+)\s+)["']?(?![\s"'$@/<{\\%*.-])[^\s"'`;)]{4,}/im;

/** Returns true for text that contains a secret, such as an argument or a script. */
export function spellsOutSecret(text: string): boolean {
  return hasSecretForm(text) || ASSIGNMENT.test(text);
}
