import type { Environment } from "../platform/schema";
import { UserError } from "../constructs/core/user-error";
import { run } from "./processes";

/** Settings of kubectl for an environment. */
export interface Kubectl {
  /** Environment variables. */
  readonly env: NodeJS.ProcessEnv;
  /** Arguments that choose the cluster. */
  readonly cluster: readonly string[];
}

/**
 * Connects to the cluster as Terraform's providers do: with the credentials of a kubeconfig, at the API server of the
 * definition.
 * The providers read the kubeconfig from another variable. The certificate check rejects the kubeconfig of another
 * cluster.
 */
export function kubectlFor({ state, kubernetes }: Environment, env: NodeJS.ProcessEnv): Kubectl {
  const config = env.KUBECONFIG ?? env.KUBE_CONFIG_PATH;
  return {
    env: config === undefined ? env : { ...env, KUBECONFIG: config },
    cluster: state === "local" ? [] : [`--server=${kubernetes.apiServer}`],
  };
}

/** Error of a failed kubectl call. */
export class KubectlProblem extends UserError {
  constructor(
    message: string,
    /** Message of kubectl; empty if it could not be run. */
    readonly said: string,
  ) {
    super(message);
  }
}

/**
 * Runs kubectl.
 * @returns the output of kubectl
 * @throws KubectlProblem with its message if it fails or is not installed
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
