// Loaded before tsx. tsx caches compiled files in the folder for temporary files, and ends with a stack trace if it
// cannot write there.
// Without its cache, tsx continues, and code that needs the folder reports the error.
const { accessSync, constants, mkdirSync } = require("node:fs");
const { tmpdir, userInfo } = require("node:os");
const { join } = require("node:path");

const folder = join(tmpdir(), `tsx-${process.geteuid?.() ?? userInfo().username}`);
try {
  mkdirSync(folder, { recursive: true });
  accessSync(folder, constants.W_OK);
} catch {
  process.env.TSX_DISABLE_CACHE = "1";
}
