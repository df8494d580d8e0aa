import { existsSync, readFileSync } from "node:fs";
import { vaultFromAttributes } from "../constructs/server/vault";
import { received } from "../constructs/core/received";
import { platformNames } from "../platform/names";
import type { Environment } from "../platform/schema";
import { UserError } from "../constructs/core/user-error";
import { type Kubectl, kubectl } from "./kubectl";

/**
 * The certificates (PEM) that sign Vault's own: those of a file, those of the definition, or those that the cluster
 * made and keeps in a ConfigMap, which is there once the cluster layer is deployed.
 * @throws UserError when the file is not there, and when the cluster does not have them, with what it said
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
  const { configMapName, key } = vaultFromAttributes({ namespace }).caBundle;
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
