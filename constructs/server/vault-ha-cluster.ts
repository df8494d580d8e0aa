import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { Release } from "@cdktf/provider-helm/lib/release";
import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { type ChartSource, chartArguments } from "../core/chart-source";
import { Cpu } from "../core/cpu";
import { Duration } from "../core/duration";
import { checkProps } from "../core/field";
import { renderHelmValues } from "../core/helm-values";
import { claimObject, takeInCluster } from "../core/kubernetes-claims";
import { literal } from "../core/literal";
import { received, shownName } from "../core/received";
import { Size } from "../core/size";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";
import { chartValuesSchema, mergeValues } from "./chart-values";
import type { ContainerResources } from "../core/container-resources";
import { addServerCertificate } from "./server-certificate";
import { renderServerConfiguration } from "./server-configuration";
import { SERVER_RESOURCES } from "./server-resources";
import { type IVault, VAULT_ATTRIBUTES, type VaultAttributes, vaultAt } from "./vault";
import { vaultChartValues } from "./vault-chart-values";
import { VAULT_HA_CLUSTER, type VaultHaClusterProps } from "./vault-ha-cluster-props";

/** Cluster sizes that can elect a Raft leader. */
const REPLICAS = [1, 3, 5, 7];

class ImportedVault extends LibraryConstruct implements IVault {
  readonly namespace: string;
  readonly address: string;
  readonly activeAddress: string;
  readonly caBundle: IVault["caBundle"];
  readonly enterpriseNamespace?: string;

  constructor(scope: Construct, id: string, attributes: VaultAttributes) {
    super(scope, id);
    checkProps(this, VAULT_ATTRIBUTES, attributes);
    const { namespace, address, activeAddress, caBundle } = vaultAt(attributes);
    this.namespace = namespace;
    this.address = address;
    this.activeAddress = activeAddress;
    this.caBundle = caBundle;
    this.enterpriseNamespace = attributes.enterpriseNamespace;
  }
}

/**
 * Highly available Vault, installed with the official Helm chart: Raft on encrypted volumes, TLS for all traffic,
 * auto-unseal, restricted pods and the agent injector.
 *
 * Helm does not wait for the servers, because they are not initialised yet. Servers join each other automatically. Pod
 * changes take effect when the rollout deletes the pods one by one (`OnDelete`).
 * @see https://developer.hashicorp.com/vault/docs/platform/k8s/helm
 * @throws ValidationError for replicas other than 1, 3, 5, 7; several servers over two zones; limits below requests; an
 * image or chart without an exact version; an unknown chart value; a certificate that the servers cannot use; a
 * namespace or release that another Vault of the cluster has; an audit shipper in another namespace
 */
export class VaultHaCluster extends LibraryConstruct implements IVault {
  /** References a Vault that another stack or team deploys. Its Services have deterministic names. */
  static fromAttributes(scope: Construct, id: string, attributes: VaultAttributes = {}): IVault {
    return new ImportedVault(scope, id, attributes);
  }

  /** Namespace of Vault's pods. */
  readonly namespace: string;
  /** Name of the Helm release. */
  readonly releaseName: string;
  /** URL of the Service for all ready servers. */
  readonly address: string;
  /** URL of the Service for the active server. */
  readonly activeAddress: string;
  /** ConfigMap with the CA certificates of Vault's certificate. */
  readonly caBundle: IVault["caBundle"];
  /** Secret with the client certificate for jobs. @default - none: `tls.mutual` is false */
  readonly clientCertificateSecret?: string;
  /** Rendered server configuration in HCL. */
  readonly serverConfiguration: string;
  /** The Helm release. */
  readonly release: Release;
  /** Text that changes whenever the servers' pods change: chart version and values. */
  readonly revision: string;

  constructor(scope: Construct, id: string, props: VaultHaClusterProps) {
    super(scope, id);
    checkProps(this, VAULT_HA_CLUSTER, props);
    this.namespace = props.namespace ?? "vault";
    this.releaseName = props.releaseName ?? "vault";
    const { address, activeAddress, caBundle } = vaultAt({
      namespace: this.namespace,
      releaseName: this.releaseName,
    });
    this.address = address;
    this.activeAddress = activeAddress;
    this.caBundle = caBundle;
    this.clientCertificateSecret = props.tls.mutual ? props.tls.secretName : undefined;

    const replicas = props.replicas ?? 3;
    this.validate(props, replicas);
    this.claimNames();
    const { namespace, releaseName } = this;
    const certificate = addServerCertificate(this, { ...props, namespace, releaseName });
    const scripts = this.addScripts();
    const tlsFolder = "/vault/tls";
    this.serverConfiguration = renderServerConfiguration({
      clusterName: this.releaseName,
      certificate: {
        certFile: `${tlsFolder}/tls.crt`,
        keyFile: `${tlsFolder}/tls.key`,
        caFile: `${tlsFolder}/ca.crt`,
      },
      tlsMinVersion: props.tls.minVersion,
      mutualTls: props.tls.mutual,
      seal: props.seal.configuration.stanza,
      joinAddresses: Array.from(
        { length: replicas },
        (_, ordinal) => `https://${this.releaseName}-${ordinal}.${this.releaseName}-internal:8200`,
      ),
    });
    const chart = chartArguments(this, "vault", props.chart ?? DEFAULT_CHART);
    const values = renderHelmValues(this.mergedValues(props, replicas));
    this.revision = JSON.stringify([chart, values]);
    claimObject(this, "Helm release", { namespace, name: releaseName });
    this.release = new Release(this, "Resource", {
      name: this.releaseName,
      namespace: this.namespace,
      ...chart,
      values: [values],
      // Servers become ready when they are initialised, which the bootstrap does later.
      wait: false,
      atomic: false,
      timeout: Duration.minutes(10).toSeconds(),
      maxHistory: 5,
      dependsOn: [
        scripts,
        ...(certificate ? [certificate.release] : []),
        ...(props.auditShipper ? [props.auditShipper.configuration] : []),
      ],
    });
  }

