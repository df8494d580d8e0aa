import { Construct } from "constructs";
import type { Tls } from "../../constructs/server/tls";
import type { IVault } from "../../constructs/server/vault";
import type { CrdDeclaration } from "../../constructs/core/custom-resources";
import { VaultAlerts } from "../../constructs/observability/vault-alerts";
import { VaultDashboard } from "../../constructs/observability/vault-dashboard";
import { VaultPodMonitor } from "../../constructs/observability/vault-pod-monitor";

export interface VaultMonitoringProps {
  readonly vault: IVault;
  readonly replicas: number;
  readonly tls: Tls;
  /** Repository with the runbooks, such as `example/vault-platform`. */
  readonly repository: string;
  /** CRDs that exist, those of monitoring.coreos.com among them. */
  readonly crds: CrdDeclaration;
}

/** Every server is scraped, each alert leads to its runbook, and one dashboard shows it all. */
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
