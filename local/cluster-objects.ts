import { bootstrapNames } from "../constructs/jobs/bootstrap-names";
import type { KubernetesApi } from "./kubernetes";
import { environment, names } from "./platform";

/**
 * Creates the identities that the cluster stack and the teams create in a cluster with nodes: namespaces,
 * ServiceAccounts, and permission to review tokens.
 */
export async function makeClusterObjects(api: KubernetesApi): Promise<void> {
  const { namespace, serviceAccounts } = names;
  const services = environment.services.map(({ namespace: where, name }) => [where, name]);
  for (const name of new Set([namespace, ...services.map(([where]) => where)])) {
    await api.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name } }, "namespaces");
  }
  for (const [where, name] of [
    ...[...Object.values(serviceAccounts), bootstrapNames.deployServiceAccount].map((own) => [
      namespace,
      own,
    ]),
    ...services,
  ]) {
    const metadata = { name, namespace: where };
    await api.apply({ apiVersion: "v1", kind: "ServiceAccount", metadata }, "serviceaccounts");
  }
  // In a cluster only Vault's own ServiceAccount has this permission. Here every token requests its own review, so that
  // every refusal comes from Vault.
  const binding = {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: "local-platform-token-reviews" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "system:auth-delegator" },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "system:serviceaccounts" }],
  };
  await api.apply(binding, "clusterrolebindings");
}
