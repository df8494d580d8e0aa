import { bootstrapNames } from "../constructs/jobs/bootstrap-names";
import { platformNames } from "../platform/names";
import type { Environment } from "../platform/schema";
import { UserError } from "../constructs/core/user-error";
import { readPlatformFile } from "./platform-file";
import { KubectlProblem, kubectl, kubectlFor } from "./kubectl";
import { vaultCa } from "./vault-ca";
import { type ReachProps, VaultReach } from "./vault-reach";

/** User's options for the connection to Vault. */
export interface WayToVault {
  /**
   * File with the CA certificates of Vault.
   * @default - VAULT_CACERT, those of the environment, or those of its cluster
   */
  readonly ca?: string;
  /** Whether to connect through the API server instead of the endpoint of the environment. @default false */
  readonly "port-forward"?: boolean;
}

/** Connection settings for the Vault of an environment. @throws UserError if they cannot be determined */
export async function reachProps(
  environment: Environment,
  { ca, "port-forward": forward }: WayToVault,
  env: NodeJS.ProcessEnv = process.env,
): Promise<ReachProps> {
  const { namespace } = platformNames(environment);
  if (environment.kubernetes.vault === "external") {
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
 * Runs Terraform for a stack that configures Vault, with the variables for the connection. Variables of the caller are
 * not changed.
 * @throws UserError if the CA is not available or the port-forward fails
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
 * Checks whether Terraform can log in with the ServiceAccount that the cluster layer creates.
 * @returns false only if the cluster reports that it has none; if the cluster does not answer, Terraform reports the
 * reason
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
