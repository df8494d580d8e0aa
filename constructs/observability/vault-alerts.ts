import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { type CrdDeclaration, CustomResources } from "../core/custom-resources";
import { anyText, checkProps, object } from "../core/field";
import { crds, pairs } from "../core/fields";
import { parseProperty } from "../core/format-error";
import { Url } from "../core/url";
import { type Alert, runbookPage } from "./alerts/alert";
import { auditAlerts } from "./alerts/audit";
import { serverAlerts } from "./alerts/servers";
import { upkeepAlerts } from "./alerts/upkeep";
import { usageAlerts } from "./alerts/usage";
import { MONITORING_GROUP, MONITORING_LABELS } from "./monitoring-labels";
import { type WatchedVault, type WatchedVaultProps, watchedVault, watchedVaultFields } from "./watched-vault";

/** Properties of VaultAlerts. */
export interface VaultAlertsProps extends WatchedVaultProps {
  /** URL of the folder `docs/runbooks` of this repository, which contains each alert's page. */
  readonly runbooks: string;
  /** CRDs that exist; those of monitoring.coreos.com are required. @default - none: the rules are rejected */
  readonly crds?: CrdDeclaration;
  /**
   * Labels by which Prometheus finds the rules.
   * @default - release: kube-prometheus-stack, which a release of that name selects
   */
  readonly labels?: Readonly<Record<string, string>>;
}

const PROPS = object<VaultAlertsProps>(() => ({
  ...watchedVaultFields,
  runbooks: anyText,
  crds: crds.optional(),
  labels: pairs.optional(),
}));

/** Groups of alerts; Prometheus evaluates the rules of a group together. */
const GROUPS: Readonly<Record<string, (watched: WatchedVault) => Alert[]>> = {
  servers: serverAlerts,
  audit: auditAlerts,
  usage: usageAlerts,
  upkeep: upkeepAlerts,
};

/** Rule group, in the form that Prometheus reads. */
export interface RuleGroup {
  /** Name of the group. */
  readonly name: string;
  /** Alerting rules of the group. */
  readonly rules: readonly {
    readonly alert: string;
    readonly expr: string;
    readonly for?: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  }[];
}

/**
 * Alerts of one Vault, each with a runbook page. They read the metrics that `VaultPodMonitor` scrapes, and those of
 * kubelet, kube-state-metrics and cert-manager. If one of these is missing, an alert reports it.
 * @see https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.PrometheusRule
 * @throws ValidationError if `crds` does not declare the CRD, for an invalid runbook URL, for replicas below 1, and for
 * thresholds that are always or never reached
 */
export class VaultAlerts extends LibraryConstruct {
  /** Custom resources: the PrometheusRule. */
  readonly resources: CustomResources;
  /** Rule groups of the PrometheusRule. */
  readonly groups: readonly RuleGroup[];

  constructor(scope: Construct, id: string, props: VaultAlertsProps) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const { runbooks } = props;
    parseProperty(this, "runbooks", runbooks, Url.parse);
    const watched = watchedVault(this, props);
    const { series } = watched;
    this.groups = Object.entries(GROUPS).map(([group, alerts]) => ({
      name: `${series.namespace}-${series.release}-${group}`,
      rules: alerts(watched).map((alert) => rule(alert, series.namespace, runbooks)),
    }));
    this.resources = new CustomResources(this, "Resource", {
      namespace: series.namespace,
      releaseName: `${series.release}-alerts`,
      crds: props.crds,
      resources: [
        {
          apiVersion: `${MONITORING_GROUP}/v1`,
          kind: "PrometheusRule",
          metadata: {
            name: series.release,
            namespace: series.namespace,
            labels: props.labels ?? MONITORING_LABELS,
          },
          spec: { groups: this.groups },
        },
      ],
    });
  }
}

function rule(alert: Alert, namespace: string, runbooks: string): RuleGroup["rules"][number] {
  return {
    alert: alert.name,
    expr: alert.expr,
    ...(alert.for && { for: alert.for.toString() }),
    // Not all expressions keep the namespace, and routes by namespace need it.
    labels: { severity: alert.severity, namespace },
    annotations: {
      summary: alert.summary,
      description: alert.description,
      runbook_url: `${runbooks.replace(/\/$/, "")}/${runbookPage(alert.name)}`,
    },
  };
}
