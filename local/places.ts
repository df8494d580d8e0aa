import { homedir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(__dirname, "..");
const run = join(root, ".local");

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
