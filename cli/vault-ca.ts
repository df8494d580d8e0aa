import { existsSync, readFileSync } from "node:fs";
import { vaultAt } from "../constructs/server/vault";
import { received } from "../constructs/core/received";
import { platformNames } from "../platform/names";
import type { Environment } from "../platform/schema";
import { UserError } from "../constructs/core/user-error";
import { type Kubectl, kubectl } from "./kubectl";

/**
 * CA certificates (PEM) of Vault. They are in a file, in the definition, or in a ConfigMap of the cluster.
 * The cluster has the ConfigMap after the cluster layer is deployed.
 * @throws UserError if the file does not exist, and with the message of kubectl if the ConfigMap cannot be read
 */
export async function vaultCa(environment: Environment, at: Kubectl, file?: string): Promise<string> {
  if (file !== undefined) {
    if (!existsSync(file)) throw new UserError(`--ca or VAULT_CACERT must be a file, got ${received(file)}`);
    return readFileSync(file, "utf8");
  }
  return environment.vault.tls.caCertificates.join("\n") || clusterCa(environment, at);
}

async function clusterCa(environment: Environment, at: Kubectl): Promise<string> {
  const { namespace } = platformNames(environment);
  const { configMapName, key } = vaultAt({ namespace }).caBundle;
  const path = `jsonpath={.data.${key.replaceAll(".", "\\.")}}`;
  const fail = (why: string) =>
    new UserError(
      `The environment ${environment.name} names no CA certificates, because its cluster makes them, and ConfigMap ` +
        `${configMapName} of namespace ${namespace} could not be read: ${why}\nIt is there once the cluster layer is ` +
        "deployed; give the certificates by --ca FILE where the cluster cannot be asked.",
    );
  const text = await kubectl(at, ["-n", namespace, "get", "configmap", configMapName, `-o=${path}`]).catch(
    (error: Error) => {
      throw error instanceof UserError ? fail(error.message) : error;
    },
  );
  if (text.trim() === "") throw fail(`it has no ${key}.`);
  return text;
}
