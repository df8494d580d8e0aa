import type { Construct } from "constructs";
import { tls as TLS, vault as VAULT } from "../server/fields";
import type { Tls } from "../server/tls";
import type { IVault } from "../server/vault";
import { type Fields, number } from "../core/field";
import { received } from "../core/received";
import { ValidationError } from "../core/validation-error";
import { type Thresholds, partialThresholds, resolveThresholds } from "./alerts/thresholds";
import { VaultSeries } from "./vault-series";

/** What alerts and dashboard have to know of the Vault that they watch. */
export interface WatchedVaultProps {
  readonly vault: IVault;
  /** Number of Vault's servers. */
  readonly replicas: number;
  /** How the servers prove who they are; a certificate of cert-manager's is watched. */
  readonly tls: Tls;
  /** What is too much, too little or too old. @default - see `Thresholds`, each with its reason */
  readonly thresholds?: Partial<Thresholds>;
}

export const watchedVaultFields: Fields<WatchedVaultProps> = {
  vault: VAULT,
  replicas: number.known(),
  tls: TLS,
  thresholds: partialThresholds.optional(),
};

export interface WatchedVault {
  readonly series: VaultSeries;
  readonly replicas: number;
  /** Losses of servers that a healthy cluster of this size survives. */
  readonly tolerance: number;
  readonly thresholds: Thresholds;
  /** Name of cert-manager's Certificate of the servers. @default - none: somebody else's certificate */
  readonly certificate?: string;
}

/**
 * @throws ValidationError for replicas below 1, thresholds that would always or never be reached, and a Vault whose
 * address is not that of a Service
 */
export function watchedVault(scope: Construct, props: WatchedVaultProps): WatchedVault {
  const { vault, replicas, tls, thresholds } = props;
  if (!Number.isInteger(replicas) || replicas < 1) {
    throw new ValidationError(scope, `replicas must be 1 or more servers, got ${received(replicas)}`);
  }
  return {
    series: new VaultSeries(scope, vault),
    replicas,
    tolerance: Math.floor((replicas - 1) / 2),
    thresholds: resolveThresholds(scope, thresholds),
    certificate: tls.issuer && tls.secretName,
  };
}
