import { cpSync, statSync } from "node:fs";
import { extname, join } from "node:path";

/**
 * What constructs and commands read beside themselves, such as in-pod scripts and the chart of custom resources: the
 * compiler leaves it behind. The folders keep their shape, so `__dirname` leads to it in `dist` too.
 */
for (const folder of ["constructs", "cli"]) {
  cpSync(folder, join("dist", folder), {
    recursive: true,
    filter: (path) => statSync(path).isDirectory() || extname(path) !== ".ts",
  });
}
