import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { referenceFiles } from "./reference-files";

const root = resolve(__dirname, "../..");

for (const [file, content] of referenceFiles()) {
  const path = join(root, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
