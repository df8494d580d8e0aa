import Module from "node:module";

type Compile = (this: NodeModule, content: string, filename: string, ...rest: unknown[]) => unknown;

/*
 * Imported before all else, this has packages loaded without the maps of their sources, which cost a tenth of the
 * program's memory and are of use to nobody here. Stack traces still show this project's own lines.
 */

// No public hook tells what is loaded; every loader of Node's own kind calls this.
const prototype = Module.prototype as unknown as { _compile: Compile };
const compile = prototype._compile;
let inPackage = false;

prototype._compile = function (content, filename, ...rest) {
  // Packages import packages, and nothing of this project's.
  if (inPackage || !/[\\/]node_modules[\\/]/.test(filename)) {
    return compile.call(this, content, filename, ...rest);
  }
  inPackage = true;
  process.setSourceMapsEnabled(false);
  try {
    return compile.call(this, content, filename, ...rest);
  } finally {
    process.setSourceMapsEnabled(true);
    inPackage = false;
  }
};