  private validate({ zones = [], auditShipper }: VaultHaClusterProps, replicas: number): void {
    if (!REPLICAS.includes(replicas)) {
      throw new ValidationError(
        this,
        `replicas must be ${REPLICAS.join(", ")}, so that Raft can elect a leader, got ${received(replicas)}`,
      );
    }
    if (new Set(zones).size === 2 && replicas > 1) {
      throw new ValidationError(
        this,
        `zones must be one or at least three for ${replicas} replicas, got ${received(zones)}: one of two zones has the majority, and its loss stops Vault`,
      );
    }
    const shipper = auditShipper?.namespace;
    if (isLiteral(shipper) && isLiteral(this.namespace) && shipper !== this.namespace) {
      throw new ValidationError(
        this,
        `auditShipper must be in the namespace ${shownName(this.namespace)}, whose ConfigMaps the servers mount, got ${received(shipper)}`,
      );
    }
    if (!this.releaseName.includes("vault")) {
      throw new ValidationError(
        this,
        `releaseName must contain vault, because the chart names everything else ${shownName(this.releaseName)}-vault, got ${received(this.releaseName)}`,
      );
    }
  }

  private claimNames(): void {
    const { namespace, releaseName } = this;
    const met = Object.entries({ namespace, releaseName }).flatMap(([property, value]) => {
      const owner = takeInCluster(this, `${property} of a Vault`, value);
      return owner === undefined ? [] : [{ property, value, owner }];
    });
    if (met.length === 0) return;
    const properties = met.map(({ property }) => property).join(" and ");
    const owners = [...new Set(met.map(({ owner }) => owner))].join(" and ");
    const values = Object.fromEntries(met.map(({ property, value }) => [property, value]));
    throw new ValidationError(
      this,
      `${properties} must be of this Vault alone, because the ServiceAccount vault is one of each namespace, and the chart ` +
        `names the webhook and the roles of the cluster after the release, got ${received(values)}, as ${owners} has`,
    );
  }

  private get scriptsName(): string {
    return `${this.releaseName}-scripts`;
  }

  private addScripts(): ConfigMapV1 {
    const script = "reload-certificate.sh";
    return new ConfigMapV1(this, "Scripts", {
      metadata: { name: this.scriptsName, namespace: this.namespace },
      data: { [script]: literal(readFileSync(join(__dirname, "scripts", script), "utf8")) },
    });
  }

  private mergedValues(props: VaultHaClusterProps, replicas: number): unknown {
    const own = vaultChartValues(this, {
      serverConfiguration: this.serverConfiguration,
      namespace: this.namespace,
      releaseName: this.releaseName,
      seal: props.seal.configuration,
      tls: props.tls,
      image: props.image ?? "hashicorp/vault:1.21.0",
      injectorImage: props.injectorImage ?? "hashicorp/vault-k8s:1.7.6",
      replicas,
      zones: props.zones ?? [],
      storageClass: props.storageClass ?? "gp3",
      dataSize: props.dataSize ?? Size.gibibytes(10),
      auditSize: props.auditSize ?? Size.gibibytes(10),
      resources: props.resources ?? SERVER_RESOURCES,
      injectorReplicas: props.injectorReplicas ?? 2,
      injectorResources: props.injectorResources ?? DEFAULT_INJECTOR_RESOURCES,
      licence: props.licence,
      priorityClassName: props.priorityClassName,
      auditShipper: props.auditShipper?.sidecar,
      serversShareNodes: props.allowServersOnOneNode ?? false,
      scriptsName: this.scriptsName,
      imagePullSecrets: props.imagePullSecrets,
      // Servers join each other with names that do not end in .svc.
      proxy: props.proxy?.environment([`.${this.releaseName}-internal`]),
    });
    const known = mergeValues(own, props.chartValues);
    const checked = chartValuesSchema.safeParse(known);
    if (!checked.success) {
      const problems = checked.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
      const description = problems.join("; ");
      throw new ValidationError(
        this,
        `chartValues must be values of the chart that this project knows (helmValues takes any), got ${description}`,
      );
    }
    return mergeValues(known, props.helmValues);
  }
}

const DEFAULT_CHART: ChartSource = { repository: "https://helm.releases.hashicorp.com", version: "0.34.1" };

const DEFAULT_INJECTOR_RESOURCES: ContainerResources = {
  requests: { cpu: Cpu.millis(50), memory: Size.mebibytes(64) },
  limits: { cpu: Cpu.millis(250), memory: Size.mebibytes(128) },
};
