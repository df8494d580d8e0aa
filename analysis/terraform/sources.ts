import { extname, isAbsolute, relative } from "node:path";

/** Files of packages, wherever their manager keeps them, and in this repository those of the constructs. */
const OTHERS = extname(__filename) === ".js" ? /(^|\/)node_modules\// : /(^|\/)node_modules\/|^constructs\//;
const FRAME = /\(?(\/[^()]+):(\d+):\d+\)?$/;

/**
 * Where a construct was made, in the code of those who use the constructs.
 * @param trace frames, the innermost first @default - it was not recorded
 * @returns such as stacks/config/config-stack.ts:42
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

/** Path of a construct, and where it was made if that is known. */
export function placeOf({ writtenBy, file }: { readonly writtenBy: string; readonly file?: string }): string {
  return file === undefined ? writtenBy : `${writtenBy}, ${file}`;
}
