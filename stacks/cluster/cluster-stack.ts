import { type Construct, DependencyGroup, type IDependable } from "constructs";
import { AuditShipper } from "../../constructs/audit/audit-shipper";
import { SiemSink } from "../../constructs/audit/siem-sink";
import { CaBundle } from "../../constructs/server/ca-bundle";
import { CertManager } from "../../constructs/operators/cert-manager";
import { CertificateAuthority } from "../../constructs/server/certificate-authority";
import { ClientNamespace } from "../../constructs/network/client-namespace";
import type { ContainerResources } from "../../constructs/core/container-resources";
import { EncryptedStorageClass } from "../../constructs/server/encrypted-storage-class";
import { ExternalSecrets, type IExternalSecrets } from "../../constructs/operators/external-secrets";
import { NetworkPolicies, type NetworkPoliciesProps } from "../../constructs/network/network-policies";
import type { IOperator } from "../../constructs/operators/operator";
import { PipelineAccess } from "../../constructs/jobs/pipeline-access";
import type { PodOptions } from "../../constructs/core/pod-options";
import { Seal } from "../../constructs/server/seal";
import { SERVER_RESOURCES } from "../../constructs/server/server-resources";
import { type ServerNames, Tls, serverNames } from "../../constructs/server/tls";
import { VaultHaCluster } from "../../constructs/server/vault-ha-cluster";
import { VaultNamespace } from "../../constructs/server/vault-namespace";
import type { ChartSource } from "../../constructs/core/chart-source";
import { CrdDeclaration } from "../../constructs/core/custom-resources";
import { Url } from "../../constructs/core/url";
import { suppressRule } from "../../hardening/suppression";
import { apiServerPortOf } from "../../platform/network";
import type { Environment } from "../../platform/schema";
import { addJobs } from "./cluster-jobs";
import {
  awsHostsOf,
  databaseEndpointOf,
  dnsOf,
  externalEndpointsOf,
  podOptionsOf,
} from "../environment-network";
import { EnvironmentStack } from "../environment-stack";
import { isStandby } from "../standby";
import { VaultMonitoring } from "./vault-monitoring";

/** Kubernetes resources of one environment: Vault's servers, their jobs, operators, network policies and monitoring. */
export class ClusterStack extends EnvironmentStack {
  private readonly seal: Seal;
  private readonly pods: PodOptions;

  constructor(scope: Construct, environment: Environment) {
    super(scope, environment, "cluster");
    this.addKubernetesProvider();
    this.addHelmProvider();
    this.pods = podOptionsOf(environment);
    this.seal = Seal.awsKms({
      keyId: this.names.unsealKeyAlias,
      region: environment.aws.region,
      roleArn: this.names.roleArn("server"),
    });

    const namespace = new VaultNamespace(this, "Namespace", {
      name: this.names.namespace,
      replicas: environment.vault.replicas,
      serverResources: this.serverResources,
      serverVolumes: [environment.vault.dataSize, environment.vault.auditSize],
    });
    const clients = this.addClientNamespaces();
    const { certManager, externalSecrets } = this.addOperators();
    const operators = [certManager, externalSecrets].filter((it) => it !== undefined);
    const crds = operators.reduce(
      (all, operator) => all.and(operator.crds),
      CrdDeclaration.groups(...environment.kubernetes.customResourceGroups),
    );
    const { tls, authority, caBundle } = this.addCertificates(crds, namespace, clients);
    const network = this.addNetworkPolicies(namespace, externalSecrets);
    const pipelineAccess = new PipelineAccess(this, "PipelineAccess", {
      namespace: namespace.name,
      namespaces: [...clients.map(({ name }) => name), ...operators.map((it) => it.namespace)],
    });
    const operatorNamespaces = operators.flatMap((it) => it.namespaceResource ?? []);
    for (const it of pipelineAccess.namespaced) {
      it.node.addDependency(namespace, ...clients, ...operatorNamespaces);
    }

    const foundations = new DependencyGroup(namespace, ...authority, caBundle, network);
    const vault = this.addVault(namespace, tls, crds, foundations);
    addJobs(this, {
      environment,
      names: this.names,
      images: this.images,
      pods: this.pods,
      vault,
      seal: this.seal,
      foundations,
    });
    const { customResourceGroups } = environment.kubernetes;
    // Standby servers get no alerts: they serve no traffic.
    if (customResourceGroups.includes("monitoring.coreos.com") && !isStandby(environment)) {
      const monitoring = new VaultMonitoring(this, "Monitoring", {
        vault,
        replicas: environment.vault.replicas,
        tls,
        repository: environment.pipeline.repository,
        crds,
      });
      monitoring.node.addDependency(namespace);
    }
  }

  /** Namespaces of services that connect to Vault, each once. */
  private addClientNamespaces(): ClientNamespace[] {
    const { services, kubernetes } = this.environment;
    const names = [...new Set(services.map(({ namespace }) => namespace))].sort();
    return names.map((name) => {
      const existing = kubernetes.existingNamespaces.includes(name);
      return new ClientNamespace(this, `Namespace-${name}`, { name, existing });
    });
  }

  private addOperators(): { certManager?: IOperator; externalSecrets?: IExternalSecrets } {
    const { kubernetes, charts, mirrors } = this.environment;
    const source = { ...this.pods, repository: mirrors.charts, registryMirror: mirrors.registry };
    const { certManager, externalSecrets } = kubernetes.operators;
    return {
      certManager: {
        install: () => new CertManager(this, "CertManager", { ...source, version: charts.certManager }),
        existing: () => CertManager.existing(),
        none: () => undefined,
      }[certManager](),
      externalSecrets: {
        install: () =>
          new ExternalSecrets(this, "ExternalSecrets", { ...source, version: charts.externalSecrets }),
        existing: () => ExternalSecrets.existing(),
        none: () => undefined,
      }[externalSecrets](),
    };
  }

