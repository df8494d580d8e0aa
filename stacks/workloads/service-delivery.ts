import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
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
import { networkPolicyOf } from "../../platform/network";
import type { Environment } from "../../platform/schema";
import {
  databaseFileName,
  databaseRoleName,
  databaseVariables,
  serviceNames,
} from "../../platform/service-names";
import { databaseEndpointOf, dnsOf, egressRuleOf } from "../environment-network";

type Service = Environment["services"][number];

/** Those of External Secrets; the cluster layer sees to it that they are there. */
const CRDS = CrdDeclaration.groups("external-secrets.io", "generators.external-secrets.io");

/** How the secrets of one service reach its pods. */
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
      tokenTtl: service.token.ttl,
    });
    const { serviceAccount } = new WorkloadServiceAccount(this, "ServiceAccount", {
      identity: this.identity,
      imagePullSecrets: environment.kubernetes.imagePullSecrets,
    });
    const dependsOn: ITerraformDependable[] = [serviceAccount];
    if (networkPolicyOf(environment, service) === "platform") dependsOn.push(this.addNetworkPolicy());
    if (service.deployment) this.deploy(service.deployment, dependsOn);
    const kept = service.databases.filter(({ secret }) => secret !== undefined);
    if (service.secrets.length > 0 || kept.length > 0) this.keepSecrets(kept, dependsOn);
  }

  private deploy(
    { image, command, port, replicas, config }: NonNullable<Service["deployment"]>,
    dependsOn: ITerraformDependable[],
  ): void {
    const { injection } = new InjectedDeployment(this, "Deployment", {
      vault: this.vault,
      identity: this.identity,
      image,
      command,
      port,
      replicas,
      imagePullSecrets: this.environment.kubernetes.imagePullSecrets,
      dependsOn,
    });
    if (config) {
      injection.addKeyValue("config", {
        path: config.secret,
        variables: Object.fromEntries(config.variables.map(({ name, key }) => [name, key])),
      });
    }
    const { name, databases, certificates } = this.service;
    for (const { alias, defaultTtl } of databases) {
      injection.addDatabaseCredentials(databaseFileName(alias), {
        role: databaseRoleName(name, alias),
        leaseTtl: defaultTtl,
        variables: databaseVariables(alias),
      });
    }
    if (certificates.length > 0) {
      const [commonName, ...alternativeNames] = certificates;
      injection.addPkiCertificate("certificate", { role: name, commonName, alternativeNames });
    }
  }

  /** What the service's pods may connect to; pods start behind it. */
  private addNetworkPolicy(): ITerraformDependable {
    const { name, namespace, egress } = this.service;
    const used = this.service.databases.map((database) => database.name);
    return new WorkloadEgressPolicy(this, "Egress", {
      name: serviceNames(name).egressPolicy,
      namespace,
      podLabels: { [SERVICE_LABEL]: name },
      vault: this.vault,
      dns: dnsOf(this.environment),
      databases: this.environment.databases.filter((it) => used.includes(it.name)).map(databaseEndpointOf),
      egress: egress.map(egressRuleOf),
    }).policy;
  }

  /** External Secrets reads as the service, and may do so for no other. */
  private letExternalSecretsActFor(dependsOn: ITerraformDependable[]): void {
    new TokenRequestGrant(this, "TokenRequestGrant", {
      serviceAccount: this.identity.serviceAccount,
      to: { kind: "ServiceAccount", ...ExternalSecrets.existing().serviceAccount },
      dependsOn,
    });
  }

  /** All that External Secrets is asked for, as one release: a plan renders each release anew. */
  private keepSecrets(databases: Service["databases"], dependsOn: ITerraformDependable[]): void {
    const { vault, identity, service } = this;
    this.letExternalSecretsActFor(dependsOn);
    const release = new CustomResources(this, "ExternalSecrets", {
      namespace: service.namespace,
      releaseName: serviceNames(service.name).release,
      dependsOn,
    });
    const shared = { vault, identity, crds: CRDS, release };
    if (service.secrets.length > 0) {
      const store = new ClusterSecretStore(this, "Store", shared);
      for (const { name, secret, keys, refreshInterval } of service.secrets) {
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
    for (const { alias, secret, defaultTtl } of databases) {
      new VaultDynamicSecret(this, alias ? `DatabaseSecret-${alias}` : "DatabaseSecret", {
        ...shared,
        name: secret!,
        role: databaseRoleName(service.name, alias),
        leaseTtl: defaultTtl,
      });
    }
  }
}
