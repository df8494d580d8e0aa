import { hasSecretForm } from "../../constructs/core/secret-forms";
import { isTrue } from "./blocks";

/** True where a value that has such a name may be the secret itself: no path, no switch, no reference of Kubernetes. */
export function mayBeSecret(value: string): boolean {
  return value !== "" && !isTrue(value) && value !== "false" && !/^(\/|\.{1,2}\/|\$\()/.test(value);
}

/** `password=x` and `--token x`, where the value is neither a variable, a file nor a template. */
const ASSIGNMENT =
  /(?:^|[\s"';(])(?:--?)?(?:[\w.-]*[_.-])?(?:password|passwd|token|api[-_]?key|secret[-_]?key|access[-_]?key|private[-_]?key|client[-_]?secret)(?:=|:\s+|(?<=--[\w-]+)\s+)["']?(?![\s"'$@/<{\\%*.-])[^\s"'`;)]{4,}/im;

/** True for text, such as an argument or a script, that spells out a secret. */
export function spellsOutSecret(text: string): boolean {
  return hasSecretForm(text) || ASSIGNMENT.test(text);
}