  /** Source of Vault's certificate, and CA bundle for Vault's clients. */
  private addCertificates(crds: CrdDeclaration, namespace: VaultNamespace, clients: ClientNamespace[]) {
    const { issuer, existingSecret, caCertificates, minVersion, mutual } = this.environment.vault.tls;
    const authority =
      issuer || existingSecret ? undefined : new CertificateAuthority(this, "CertificateAuthority", { crds });
    const caBundle =
      caCertificates.length > 0
        ? CaBundle.ofCertificates(this, "CaBundle", {
            certificates: caCertificates,
            namespaces: [namespace.name, ...clients.map(({ name }) => name)],
          })
        : CaBundle.byTrustManager(this, "CaBundle", {
            namespace: namespace.name,
            secretName: authority!.secret.name,
            crds,
          });
    const own = authority ? [authority] : [];
    caBundle.node.addDependency(namespace, ...clients, ...own);
    const options = { minVersion, mutual };
    const tls = existingSecret
      ? // Synthesis cannot read the Secret. Its certificate must have these names.
        Tls.existingSecret({ secretName: existingSecret, ...this.serverNames, ...options })
      : Tls.certManager(issuer ?? authority!.issuer, options);
    return { tls, authority: own, caBundle };
  }

  private get serverNames(): ServerNames {
    return serverNames(this.names.namespace, "vault", this.externalHost);
  }

  private get externalHost(): string {
    return Url.parse(this.environment.vault.endpoint).host.toString();
  }

  private get serverResources(): ContainerResources {
    return { requests: this.environment.vault.requests, limits: SERVER_RESOURCES.limits };
  }

  private addNetworkPolicies(namespace: VaultNamespace, externalSecrets?: IExternalSecrets): NetworkPolicies {
    const { network, databases } = this.environment;
    const policies = new NetworkPolicies(this, "Network", {
      namespace: namespace.name,
      controlPlane: network.controlPlane,
      apiServer: network.apiServer,
      apiServerPort: apiServerPortOf(this.environment),
      dns: dnsOf(this.environment),
      unsafeAllowUnlabelledClients: network.unsafeAllowUnlabelledClients,
      ...clientsOf(externalSecrets),
      clientRanges: network.clients,
      vpcEndpoints: network.vpcEndpoints,
      monitoringNamespace: network.monitoringNamespace,
      databases: databases.map(databaseEndpointOf),
      externalEndpoints: externalEndpointsOf(this.environment),
      proxy: this.pods.proxy,
      awsHosts: awsHostsOf(this.environment),
    });
    policies.node.addDependency(namespace);
    return policies;
  }

  private addVault(
    namespace: VaultNamespace,
    tls: Tls,
    crds: CrdDeclaration,
    foundations: IDependable,
  ): VaultHaCluster {
    const { vault, kubernetes } = this.environment;
    const storageClass = vault.existingStorageClass
      ? undefined
      : new EncryptedStorageClass(this, "StorageClass", { name: vault.storageClass });
    const servers = new VaultHaCluster(this, "Vault", {
      ...this.pods,
      namespace: namespace.name,
      chart: this.chart(vault.chartVersion),
      image: this.images.vault,
      injectorImage: this.images.vaultAgentInjector,
      seal: this.seal,
      tls,
      crds,
      replicas: vault.replicas,
      zones: kubernetes.zones,
      storageClass: vault.storageClass,
      resources: this.serverResources,
      dataSize: vault.dataSize,
      auditSize: vault.auditSize,
      externalHost: this.externalHost,
      licence: vault.enterprise?.licence,
      auditShipper: this.addAuditShipper(namespace.name, foundations),
      priorityClassName: namespace.priorityClassName,
      allowServersOnOneNode: kubernetes.allowServersOnOneNode,
    });
    if (storageClass) servers.node.addDependency(storageClass);
    servers.node.addDependency(foundations);
    if (this.environment.state === "local") {
      suppressRule(
        servers,
        "cluster-secrets-encryption",
        "a rehearsal, whose state is in files: nothing of production is in its Secrets",
      );
    }
    return servers;
  }

  private addAuditShipper(namespace: string, foundations: IDependable): AuditShipper {
    const { kind, endpoint, credentials, caCertificate } = this.environment.siem;
    const sinks = {
      "splunk-hec": SiemSink.splunkHec,
      elastic: SiemSink.elastic,
      datadog: SiemSink.datadog,
      "otlp-http": SiemSink.otlpHttp,
    };
    const sink = sinks[kind]({ endpoint, credentials, caCertificate });
    const shipper = new AuditShipper(this, "AuditShipper", {
      sink,
      namespace,
      image: this.images.auditShipper,
      proxy: this.pods.proxy,
    });
    shipper.node.addDependency(foundations);
    return shipper;
  }

  private chart(version: string): ChartSource {
    return { repository: this.environment.mirrors.charts ?? "https://helm.releases.hashicorp.com", version };
  }
}

/** External Secrets as a client of Vault: its controller pods if this stack installs it, otherwise its namespace. */
function clientsOf(
  externalSecrets?: IExternalSecrets,
): Pick<NetworkPoliciesProps, "clientNamespaces" | "clientPods"> {
  if (!externalSecrets) return {};
  const { namespace, controllerLabels } = externalSecrets;
  return controllerLabels
    ? { clientPods: [{ namespace, podLabels: controllerLabels }] }
    : { clientNamespaces: [namespace] };
}
