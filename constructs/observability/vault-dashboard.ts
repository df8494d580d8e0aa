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

export interface VaultDashboardProps extends WatchedVaultProps {
  /** Namespace of the ConfigMap; Grafana's sidecar has to look there. @default - Vault's */
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
 * A Grafana dashboard of one Vault, as a ConfigMap that Grafana's sidecar loads. It shows what the alerts look at, and
 * what one looks at next.
 * @see https://github.com/grafana-community/helm-charts/tree/main/charts/grafana#sidecar-for-dashboards
 * @throws ValidationError for replicas below 1, thresholds that would always or never be reached, and a Vault whose
 * address is not that of a Service
 */
export class VaultDashboard extends LibraryConstruct {
  readonly configMap: ConfigMapV1;
  /** The dashboard in JSON. */
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
      // Grafana's variables look like Terraform's.
      data: { [`${namespace}-${release}.json`]: literal(this.json) },
    });
  }
}

function dashboard(namespace: string, release: string, panels: object[]): object {
  return {
    // The same one at every deployment, so that links to it hold. At most 40 characters.
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
