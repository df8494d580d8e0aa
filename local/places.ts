import { homedir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(__dirname, "..");
/** The local platform and the node stand beside each other, each in a folder of its own. */
const run = join(root, process.env.PLATFORM_FOLDER || ".local");

/** Where the local platform keeps things. `--down` removes `run`; the cache stays, because it is slow to fill. */
export const places = {
  root,
  run,
  out: join(root, "cdktf.out"),
  cache: join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "cdktf-vault-platform"),
  certificates: join(run, "certificates"),
  /** Identity of the cluster's administrator. */
  kubeconfig: join(run, "kubeconfig"),
};
