import { readFileSync } from "node:fs";
import Module from "node:module";

/*
 * Imported before all else, this has the engine and its providers loaded as they are: plain CommonJS, which tsx would
 * examine first, and without the maps of their sources, which are two thirds of 30 MB and of use to nobody here.
 */

type Load = (
  module: NodeModule & { _compile(content: string, filename: string): void },
  file: string,
) => void;

// No public hook tells what is loaded in time: it would have to run in another thread.
const loaders = (Module as unknown as { _extensions: Record<string, Load> })._extensions;
const load = loaders[".js"];

const MAP = "\n//# sourceMappingURL=data:";
const ENGINE =
  /[\\/]node_modules[\\/](?:cdktf|cdktn|constructs|@cdktf[\\/]provider-\w+)[\\/](?!.*node_modules)/;

loaders[".js"] = (module, file) => {
  if (!ENGINE.test(file)) return load(module, file);
  const bytes = readFileSync(file);
  const map = bytes.lastIndexOf(MAP);
  module._compile(bytes.toString("utf8", 0, map < 0 ? bytes.length : map), file);
};
