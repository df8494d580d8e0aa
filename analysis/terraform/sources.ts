import { extname, isAbsolute, relative } from "node:path";

/** Files outside the user's code: packages in any node_modules folder and, in this repository, constructs and commands. */
const OTHERS =
  extname(__filename) === ".js"
    ? /(^|\/)node_modules\//
    : /(^|\/)node_modules\/|^(constructs|cli\/program)\//;
const FRAME = /\(?(\/[^()]+):(\d+):\d+\)?$/;

/**
 * Position in the user's code at which a construct was created.
 * @param trace frames, the innermost first @default - not recorded
 * @returns for example stacks/config/config-stack.ts:42
 */
export function sourceOf(trace: readonly string[] | undefined): string | undefined {
  for (const frame of trace ?? []) {
    const [, file, line] = FRAME.exec(frame) ?? [];
    if (file === undefined) continue;
    const path = relative(process.cwd(), file);
    if (path.startsWith("..") || isAbsolute(path) || OTHERS.test(path)) continue;
    return `${path}:${line}`;
  }
  return undefined;
}

/** Path of a construct, with its position in the source if that is known. */
export function placeOf({ writtenBy, file }: { readonly writtenBy: string; readonly file?: string }): string {
  return file === undefined ? writtenBy : `${writtenBy}, ${file}`;
}
