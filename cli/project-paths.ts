import { extname, join, resolve } from "node:path";

/** True if this is the compiled package in the user's project. Commands then run in the folder of the project. */
const installed = extname(__filename) === ".js";
const root = installed ? process.cwd() : resolve(__dirname, "..");

/** Folders of the CDK app and of this package. */
export const projectPaths = {
  /** True if this package is installed in another project. */
  installed,
  /** Folder of this package. */
  package: resolve(__dirname, installed ? "../.." : ".."),
  /** Folder of the CDK app, with its `cdktf.json`. */
  root,
  /** Synthesized output of the CDK app. */
  out: join(root, "cdktf.out"),
};
