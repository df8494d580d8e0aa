import type { Environment } from "../../../analysis/terraform/synthesized";
import type { Option } from "../../command";
import type { Synthesis } from "../../program/program";
import { warn } from "../../terminal";

export const DIR = {
  type: "string",
  value: "DIR",
  help: "Read this synthesized output.",
  otherwise: "the CDK app is synthesized",
} as const satisfies Option;

/** Options of a command that say which synthesized output it reads. */
interface Source {
  /** @default - the CDK app is synthesized */
  readonly dir?: string;
  /** @default - all environments */
  readonly env?: string;
  readonly "no-traces"?: boolean;
}

/** @throws UserError when there is no such environment */
export async function readEnvironments(source: Source): Promise<Environment[]> {
  const { readSynthesized } = await import("../../../analysis/terraform/synthesized.js");
  return readSynthesis(source, (folder) => readSynthesized(folder, source.env));
}

/** Reads a folder that exists, or one that is made for the purpose and removed afterwards. */
export async function readSynthesis<T>(
  { dir, env, "no-traces": noTraces }: Source,
  read: (folder: string) => T,
  make?: () => Promise<Synthesis>,
): Promise<T> {
  if (dir !== undefined) return read(dir);
  const { synthesizeHere } = await import("../../program/program.js");
  const synthesis = await (make?.() ?? synthesizeHere(undefined, { env, noTraces }));
  try {
    synthesis.notes.forEach((note) => warn(`note: ${note}`));
    return read(synthesis.folder);
  } finally {
    await synthesis.remove();
  }
}
