import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { checkProps, object, text } from "../core/field";
import { pairs } from "../core/fields";
import { claimObject } from "../core/kubernetes-claims";
import { literal } from "../core/literal";
import { renderRows } from "./dashboard/panel";
import { vaultRows } from "./dashboard/rows";
import { type WatchedVaultProps, watchedVault, watchedVaultFields } from "./watched-vault";

/** Properties of VaultDashboard. */
export interface VaultDashboardProps extends WatchedVaultProps {
  /** Namespace of the ConfigMap; Grafana's sidecar must watch it. @default - Vault's */
  readonly namespace?: string;
  /** Labels by which Grafana's sidecar finds the ConfigMap. @default - grafana_dashboard: "1", the sidecar's default */
  readonly labels?: Readonly<Record<string, string>>;
}

const PROPS = object<VaultDashboardProps>(() => ({
  ...watchedVaultFields,
  namespace: text.optional(),
  labels: pairs.optional(),
}));

/**
 * Grafana dashboard of one Vault, in a ConfigMap that Grafana's sidecar loads. It shows the metrics of the alerts, and
 * further metrics for the diagnosis.
 * @see https://github.com/grafana-community/helm-charts/tree/main/charts/grafana#sidecar-for-dashboards
 * @throws ValidationError for replicas below 1, for thresholds that are always or never reached, and for a Vault with
 * an address that is not that of a Service
 */
export class VaultDashboard extends LibraryConstruct {
  /** ConfigMap that contains the dashboard. */
  readonly configMap: ConfigMapV1;
  /** Dashboard in JSON. */
  readonly json: string;

  constructor(scope: Construct, id: string, props: VaultDashboardProps) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const { labels = { grafana_dashboard: "1" } } = props;
    const watched = watchedVault(this, props);
    const { namespace, release } = watched.series;
    this.json = JSON.stringify(dashboard(namespace, release, renderRows(vaultRows(watched))), undefined, 2);
    const metadata = { name: `${release}-dashboard`, namespace: props.namespace ?? namespace };
    claimObject(this, "ConfigMap", metadata);
    this.configMap = new ConfigMapV1(this, "Resource", {
      metadata: { ...metadata, labels },
      // Grafana's variables have the same syntax as Terraform's.
      data: { [`${namespace}-${release}.json`]: literal(this.json) },
    });
  }
}

function dashboard(namespace: string, release: string, panels: object[]): object {
  return {
    // Stable across deployments, so that links stay valid. At most 40 characters.
    uid: `${namespace}-${release}`.slice(0, 40),
    title: `Vault ${namespace}/${release}`,
    tags: ["vault"],
    schemaVersion: 39,
    editable: false,
    refresh: "30s",
    time: { from: "now-6h", to: "now" },
    timezone: "browser",
    graphTooltip: 1,
    templating: {
      list: [
        {
          name: "datasource",
          label: "Prometheus",
          type: "datasource",
          query: "prometheus",
          refresh: 1,
          hide: 0,
        },
      ],
    },
    panels,
  };
}
