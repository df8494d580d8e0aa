import { homedir } from "node:os";
import { join } from "node:path";
import { projectPaths } from "../cli/project-paths";

/** The local platform and the node use separate folders, so that both can exist at the same time. */
const folder = process.env.PLATFORM_FOLDER || ".local";
const run = join(projectPaths.root, folder);

/** Paths of the local platform. `down` removes `run`; the cache stays, because it is slow to fill. */
export const places = {
  ...projectPaths,
  run,
  /** Lock of the one command that may change `run`. */
  lock: `${run}.lock`,
  /** Command that creates the content of `run`. */
  command:
    folder === ".cluster" ? "npm run cluster" : folder === ".bench" ? "npm run bench" : "npm run local",
  cache: join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "cdktf-vault-platform"),
  certificates: join(run, "certificates"),
  /** The CA certificate that signs all others. */
  caCertificate: join(run, "certificates", "ca.crt"),
  /** Kubeconfig of the cluster's administrator. */
  kubeconfig: join(run, "kubeconfig"),
};
