import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { platformNames } from "../platform/names";
import type { Environment } from "../platform/schema";
import { projectPaths } from "./project-paths";
import { UserError } from "../constructs/core/user-error";
import { kubectlFor } from "./kubectl";
import { LazyForward } from "./lazy-forward";
import { type PlatformFile, readPlatformFile } from "./platform-file";
import { warn } from "./terminal";
import { vaultCa } from "./vault-ca";

/** Variable with the names that this command has set in a shell. A call for another environment unsets them. */
export const MARKER = "VAULT_PLATFORM_VARIABLES";

/** Interval in milliseconds at which a command that creates the cluster looks for the CA of the cluster. */
const CA_POLL_MS = 5000;

/** Variables that plain cdktf needs for an environment. */
export interface CdktfEnvironment {
  /** Variables to set; none of them is a secret. */
  readonly set: Readonly<Record<string, string>>;
  /** Variables of the caller to unset. */
  readonly unset: readonly string[];
}

/** Options of `cdktfEnvironment`. */
export interface CdktfEnvironmentProps {
  /**
   * File with the CA certificates of Vault.
   * @default - VAULT_CACERT, those of the definition, or those of its cluster
   */
  readonly ca?: string;
  /** Variables of the caller. */
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Variables that plain cdktf needs for an environment.
 * @throws UserError if the platform of this machine is not running, and if the CA is not a file
 */
export async function cdktfEnvironment(
  environment: Environment,
  { ca, env }: CdktfEnvironmentProps,
): Promise<CdktfEnvironment> {
  const earlier = (env[MARKER] ?? "").split(" ").filter(Boolean);
  const own = Object.fromEntries(Object.entries(env).filter(([name]) => !earlier.includes(name)));
  const platform = environment.state === "local" ? readPlatformFile(environment.name) : undefined;
  const isOutside = environment.kubernetes.vault === "external";
  if (isOutside && !platform) throw new UserError("The local platform is not up; npm run local starts it.");
  const base = platform ? { ...without(own, foreignNames(platform, own)), ...platform.variables } : own;
  const set: Record<string, string> = {
    ...platform?.variables,
    ...(isOutside ? {} : kubeVariables(base)),
  };
  if (!isOutside) Object.assign(set, await vaultVariables(environment, { ...base, ...set }, ca));
  const gone = [...earlier, ...(platform ? foreignNames(platform, env) : [])];
  const unset = [...new Set(gone)].filter((name) => name in env && !(name in set) && name !== MARKER).sort();
  return { set: { ...set, [MARKER]: Object.keys(set).sort().join(" ") }, unset };
}

/** Values that only a first deploy needs, such as the initial passwords of databases. They are secrets. */
export function firstDeployValues(environment: Environment): Record<string, string> {
  const { files = {} } = (environment.state === "local" && readPlatformFile(environment.name)) || {};
  const present = Object.entries(files).filter(([, file]) => existsSync(file));
  return Object.fromEntries(present.map(([name, file]) => [name, readFileSync(file, "utf8")]));
}

/**
 * Runs work in the environment. With `portForward`, Vault is reachable through the API server meanwhile.
 * If the cluster creates the CA, it is written to the file that Terraform reads as soon as it exists.
 */
export async function whileVaultIsReached<T>(
  environment: Environment,
  { set, portForward, env }: { set: CdktfEnvironment["set"]; portForward: boolean; env: NodeJS.ProcessEnv },
  work: (more: Record<string, string>) => Promise<T>,
): Promise<T> {
  const { namespace } = platformNames(environment);
  const abort = new AbortController();
  const waiting = set.VAULT_CACERT === ownCaFile(environment) && !existsSync(set.VAULT_CACERT);
  if (waiting) void writeCaWhenThere(environment, env, abort.signal);
  const forward = portForward
    ? await LazyForward.open({ ...kubectlFor(environment, env), namespace })
    : undefined;
  try {
    return await work(
      forward
        ? {
            VAULT_ADDR: forward.address,
            TF_VAR_vault_address: forward.address,
            VAULT_TLS_SERVER_NAME: `vault-active.${namespace}.svc`,
          }
        : {},
    );
  } finally {
    abort.abort();
    await forward?.close();
  }
}

function foreignNames({ foreign }: PlatformFile, env: NodeJS.ProcessEnv): string[] {
  return Object.keys(env).filter((name) => new RegExp(foreign).test(name));
}

function without(env: NodeJS.ProcessEnv, names: readonly string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !names.includes(name)));
}

/** Variables for the kubeconfig. kubectl and Terraform's providers read them by different names. */
function kubeVariables(env: NodeJS.ProcessEnv): Record<string, string> {
  const standard = join(homedir(), ".kube", "config");
  const config = env.KUBECONFIG ?? env.KUBE_CONFIG_PATH ?? (existsSync(standard) ? standard : undefined);
  if (config === undefined) {
    if (!env.KUBE_CONFIG_PATHS && !env.KUBE_TOKEN && !env.KUBE_HOST) {
      warn("note: there is no kubeconfig (KUBECONFIG), so only the foundation stack can be deployed");
    }
    return {};
  }
  const [first, ...more] = config.split(delimiter).filter(Boolean);
  return more.length > 0
    ? { KUBECONFIG: config, KUBE_CONFIG_PATHS: config }
    : { KUBECONFIG: first, KUBE_CONFIG_PATH: env.KUBE_CONFIG_PATH ?? first };
}

async function vaultVariables(
  environment: Environment,
  env: NodeJS.ProcessEnv,
  ca?: string,
): Promise<Record<string, string>> {
  const address = env.TF_VAR_vault_address ?? environment.vault.endpoint;
  const addresses = { VAULT_ADDR: address, TF_VAR_vault_address: address };
  const given = ca ?? env.VAULT_CACERT;
  const file = ownCaFile(environment);
  if (given !== undefined && given !== file) {
    await vaultCa(environment, kubectlFor(environment, env), given);
    return { ...addresses, VAULT_CACERT: given };
  }
  try {
    writeCa(file, await vaultCa(environment, kubectlFor(environment, env)));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    warn(
      `note: the certificate that signs Vault's is not known yet. Until the cluster layer is deployed, TF_VAR_cluster_login=false plans ${environment.name}-config as if Vault were empty.`,
    );
  }
  return { ...addresses, VAULT_CACERT: file };
}

/** File for the CA of the cluster, next to the synthesized stacks. It is not a secret. */
function ownCaFile({ name }: Environment): string {
  return join(projectPaths.out, "vault-ca", `${name}.crt`);
}

function writeCa(file: string, text: string): void {
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, text);
}

async function writeCaWhenThere(
  environment: Environment,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const text = await vaultCa(environment, kubectlFor(environment, env));
      if (!signal.aborted) writeCa(ownCaFile(environment), text);
      return;
    } catch {
      await sleep(CA_POLL_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
