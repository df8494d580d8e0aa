import { readFileSync } from "node:fs";
import Module from "node:module";
import { join } from "node:path";
import { stableJson } from "./stable-json";

/*
 * Imported before all else, this has the engine, its providers and what they need loaded as they are: plain CommonJS,
 * which tsx would examine first, and without the maps of their sources, which are two thirds of 30 MB and of use to
 * nobody here.
 */

// From Node 22 on, what was compiled is kept for the next run; below the modules, where nobody else can write.
const { enableCompileCache } = Module as { enableCompileCache?: (folder: string) => void };
enableCompileCache?.(join(__dirname, "..", "..", "node_modules", ".cache", "compiled"));

type Load = (
  module: NodeModule & { _compile(content: string, filename: string): void },
  file: string,
) => void;

// No public hook tells what is loaded in time: it would have to run in another thread.
const loaders = (Module as unknown as { _extensions: Record<string, Load> })._extensions;

const MAP = "\n//# sourceMappingURL=data:";
const PLAIN =
  /[\\/]node_modules[\\/](?:cdktf|cdktn|constructs|@cdktf[\\/]provider-\w+|zod|yaml|semver)[\\/](?!.*node_modules)/;
/** The engine writes archives in a process of its own, and loads fifty modules for that in every one. */
const ARCHIVER = /[\\/]node_modules[\\/]archiver[\\/]index\.js$/;
/** What the engine writes files with; it is called with the depth of its indentation, which is always the same. */
const STABLE_JSON = /[\\/]node_modules[\\/]json-stable-stringify[\\/]index\.js$/;

for (const extension of [".js", ".cjs"]) {
  const load = loaders[extension] ?? loaders[".js"];
  loaders[extension] = (module, file) => {
    if (ARCHIVER.test(file)) return;
    if (STABLE_JSON.test(file)) return void (module.exports = stableJson);
    if (!PLAIN.test(file)) return load(module, file);
    const bytes = readFileSync(file);
    const map = bytes.lastIndexOf(MAP);
    module._compile(bytes.toString("utf8", 0, map < 0 ? bytes.length : map), file);
  };
}
