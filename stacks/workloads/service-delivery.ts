import { Construct, DependencyGroup, type IDependable } from "constructs";
import { ExternalSecrets } from "../../constructs/operators/external-secrets";
import { SERVICE_LABEL } from "../../constructs/network/labels";
import { TokenRequestGrant } from "../../constructs/jobs/token-request-grant";
import type { IVault } from "../../constructs/server/vault";
import { WorkloadEgressPolicy } from "../../constructs/network/workload-egress-policy";
import { CrdDeclaration, CustomResources } from "../../constructs/core/custom-resources";
import { ClusterSecretStore } from "../../constructs/delivery/cluster-secret-store";
import { ExternalSecret } from "../../constructs/delivery/external-secret";
import { InjectedDeployment } from "../../constructs/delivery/injected-deployment";
import { VaultDynamicSecret } from "../../constructs/delivery/vault-dynamic-secret";
import { type WorkloadIdentity, workloadIdentity } from "../../constructs/delivery/workload-identity";
import { WorkloadServiceAccount } from "../../constructs/delivery/workload-service-account";
import type { Environment } from "../../platform/schema";
import type { Service, ServiceFields } from "../../platform/service";
import { databaseEndpointOf, dnsOf, egressRuleOf } from "../environment-network";

/** CRDs of External Secrets. The cluster layer ensures that they exist. */
const CRDS = CrdDeclaration.groups("external-secrets.io", "generators.external-secrets.io");

/** Kubernetes resources that deliver the secrets of one service to its pods. */
export class ServiceDelivery extends Construct {
  private readonly identity: WorkloadIdentity;

  constructor(
    scope: Construct,
    id: string,
    private readonly vault: IVault,
    private readonly service: Service,
    private readonly environment: Environment,
  ) {
    super(scope, id);
    this.identity = workloadIdentity({
      service: service.name,
      namespace: service.namespace,
      tokenTtl: service.definition.token.ttl,
    });
    const serviceAccount = new WorkloadServiceAccount(this, "ServiceAccount", {
      identity: this.identity,
      imagePullSecrets: environment.kubernetes.imagePullSecrets,
    });
    const foundations = new DependencyGroup(serviceAccount);
    if (service.networkPolicyOwner === "platform") foundations.add(this.addNetworkPolicy());
    const { deployment } = service.definition;
    if (deployment) this.deploy(deployment, foundations);
    if (service.hasSecrets) this.keepSecrets(foundations);
  }

  private deploy(
    { image, command, port, replicas, config }: NonNullable<ServiceFields["deployment"]>,
    foundations: IDependable,
  ): void {
    const deployment = new InjectedDeployment(this, "Deployment", {
      vault: this.vault,
      identity: this.identity,
      image,
      command,
      port,
      replicas,
      imagePullSecrets: this.environment.kubernetes.imagePullSecrets,
    });
    deployment.node.addDependency(foundations);
    const { injection } = deployment;
    if (config) {
      injection.addKeyValue("config", {
        path: config.secret,
        variables: Object.fromEntries(config.variables.map(({ name, key }) => [name, key])),
      });
    }
    const { databases, pkiRoleName, definition } = this.service;
    for (const { fileName, roleName, variables, definition } of databases) {
      injection.addDatabaseCredentials(fileName, {
        role: roleName,
        leaseTtl: definition.defaultTtl,
        variables,
      });
    }
    if (pkiRoleName !== undefined) {
      const [commonName, ...alternativeNames] = definition.certificates;
      injection.addPkiCertificate("certificate", { role: pkiRoleName, commonName, alternativeNames });
    }
  }

  /** Network policy with the allowed destinations of the service's pods. It is created before the pods. */
  private addNetworkPolicy(): WorkloadEgressPolicy {
    const { name, namespace, networkPolicyName, databaseEndpoints, definition } = this.service;
    return new WorkloadEgressPolicy(this, "Egress", {
      name: networkPolicyName,
      namespace,
      podLabels: { [SERVICE_LABEL]: name },
      vault: this.vault,
      dns: dnsOf(this.environment),
      databases: databaseEndpoints.map(databaseEndpointOf),
      egress: definition.egress.map(egressRuleOf),
    });
  }

  /** Allows External Secrets to act as this service, and as no other. */
  private letExternalSecretsActFor(foundations: IDependable): void {
    const grant = new TokenRequestGrant(this, "TokenRequestGrant", {
      serviceAccount: this.identity.serviceAccount,
      to: { kind: "ServiceAccount", ...ExternalSecrets.existing().serviceAccount },
    });
    grant.node.addDependency(foundations);
  }

  /** Adds all External Secrets resources as one Helm release, because every plan renders each release again. */
  private keepSecrets(foundations: IDependable): void {
    const { vault, identity, service } = this;
    this.letExternalSecretsActFor(foundations);
    const release = new CustomResources(this, "ExternalSecrets", {
      namespace: service.namespace,
      releaseName: service.releaseName,
    });
    release.node.addDependency(foundations);
    const shared = { vault, identity, crds: CRDS, release };
    const { secrets } = service.definition;
    if (secrets.length > 0) {
      const store = new ClusterSecretStore(this, "Store", { ...shared, name: service.storeName });
      for (const { name, secret, keys, refreshInterval } of secrets) {
        new ExternalSecret(this, `Secret-${name}`, {
          store,
          name,
          path: secret,
          keys: Object.fromEntries(keys.map((it) => [it.name, it.key])),
          refreshInterval,
          crds: CRDS,
          release,
        });
      }
    }
    for (const { alias, roleName, definition } of service.databases) {
      const { secret, defaultTtl } = definition;
      if (secret === undefined) continue;
      new VaultDynamicSecret(this, alias ? `DatabaseSecret-${alias}` : "DatabaseSecret", {
        ...shared,
        name: secret,
        role: roleName,
        leaseTtl: defaultTtl,
      });
    }
  }
}
