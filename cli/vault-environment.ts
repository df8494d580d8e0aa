import { bootstrapNames } from "../constructs/jobs/bootstrap-names";
import { platformNames } from "../platform/names";
import type { Environment } from "../platform/schema";
import { UserError } from "../constructs/core/user-error";
import { readPlatformFile } from "./platform-file";
import { KubectlProblem, kubectl, kubectlFor } from "./kubectl";
import { vaultCa } from "./vault-ca";
import { type ReachProps, VaultReach } from "./vault-reach";

/** What a person said about the way to Vault. */
export interface WayToVault {
  /** File with the certificates that sign Vault's. @default - VAULT_CACERT, the environment's, or its cluster's */
  readonly ca?: string;
  /** Through the API server and not at the environment's endpoint. */
  readonly "port-forward"?: boolean;
}

/** How Vault of an environment is reached. @throws UserError when it cannot be known */
export async function reachProps(
  environment: Environment,
  { ca, "port-forward": forward }: WayToVault,
  env: NodeJS.ProcessEnv = process.env,
): Promise<ReachProps> {
  const { namespace } = platformNames(environment);
  if (environment.kubernetes.vault === "outside") {
    const platform = readPlatformFile(environment.name);
    if (!platform) throw new UserError("The local platform is not up; npm run local starts it.");
    const at = { env: { ...env, KUBECONFIG: platform.variables.KUBECONFIG }, cluster: [] };
    return {
      ...at,
      address: forward ? undefined : platform.variables.VAULT_ADDR,
      namespace,
      caCertificates: await vaultCa(environment, at, ca ?? platform.variables.VAULT_CACERT),
    };
  }
  const at = kubectlFor(environment, env);
  return {
    ...at,
    address: forward ? undefined : environment.vault.endpoint,
    namespace,
    caCertificates: await vaultCa(environment, at, ca ?? env.VAULT_CACERT),
  };
}

/**
 * Runs Terraform for a stack that configures Vault, with what it needs to reach it. What the caller has set is left as
 * it is.
 * @throws UserError when the CA cannot be had or the port-forward fails
 */
export async function withWayToVault<T>(
  environment: Environment,
  way: WayToVault,
  env: NodeJS.ProcessEnv,
  work: (env: NodeJS.ProcessEnv) => Promise<T>,
): Promise<T> {
  const forward = way["port-forward"] === true;
  if (!forward && way.ca === undefined && (env.VAULT_CACERT || env.VAULT_CAPATH)) return work(env);
  const reach = await VaultReach.open(await reachProps(environment, way, env));
  try {
    const own = reach.environment;
    return await work(forward ? { ...env, ...own } : { ...own, ...env, VAULT_CACERT: own.VAULT_CACERT });
  } finally {
    reach.close();
  }
}

/**
 * Whether Terraform can log in by the ServiceAccount that the cluster layer makes.
 * @returns false only where the cluster says that it has none; where it cannot be asked, Terraform tells why
 */
export async function hasTerraformLogin(environment: Environment, env: NodeJS.ProcessEnv): Promise<boolean> {
  const { namespace } = platformNames(environment);
  const wanted = ["get", "serviceaccount", bootstrapNames.deployServiceAccount, "--output=name"];
  try {
    const found = await kubectl(kubectlFor(environment, env), [
      ...["-n", namespace],
      ...wanted,
      "--ignore-not-found",
    ]);
    return found.trim() !== "";
  } catch (error) {
    if (error instanceof KubectlProblem) return true;
    throw error;
  }
}
