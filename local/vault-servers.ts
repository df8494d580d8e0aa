import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Seal } from "../constructs/server/seal";
import { renderServerConfiguration } from "../constructs/server/server-configuration";
import { caFile, certificateFiles } from "./certificates";
import { awsIdentity } from "./emulator";
import type { ManagedProcess } from "./managed-process";
import { places } from "./places";

/** Ports of a Vault server. */
export interface VaultPorts {
  /** Port of the API. The next port is the cluster port. */
  readonly api: number;
  readonly metrics: number;
}

/** Properties of `vaultParts`. */
export interface VaultServersProps {
  readonly program: string;
  /** One entry per server. The next port after each one is reserved for the same server. */
  readonly ports: readonly VaultPorts[];
  /** URL of the AWS emulator. */
  readonly emulator: string;
  readonly region: string;
  /** Alias of the KMS key for auto-unseal. */
  readonly unsealKeyAlias: string;
}

const folder = join(places.run, "vault");

/** Folder where every server writes its audit logs. */
export const auditFolder = join(folder, "audit");

/** API address of a Vault server. */
export function vaultAddress({ api }: VaultPorts): string {
  return `https://127.0.0.1:${api}`;
}

/**
 * Vault's servers, configured by the code that configures the chart's pods. Settings that a pod reads from environment
 * variables are environment variables here, too.
 */
export function vaultParts(props: VaultServersProps): ManagedProcess[] {
  const { cert, key } = certificateFiles("vault");
  const { environment, stanza } = Seal.awsKms({
    keyId: props.unsealKeyAlias,
    region: props.region,
    endpoint: props.emulator,
  }).configuration;
  mkdirSync(auditFolder, { recursive: true, mode: 0o700 });
  return props.ports.map((ports, ordinal) => {
    const name = `vault-${ordinal}`;
    const home = join(folder, name);
    const dataPath = join(home, "data");
    mkdirSync(dataPath, { recursive: true, mode: 0o700 });
    const configuration = join(home, "server.hcl");
    writeFileSync(
      configuration,
      renderServerConfiguration({
        clusterName: "vault",
        certificate: { certFile: cert, keyFile: key, caFile },
        tlsMinVersion: "1.3",
        mutualTls: false,
        seal: stanza,
        joinAddresses: props.ports.map(vaultAddress),
        dataPath,
        listen: {
          api: `127.0.0.1:${ports.api}`,
          cluster: `127.0.0.1:${ports.api + 1}`,
          metrics: `127.0.0.1:${ports.metrics}`,
        },
        kubernetesRegistration: false,
      }),
    );
    const address = vaultAddress(ports);
    return {
      name,
      program: props.program,
      args: ["server", `-config=${configuration}`],
      env: {
        ...environment,
        ...awsIdentity,
        HOME: home,
        VAULT_API_ADDR: address,
        VAULT_CLUSTER_ADDR: `https://127.0.0.1:${ports.api + 1}`,
        VAULT_RAFT_NODE_ID: name,
      },
      logFile: join(folder, `${name}.log`),
      address,
      check: {
        kind: "http",
        url: `${address}/v1/sys/health`,
        tls: { ca: caFile },
        well: { 200: "active", 429: "standby" },
        waiting: { 501: "not initialised", 503: "sealed" },
      },
      restart: true,
    };
  });
}
