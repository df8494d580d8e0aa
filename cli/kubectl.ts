import type { Environment } from "../platform/schema";
import { UserError } from "../constructs/core/user-error";
import { run } from "./processes";

/** How kubectl is called for an environment. */
export interface Kubectl {
  readonly env: NodeJS.ProcessEnv;
  /** Arguments that choose the cluster. */
  readonly cluster: readonly string[];
}

/**
 * As Terraform's providers reach the cluster: with the credentials of a kubeconfig, which they know by another
 * variable, at the API server of the definition. A kubeconfig of another cluster is refused by its certificate.
 */
export function kubectlFor({ state, kubernetes }: Environment, env: NodeJS.ProcessEnv): Kubectl {
  const config = env.KUBECONFIG ?? env.KUBE_CONFIG_PATH;
  return {
    env: config === undefined ? env : { ...env, KUBECONFIG: config },
    cluster: state === "local" ? [] : [`--server=${kubernetes.apiServer}`],
  };
}

/** kubectl that said no. */
export class KubectlProblem extends UserError {
  constructor(
    message: string,
    /** What it said; empty where it could not be run. */
    readonly said: string,
  ) {
    super(message);
  }
}

/**
 * @returns what kubectl printed
 * @throws KubectlProblem with what it said when it fails or is not there
 */
export async function kubectl({ env, cluster }: Kubectl, args: readonly string[]): Promise<string> {
  const outcome = await run("kubectl", [...cluster, "--request-timeout=30s", ...args], { env }).catch(
    (error: NodeJS.ErrnoException) => {
      throw error.code === "ENOENT" ? new KubectlProblem("kubectl is not on PATH.", "") : error;
    },
  );
  if (outcome.code === 0) return outcome.stdout;
  const words = args.filter((arg) => !arg.startsWith("-")).slice(1, 4);
  const said = outcome.stderr.trim();
  throw new KubectlProblem(`kubectl ${words.join(" ")} failed:\n${said}`, said);
}
