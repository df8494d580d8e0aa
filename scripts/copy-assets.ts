import { cpSync, statSync } from "node:fs";
import { extname, join } from "node:path";

/**
 * Copies the files that constructs and commands read at run time, such as in-pod scripts, the chart of custom
 * resources and the page of `access report`. The compiler does not copy them. The folders keep their structure, so `__dirname` also works in `dist`.
 */
for (const folder of ["constructs", "access", "cli"]) {
  cpSync(folder, join("dist", folder), {
    recursive: true,
    filter: (path) => statSync(path).isDirectory() || extname(path) !== ".ts",
  });
}
