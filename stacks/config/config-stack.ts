import { RaftAutopilot } from "@cdktf/provider-vault/lib/raft-autopilot";
import type { Construct } from "constructs";
import { AuditDevices } from "../../constructs/audit/audit-devices";
import { AUDIT_SOCKET } from "../../constructs/audit/audit-shipper";
import { K8sAuthBinding } from "../../constructs/auth/k8s-auth-binding";
import { Duration } from "../../constructs/core/duration";
import { DR_SECONDARY_RULES, drPrimaryRules } from "../../constructs/enterprise/dr-replication";
import { teamNamespaces } from "../../platform/names";
import type { Environment } from "../../platform/schema";
import { servicesOf } from "../../platform/service";
import { drSideOf } from "../dr-sides";
import { EnterpriseFeatures } from "./enterprise-features";
import { EnvironmentStack } from "../environment-stack";
import { JobAccess } from "./job-access";
import { ExternalAddresses } from "../external-addresses";
import { grantSecretWriting } from "./secret-writers";
import { ServiceAccess } from "./service-access";
import { addSharedMounts, addLoginQuota } from "./service-engines";
import { addServicePlaces } from "./service-places";
import { HumanAccess } from "./human-access";
import { VaultPipelines } from "./vault-pipelines";
import { addVaultProvider } from "./vault-login";

/** Configuration of Vault: audit devices, logins, secrets engines and access, except the parts of the bootstrap. */
export class ConfigStack extends EnvironmentStack {
  private readonly outside?: ExternalAddresses;

  constructor(scope: Construct, environment: Environment) {
    super(scope, environment, "config");
    this.addKubernetesProvider();
    addVaultProvider(this, { endpoint: environment.vault.endpoint, namespace: this.names.namespace });
    if (environment.kubernetes.vault === "external") this.outside = new ExternalAddresses(this, environment);

    const devices = new AuditDevices(this, "Audit");
    // A Vault outside the cluster has no sidecar that listens on the socket.
    if (this.outside) devices.addFile({ path: "stdout", filePath: "stdout" });
    else devices.addSocket({ path: "siem", socketPath: AUDIT_SOCKET });
    this.addAutopilot();
    const basics = addSharedMounts(this, this.outside);
    const { auth, keyValue } = basics;
    addLoginQuota(this, auth);
    const dr = drSideOf(environment);
    new JobAccess(this, "Jobs", {
      auth,
      keyValue,
      namespace: this.names.namespace,
      serviceAccounts: this.names.serviceAccounts,
      canary: this.names.canary,
      drRules: dr && (dr.side === "primary" ? drPrimaryRules(dr.secondaryId) : DR_SECONDARY_RULES),
    });
    const enterprise =
      environment.vault.enterprise && new EnterpriseFeatures(this, "Enterprise", environment);
    const { vault, outside } = this;
    const places = addServicePlaces(this, { environment, vault, basics, outside, enterprise });
    const autopilot = { configurationPaths: ["sys/storage/raft/autopilot/configuration"], secretPaths: [] };
    // In the root namespace as well, even if only team namespaces have engines: earlier engines may still exist there.
    const parts = [...places.targets, autopilot];
    const people =
      environment.vault.oidc && new HumanAccess(this, "People", { environment, parts, keyValue });
    if (!this.outside && environment.pipeline.vaultLogin) {
      const mountsOf = (team: string) => places.of(team).mounts;
      const planned = people ? [...parts, people.auth] : parts;
      new VaultPipelines(this, "Pipelines", { environment, parts: planned, mountsOf });
    }
    for (const { namespace, name } of environment.vault.secretWriters) {
      const writer = new K8sAuthBinding(this, `SecretWriter-${namespace}-${name}`, {
        auth,
        serviceAccount: { namespace, name },
        maxTtl: Duration.hours(1),
      });
      grantSecretWriting(writer, keyValue, { namespacesBelow: teamNamespaces(environment) });
    }
    if (environment.shards === "one") {
      for (const service of servicesOf(environment)) {
        const { scope: place, engines, sentinelPolicies: judges } = places.of(service.team);
        const judging = service.sentinelPolicies.map((name) => judges.get(name)!);
        new ServiceAccess(place, service.id, service, engines, judging);
      }
    }
  }

  /** Removes servers without contact for a day from the Raft cluster, unless fewer than `replicas` would remain. */
  private addAutopilot(): void {
    const { replicas } = this.environment.vault;
    if (replicas < 3) return;
    new RaftAutopilot(this, "Autopilot", {
      cleanupDeadServers: true,
      deadServerLastContactThreshold: "24h0m0s",
      minQuorum: replicas,
      serverStabilizationTime: "10s",
    });
  }
}
