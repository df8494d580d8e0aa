import { Construct } from "constructs";
import type { Tls } from "../../constructs/server/tls";
import type { IVault } from "../../constructs/server/vault";
import type { CrdDeclaration } from "../../constructs/core/custom-resources";
import { VaultAlerts } from "../../constructs/observability/vault-alerts";
import { VaultDashboard } from "../../constructs/observability/vault-dashboard";
import { VaultPodMonitor } from "../../constructs/observability/vault-pod-monitor";

/** Properties of `VaultMonitoring`. */
export interface VaultMonitoringProps {
  /** Vault to monitor. */
  readonly vault: IVault;
  /** Number of Vault's servers. */
  readonly replicas: number;
  /** Source of the servers' certificate. */
  readonly tls: Tls;
  /** Repository with the runbooks, such as `example/vault-platform`. */
  readonly repository: string;
  /** CRDs that exist, including those of monitoring.coreos.com. */
  readonly crds: CrdDeclaration;
}

/** Monitoring of Vault: metrics of every server, alerts with links to their runbooks, and one dashboard. */
export class VaultMonitoring extends Construct {
  constructor(scope: Construct, id: string, props: VaultMonitoringProps) {
    super(scope, id);
    const { vault, replicas, tls, repository, crds } = props;
    new VaultPodMonitor(this, "PodMonitor", { vault, tls, crds });
    new VaultAlerts(this, "Alerts", {
      vault,
      replicas,
      tls,
      crds,
      runbooks: `https://github.com/${repository}/blob/main/docs/runbooks`,
    });
    new VaultDashboard(this, "Dashboard", { vault, replicas, tls });
  }
}
