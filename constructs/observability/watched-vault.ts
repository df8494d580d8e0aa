import type { Construct } from "constructs";
import { tls as TLS, vault as VAULT } from "../server/fields";
import type { Tls } from "../server/tls";
import type { IVault } from "../server/vault";
import { type Fields, number } from "../core/field";
import { received } from "../core/received";
import { ValidationError } from "../core/validation-error";
import { type Thresholds, partialThresholds, resolveThresholds } from "./alerts/thresholds";
import { VaultSeries } from "./vault-series";

/** Properties of the Vault that alerts and dashboard monitor. */
export interface WatchedVaultProps {
  /** Vault that is monitored. */
  readonly vault: IVault;
  /** Number of Vault's servers. */
  readonly replicas: number;
  /** Source of the server certificates. A certificate from cert-manager is monitored. */
  readonly tls: Tls;
  /** Limits of the alerts. @default - see `Thresholds`, each with its reason */
  readonly thresholds?: Partial<Thresholds>;
}

/** Field checks of WatchedVaultProps. */
export const watchedVaultFields: Fields<WatchedVaultProps> = {
  vault: VAULT,
  replicas: number.known(),
  tls: TLS,
  thresholds: partialThresholds.optional(),
};

/** Checked and resolved properties of the monitored Vault. */
export interface WatchedVault {
  /** Time series of this Vault. */
  readonly series: VaultSeries;
  /** Number of Vault's servers. */
  readonly replicas: number;
  /** Number of servers that a healthy cluster of this size can lose. */
  readonly tolerance: number;
  /** Limits of the alerts. */
  readonly thresholds: Thresholds;
  /** Name of cert-manager's Certificate of the servers. @default - none: the certificate is not from cert-manager */
  readonly certificate?: string;
}

/**
 * Checks and resolves the properties of the monitored Vault.
 * @throws ValidationError for replicas below 1, for thresholds that are always or never reached, and for a Vault with
 * an address that is not that of a Service
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
