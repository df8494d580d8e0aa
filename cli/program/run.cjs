// Runs the TypeScript program in the first argument: node run.cjs main.ts, or by its package,
// node -e "require('cdktf-vault-platform/run')" main.ts.
const { resolve } = require("node:path");
const { inspect } = require("node:util");
const { CompileError, compiled } = require("./compiled.cjs");

// The arguments follow the path of the script; with -e, there is no path.
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
  // A program with its own handler handles the error itself.
  process.on("uncaughtException", (error) => {
    if (process.listenerCount("uncaughtException") > 1) return;
    console.error(program.inSource(inspect(error)));
    process.exit(1);
  });
  // From the bottom of the stack, because cdktf records the whole stack for each token.
  setImmediate(() => program.run());
} catch (error) {
  if (!(error instanceof CompileError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
