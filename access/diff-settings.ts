import type { BlockPair } from "../analysis/coverage/block-pairs";
import { differencesOf, valuesAt } from "../analysis/coverage/differences";
import { placeOf } from "../analysis/terraform/sources";
import type { ModelBlock } from "../analysis/terraform/synthesized";
import type { Change, Label } from "./changes";
import { mark } from "./markdown";

/** Meaning of a block that is neither a resource nor a data source. */
interface Meaning {
  /** Description of the block. */
  readonly about: string;
  /** Label of a change. @default - none: a matter of operation */
  readonly label?: Label;
}

/** Attributes with values that are shown. Addresses are shown without credentials. */
const SHOWN = /^(source|version|required_version|address|value)$/;

/** Names of values that are secrets. */
const SECRET = /password|secret|token|private_key|credential|data_json|key_material|vault_/i;

/**
 * Changes to modules, providers, backends, provisioners, variables, outputs and everything else beside resources.
 * @param readsOutputs true if a stack reads the outputs of others
 */
export function settingChanges(pair: BlockPair, readsOutputs: boolean): Change[] {
  const block = (pair.after ?? pair.before)!;
  const meaning = meaningOf(block, pair, readsOutputs);
  if (!meaning) return [];
  const paths = differencesOf(pair.was, pair.is);
  if (pair.before && pair.after && paths.length === 0) return [];
  const sign = !pair.before ? "+ " : !pair.after ? "- " : "";
  const shown = paths.filter((path) => sign === "" || SHOWN.test(path)).map((path) => attribute(pair, path));
  return [
    {
      kind: meaning.label === undefined ? "operation" : "unread",
      direction: meaning.label === undefined ? "same" : "changed",
      subject: `${block.address} in ${block.stack}`,
      what: [`${sign}${meaning.about}`, ...(shown.length > 0 ? [shown.join(", ")] : [])].join(": "),
      labels: meaning.label === undefined ? [] : [meaning.label],
      details: [placeOf(block)],
    },
  ];
}

function attribute({ was, is, before, after }: BlockPair, path: string): string {
  const { kind } = (after ?? before)!;
  // The value of a variable or output can be a secret.
  if (!SHOWN.test(path) || kind === "variable" || kind === "output") return mark(path);
  const texts = [was, is]
    .filter((contents) => contents)
    .map((contents) => shownValue(valuesAt(contents, path)));
  return `${mark(path)} ${texts.join(" -> ")}`;
}

/** Values without credentials and parameters of an address. */
export function shownValue(values: readonly string[]): string {
  const plain = values.map((text) =>
    text.replace(/\/\/[^/@\s]*@/g, "//").replace(/[?&](?!ref=)[^&\s]*/g, ""),
  );
  return plain.map(mark).join(", ") || "not set";
}

function meaningOf(
  { kind, type, body }: ModelBlock,
  { was, is }: BlockPair,
  readsOutputs: boolean,
): Meaning | undefined {
  switch (kind) {
    // The values of locals count where they are used; moved blocks are followed.
    case "locals":
    case "moved":
      return undefined;
    case "module":
      return { about: "module, whose contents are not read", label: "foreign code" };
    case "provisioner":
      return { about: `runs ${mark(type)} with the permissions of the pipeline`, label: "foreign code" };
    case "provider":
      return { about: "configuration of a provider", label: "unknown access" };
    case "terraform":
      return settingOf(type);
    case "variable":
      return { about: "variable", label: "not analysed" };
    case "output":
      return outputOf(body, was, is, readsOutputs);
    case "import":
      return { about: "import of an object that exists, which gets these settings", label: "unknown access" };
    case "removed":
      return body.provisioner === undefined
        ? { about: "Terraform forgets an object without destroying it", label: "not analysed" }
        : { about: "runs a program with the permissions of the pipeline", label: "foreign code" };
    case "check":
      return checkOf(body.data);
    default:
      return { about: "block of a kind that is not known", label: "unknown access" };
  }
}

/** A check can have a data source. */
function checkOf(data: unknown): Meaning {
  if (data === undefined) return { about: "check" };
  const isForeign = /"(external|http)":/.test(JSON.stringify(data));
  return { about: "check with a data source", label: isForeign ? "foreign code" : "not analysed" };
}

function settingOf(type: string): Meaning {
  switch (type) {
    case "required_providers":
      return { about: "provider, a program that has the permissions of the pipeline", label: "foreign code" };
    case "required_version":
      return { about: "version of Terraform" };
    case "backend":
    case "cloud":
      return { about: "place of Terraform's state, which holds all that it knows", label: "unknown access" };
    default:
      return { about: "setting of Terraform", label: "unknown access" };
  }
}

/** Outputs show values to readers of the state. Those of secrets matter, and those that other stacks read. */
function outputOf(
  body: ModelBlock["body"],
  was: BlockPair["was"],
  is: BlockPair["is"],
  readsOutputs: boolean,
): Meaning | undefined {
  if (was && readsOutputs) return { about: "output, which other stacks can read", label: "unknown access" };
  if (!SECRET.test(JSON.stringify(body.value ?? ""))) return undefined;
  const isShown = is !== undefined && is.sensitive !== true;
  return { about: "output of a secret", label: isShown ? "unknown access" : "not analysed" };
}
