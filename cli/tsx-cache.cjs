// Loaded before tsx, which keeps what it compiles in the folder for temporary files and ends with a stack trace where that
// cannot be written to. Without its cache it goes on, and what needs the folder itself says so.
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
