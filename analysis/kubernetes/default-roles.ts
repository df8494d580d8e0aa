import type { KubernetesObject } from "./objects";

/**
 * ClusterRoles that every API server creates, except those of the controllers. A line without indentation is a name.
 * Its rules follow: verbs, API groups, resources and names of objects, or verbs and URLs.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#default-roles-and-role-bindings
 */
const RULES = `
cluster-admin
  * | * | *
  * | *
system:aggregate-to-admin
  create | authorization.k8s.io | localsubjectaccessreviews
  create delete deletecollection get list patch update watch | rbac.authorization.k8s.io | rolebindings roles
system:aggregate-to-edit
  get list watch | core | pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy
  impersonate | core | serviceaccounts
  create delete deletecollection patch update | core | pods pods/attach pods/exec pods/portforward pods/proxy
  create | core | pods/eviction
  create delete deletecollection patch update | core | configmaps events persistentvolumeclaims replicationcontrollers replicationcontrollers/scale secrets serviceaccounts services services/proxy
  create | core | serviceaccounts/token
  create delete deletecollection patch update | apps | daemonsets deployments deployments/rollback deployments/scale replicasets replicasets/scale statefulsets statefulsets/scale
  create delete deletecollection patch update | autoscaling | horizontalpodautoscalers
  create delete deletecollection patch update | batch | cronjobs jobs
  create delete deletecollection patch update | extensions | daemonsets deployments deployments/rollback deployments/scale ingresses networkpolicies replicasets replicasets/scale replicationcontrollers/scale
  create delete deletecollection patch update | policy | poddisruptionbudgets
  create delete deletecollection patch update | networking.k8s.io | ingresses networkpolicies
  create delete deletecollection get list patch update watch | coordination.k8s.io | leases
  create delete deletecollection patch update | resource.k8s.io | resourceclaims resourceclaimtemplates
system:aggregate-to-view
  get list watch | core | configmaps endpoints persistentvolumeclaims persistentvolumeclaims/status pods replicationcontrollers replicationcontrollers/scale serviceaccounts services services/status
  get list watch | core | bindings events limitranges namespaces/status pods/log pods/status replicationcontrollers/status resourcequotas resourcequotas/status
  get list watch | core | namespaces
  get list watch | discovery.k8s.io | endpointslices
  get list watch | apps | controllerrevisions daemonsets daemonsets/status deployments deployments/scale deployments/status replicasets replicasets/scale replicasets/status statefulsets statefulsets/scale statefulsets/status
  get list watch | autoscaling | horizontalpodautoscalers horizontalpodautoscalers/status
  get list watch | batch | cronjobs cronjobs/status jobs jobs/status
  get list watch | extensions | daemonsets daemonsets/status deployments deployments/scale deployments/status ingresses ingresses/status networkpolicies replicasets replicasets/scale replicasets/status replicationcontrollers/scale
  get list watch | policy | poddisruptionbudgets poddisruptionbudgets/status
  get list watch | networking.k8s.io | ingresses ingresses/status networkpolicies
  get list watch | resource.k8s.io | resourceclaims resourceclaims/status resourceclaimtemplates
system:auth-delegator
  create | authentication.k8s.io | tokenreviews
  create | authorization.k8s.io | subjectaccessreviews
system:basic-user
  create | authorization.k8s.io | selfsubjectaccessreviews selfsubjectrulesreviews
  create | authentication.k8s.io | selfsubjectreviews
system:certificates.k8s.io:certificatesigningrequests:nodeclient
  create | certificates.k8s.io | certificatesigningrequests/nodeclient
system:certificates.k8s.io:certificatesigningrequests:selfnodeclient
  create | certificates.k8s.io | certificatesigningrequests/selfnodeclient
system:certificates.k8s.io:kube-apiserver-client-approver
  approve | certificates.k8s.io | signers | kubernetes.io/kube-apiserver-client
system:certificates.k8s.io:kube-apiserver-client-kubelet-approver
  approve | certificates.k8s.io | signers | kubernetes.io/kube-apiserver-client-kubelet
system:certificates.k8s.io:kubelet-serving-approver
  approve | certificates.k8s.io | signers | kubernetes.io/kubelet-serving
system:certificates.k8s.io:legacy-unknown-approver
  approve | certificates.k8s.io | signers | kubernetes.io/legacy-unknown
system:discovery
  get | /api /api/* /apis /apis/* /healthz /livez /openapi /openapi/* /readyz /version /version/
system:kube-aggregator
  get list watch | core | endpoints services
system:kubelet-api-admin
  get list watch | core | nodes
  proxy | core | nodes
  * | core | nodes/log nodes/metrics nodes/proxy nodes/stats
  * | core | nodes/configz nodes/healthz nodes/pods
system:monitoring
  get | /healthz /healthz/* /livez /livez/* /metrics /metrics/slis /readyz /readyz/*
  get | core | nodes/metrics
system:node
  create | authentication.k8s.io | tokenreviews
  create | authorization.k8s.io | localsubjectaccessreviews subjectaccessreviews
  get list watch | core | services
  create get list watch | core | nodes
  patch update | core | nodes/status
  patch update | core | nodes
  create patch update | core | events
  get list watch | core | pods
  create delete | core | pods
  patch update | core | pods/status
  create | core | pods/eviction
  get list watch | core | configmaps secrets
  get | core | persistentvolumeclaims persistentvolumes
  get | core | endpoints
  create get list watch | certificates.k8s.io | certificatesigningrequests
  create delete get patch update | coordination.k8s.io | leases
  get | storage.k8s.io | volumeattachments
  create | core | serviceaccounts/token
  get patch update | core | persistentvolumeclaims/status
  get list watch | storage.k8s.io | csidrivers
  create delete get patch update | storage.k8s.io | csinodes
  get list watch | node.k8s.io | runtimeclasses
  get | resource.k8s.io | resourceclaims
  deletecollection | resource.k8s.io | resourceslices
  get | core | serviceaccounts
system:node-bootstrapper
  create get list watch | certificates.k8s.io | certificatesigningrequests
system:node-proxier
  list watch | core | endpoints services
  get list watch | core | nodes
  create patch update | core events.k8s.io | events
  list watch | networking.k8s.io | servicecidrs
  list watch | discovery.k8s.io | endpointslices
system:persistent-volume-provisioner
  create delete get list watch | core | persistentvolumes
  get list update watch | core | persistentvolumeclaims
  get list watch | storage.k8s.io | storageclasses
  watch | core | events
  create patch update | core events.k8s.io | events
system:public-info-viewer
  get | /healthz /livez /readyz /version /version/
system:service-account-issuer-discovery
  get | /.well-known/openid-configuration /.well-known/openid-configuration/ /openid/v1/jwks /openid/v1/jwks/
`;

