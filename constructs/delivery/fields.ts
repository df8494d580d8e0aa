import { containerResources, vault } from "../server/fields";
import { type Fields, list, number, reference, text } from "../core/field";
import { duration, serviceAccount } from "../core/fields";
import type { AgentInjectionProps } from "./agent-settings";
import type { IClusterSecretStore } from "./cluster-secret-store";
import type { WorkloadIdentity } from "./workload-identity";

/** Field check of an identity. */
export const workloadIdentity = reference<WorkloadIdentity>(
  "an identity, such as a K8sAuthBinding or workloadIdentity(...)",
  () => ({ roleName: text, authPath: text, audience: text, serviceAccount, tokenTtl: duration }),
);

/** Field check of a store. */
export const secretStore = reference<IClusterSecretStore>("a store, such as a ClusterSecretStore", () => ({
  storeName: text,
  mount: text,
  namespaces: list(text),
}));

type OfPod = "containers" | "group" | "onChange" | "revokeGrace";

/** Field checks of the agent's properties that the pod does not set. */
export const agentFields: Fields<Omit<AgentInjectionProps, OfPod>> = {
  vault,
  identity: workloadIdentity,
  audience: text.optional(),
  cacheListenerPort: number.optional(),
  serviceAccountTokenExpiration: duration.optional(),
  renderInterval: duration.optional(),
  agentResources: containerResources.optional(),
  tlsServerName: text.optional(),
};
