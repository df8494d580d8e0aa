import { homedir } from "node:os";
import { join } from "node:path";
import { projectPaths } from "../cli/project-paths";

/** The local platform and the node stand beside each other, each in a folder of its own. */
const folder = process.env.PLATFORM_FOLDER || ".local";
const run = join(projectPaths.root, folder);

/** Where the local platform keeps things. `down` removes `run`; the cache stays, because it is slow to fill. */
export const places = {
  ...projectPaths,
  run,
  /** Held by the one command that changes what is in `run`. */
  lock: `${run}.lock`,
  /** Command that makes what is in `run`. */
  command:
    folder === ".cluster" ? "npm run cluster" : folder === ".bench" ? "npm run bench" : "npm run local",
  cache: join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "cdktf-vault-platform"),
  certificates: join(run, "certificates"),
  /** The certificate that signs all others. */
  caCertificate: join(run, "certificates", "ca.crt"),
  /** Identity of the cluster's administrator. */
  kubeconfig: join(run, "kubeconfig"),
};
