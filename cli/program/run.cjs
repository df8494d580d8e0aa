// Runs the TypeScript program that the first argument names: node run.cjs main.ts, or by its package,
// node -e "require('cdktf-vault-platform/run')" main.ts.
const { resolve } = require("node:path");
const { inspect } = require("node:util");
const { CompileError, compiled } = require("./compiled.cjs");

// Node gives a script's own path first, and the text of -e none.
const [file] = process.argv.splice(require.main === module ? 2 : 1, 1);
if (file === undefined) {
  console.error("The program must be a file, such as main.ts, got nothing.");
  process.exit(1);
}
const entry = resolve(file);
if (require.main === module) process.argv[1] = entry;
else process.argv.splice(1, 0, entry);

try {
  const program = compiled(entry);
  // A program that handles its errors itself does so.
  process.on("uncaughtException", (error) => {
    if (process.listenerCount("uncaughtException") > 1) return;
    console.error(program.inSource(inspect(error)));
    process.exit(1);
  });
  // From the bottom of the stack: cdktf notes all of it for each token.
  setImmediate(() => program.run());
} catch (error) {
  if (!(error instanceof CompileError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
