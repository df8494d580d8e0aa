import type { Environment } from "../../../analysis/terraform/synthesized";
import type { Option } from "../../command";
import type { Synthesis } from "../../program/program";
import { warn } from "../../terminal";

/** Folder of synthesized output to read. */
export const DIR = {
  type: "string",
  value: "DIR",
  help: "Read this synthesized output.",
  otherwise: "the CDK app is synthesized",
} as const satisfies Option;

/** Options that select the synthesized output of a command. */
interface Source {
  /** Folder of the output. @default - the CDK app is synthesized */
  readonly dir?: string;
  /** Name of the environment. @default - all environments */
  readonly env?: string;
  readonly "no-traces"?: boolean;
}

/** Reads the environments of the selected output. @throws UserError if the environment does not exist */
export async function readEnvironments(source: Source): Promise<Environment[]> {
  const { readSynthesized } = await import("../../../analysis/terraform/synthesized.js");
  return readSynthesis(source, (folder) => readSynthesized(folder, source.env));
}

/** Reads an existing folder, or a temporary one that is removed afterwards. */
export async function readSynthesis<T>(
  { dir, env, "no-traces": noTraces }: Source,
  read: (folder: string, synthesis?: Synthesis) => T,
  make?: () => Promise<Synthesis>,
): Promise<T> {
  if (dir !== undefined) return read(dir);
  const { synthesizeHere } = await import("../../program/program.js");
  const synthesis = await (make?.() ?? synthesizeHere(undefined, { env, noTraces }));
  try {
    synthesis.notes.forEach((note) => warn(`note: ${note}`));
    return read(synthesis.folder, synthesis);
  } finally {
    await synthesis.remove();
  }
}