/** ClusterRoles that collect the rules of others, with the role that collects them in turn. */
const AGGREGATED: readonly [name: string, collectedBy?: string][] = [
  ["admin"],
  ["edit", "admin"],
  ["view", "edit"],
];

/** Bindings that every API server creates for all users. */
const BINDINGS: readonly [role: string, ...groups: string[]][] = [
  ["cluster-admin", "system:masters"],
  ["system:basic-user", "system:authenticated"],
  ["system:discovery", "system:authenticated"],
  ["system:monitoring", "system:monitoring"],
  ["system:public-info-viewer", "system:authenticated", "system:unauthenticated"],
  ["system:service-account-issuer-discovery", "system:serviceaccounts"],
];

const GROUP = "rbac.authorization.k8s.io";

/** Label that makes a ClusterRole part of another. */
function aggregateTo(role: string): string {
  return `${GROUP}/aggregate-to-${role}`;
}

/** ClusterRoles and ClusterRoleBindings that a cluster has from its start. */
export const DEFAULT_OBJECTS: readonly KubernetesObject[] = [
  ...rolesOf(RULES),
  ...AGGREGATED.map(([name, collectedBy]) =>
    make("ClusterRole", name, {
      metadata: { name, labels: collectedBy === undefined ? {} : { [aggregateTo(collectedBy)]: "true" } },
      aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [aggregateTo(name)]: "true" } }] },
    }),
  ),
  ...BINDINGS.map(([role, ...groups]) =>
    make("ClusterRoleBinding", role, {
      metadata: { name: role },
      roleRef: { apiGroup: GROUP, kind: "ClusterRole", name: role },
      subjects: groups.map((name) => ({ kind: "Group", apiGroup: GROUP, name })),
    }),
  ),
];

function rolesOf(table: string): KubernetesObject[] {
  const roles: { name: string; rules: object[] }[] = [];
  for (const line of table.trim().split("\n")) {
    if (line.startsWith("  ")) roles[roles.length - 1].rules.push(ruleOf(line));
    else roles.push({ name: line, rules: [] });
  }
  return roles.map(({ name, rules }) => {
    const [, collector] = /^system:aggregate-to-(\w+)$/.exec(name) ?? [];
    const labels = collector === undefined ? {} : { [aggregateTo(collector)]: "true" };
    return make("ClusterRole", name, { metadata: { name, labels }, rules });
  });
}

function ruleOf(line: string): object {
  const [verbs, second, resources, resourceNames] = line.split(" | ").map((part) => part.trim().split(" "));
  if (resources === undefined) return { verbs, nonResourceURLs: second };
  const apiGroups = second.map((group) => (group === "core" ? "" : group));
  return { verbs, apiGroups, resources, ...(resourceNames && { resourceNames }) };
}

function make(kind: string, name: string, body: KubernetesObject["body"]): KubernetesObject {
  return { apiVersion: `${GROUP}/v1`, kind, name, body };
}
