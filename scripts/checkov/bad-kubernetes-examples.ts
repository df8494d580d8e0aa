import { ClusterRoleBindingV1 } from "@cdktf/provider-kubernetes/lib/cluster-role-binding-v1";
import { ClusterRoleV1 } from "@cdktf/provider-kubernetes/lib/cluster-role-v1";
import type { TerraformElement } from "cdktf";
import type { Construct } from "constructs";
import { TokenRequestGrant } from "../../constructs/jobs/token-request-grant";
import { vaultAt } from "../../constructs/server/vault";
import { InjectedDeployment } from "../../constructs/delivery/injected-deployment";
import { workloadIdentity } from "../../constructs/delivery/workload-identity";
import { WorkloadServiceAccount } from "../../constructs/delivery/workload-service-account";
import type { BadExample } from "./bad-example";

const POD = "spec.template.spec";
const CONTAINER = `${POD}.container.0`;
const SECURITY = `${CONTAINER}.security_context`;
const identity = workloadIdentity({ service: "orders", namespace: "production" });

/** One bad example per Kubernetes check: a service of the project with one part missing or wrong. */
export const BAD_KUBERNETES_EXAMPLES: Readonly<Record<string, BadExample>> = {
  CKV_K8S_8: deploymentWith(`${CONTAINER}.liveness_probe`, undefined),
  CKV_K8S_9: deploymentWith(`${CONTAINER}.readiness_probe`, undefined),
  CKV_K8S_10: deploymentWith(`${CONTAINER}.resources.requests.cpu`, undefined),
  CKV_K8S_11: deploymentWith(`${CONTAINER}.resources.limits.cpu`, undefined),
  CKV_K8S_12: deploymentWith(`${CONTAINER}.resources.limits.memory`, undefined),
  CKV_K8S_13: deploymentWith(`${CONTAINER}.resources.requests.memory`, undefined),
  CKV_K8S_14: deploymentWith(`${CONTAINER}.image`, "myorg/orders:latest"),
  CKV_K8S_15: deploymentWith(`${CONTAINER}.image_pull_policy`, "IfNotPresent"),
  CKV_K8S_16: deploymentWith(`${SECURITY}.privileged`, true),
  CKV_K8S_17: deploymentWith(`${POD}.host_pid`, true),
  CKV_K8S_18: deploymentWith(`${POD}.host_ipc`, true),
  CKV_K8S_19: deploymentWith(`${POD}.host_network`, true),
  CKV_K8S_20: deploymentWith(`${SECURITY}.allow_privilege_escalation`, true),
  CKV_K8S_21: deploymentWith("metadata.namespace", "default"),
  CKV_K8S_22: deploymentWith(`${SECURITY}.read_only_root_filesystem`, false),
  CKV_K8S_23: asRoot,
  CKV_K8S_25: deploymentWith(`${SECURITY}.capabilities.add`, ["NET_ADMIN"]),
  CKV_K8S_28: deploymentWith(`${SECURITY}.capabilities.drop.0`, "CHOWN"),
  CKV_K8S_29: deploymentWith(SECURITY, undefined),
  CKV_K8S_30: deploymentWith(SECURITY, undefined),
  CKV_K8S_31: withoutSeccomp,
  CKV_K8S_35: deploymentWith(`${CONTAINER}.env`, [
    { name: "API_KEY", value_from: { secret_key_ref: { name: "orders", key: "api_key" } } },
  ]),
  CKV_K8S_37: deploymentWith(`${SECURITY}.capabilities.drop.0`, "NET_RAW"),
  CKV_K8S_38: deploymentWith(`${POD}.automount_service_account_token`, true),
  CKV_K8S_39: deploymentWith(`${SECURITY}.capabilities.add`, ["SYS_ADMIN"]),
  CKV_K8S_40: deploymentWith(`${SECURITY}.run_as_user`, "1000"),
  CKV_K8S_41: defaultServiceAccount,
  CKV_K8S_42: (scope) => tokenGrant(scope, "Binding", "subject.0.name", "default"),
  CKV_K8S_43: (scope) => deployment(scope),
  CKV_K8S_49: (scope) => tokenGrant(scope, "Resource", "rule.0.verbs", ["*"]),
  CKV_K8S_155: roleOver("admissionregistration.k8s.io", "mutatingwebhookconfigurations", "update"),
  CKV_K8S_156: roleOver("certificates.k8s.io", "certificatesigningrequests/approval", "update"),
  CKV_K8S_157: roleOver("rbac.authorization.k8s.io", "rolebindings", "bind"),
  CKV_K8S_158: roleOver("rbac.authorization.k8s.io", "clusterroles", "escalate"),
  CKV2_K8S_1: bindingTo("rbac.authorization.k8s.io", "clusterrolebindings", "bind"),
  CKV2_K8S_2: bindingTo("", "pods/exec", "create"),
  CKV2_K8S_3: bindingTo("", "serviceaccounts", "impersonate"),
  CKV2_K8S_4: bindingTo("", "services/status", "update"),
  CKV2_K8S_5: bindingTo("", "secrets", "list"),
  // The example has no network policy.
  CKV2_K8S_6: (scope) => deployment(scope),
};

function deployment(scope: Construct): TerraformElement {
  const service = new InjectedDeployment(scope, "Service", {
    vault: vaultAt(),
    identity,
    image: "myorg/orders:v1.2.3",
    command: ["/app/orders"],
  });
  service.injection.addKeyValue("config", {
    path: "orders/config",
    variables: { API_KEY: "api_key" },
  });
  return service.deployment;
}

function deploymentWith(path: string, value: unknown): BadExample {
  return (scope) => changed(deployment(scope), path, value);
}

function changed(element: TerraformElement, path: string, value: unknown): TerraformElement {
  element.addOverride(path, value);
  return element;
}

function asRoot(scope: Construct): TerraformElement {
  const element = deployment(scope);
  for (const place of [`${POD}.security_context`, SECURITY]) {
    element.addOverride(`${place}.run_as_non_root`, false);
    element.addOverride(`${place}.run_as_user`, "0");
  }
  return element;
}

function withoutSeccomp(scope: Construct): TerraformElement {
  const element = deployment(scope);
  for (const place of [`${POD}.security_context`, SECURITY]) {
    element.addOverride(`${place}.seccomp_profile`, undefined);
  }
  return element;
}

function defaultServiceAccount(scope: Construct): TerraformElement {
  const { serviceAccount } = new WorkloadServiceAccount(scope, "ServiceAccount", { identity });
  serviceAccount.addOverride("automount_service_account_token", true);
  return changed(serviceAccount, "metadata.name", "default");
}

/** A grant that lets another ServiceAccount act as the service's. */
function tokenGrant(scope: Construct, child: string, path: string, value: unknown): TerraformElement {
  const grant = new TokenRequestGrant(scope, "Grant", {
    serviceAccount: identity.serviceAccount,
    to: { kind: "ServiceAccount", name: "external-secrets", namespace: "external-secrets" },
  });
  return changed(grant.node.findChild(child) as TerraformElement, path, value);
}

function roleOver(apiGroup: string, resource: string, verb: string): BadExample {
  return (scope) => clusterRole(scope, apiGroup, resource, verb);
}

function clusterRole(scope: Construct, apiGroup: string, resource: string, verb: string): ClusterRoleV1 {
  return new ClusterRoleV1(scope, "Role", {
    metadata: { name: scope.node.id.toLowerCase() },
    rule: [{ apiGroups: [apiGroup], resources: [resource], verbs: [verb] }],
  });
}

/** Binds the role to a ServiceAccount. */
function bindingTo(apiGroup: string, resource: string, verb: string): BadExample {
  return (scope) => {
    const { name } = clusterRole(scope, apiGroup, resource, verb).metadata;
    return new ClusterRoleBindingV1(scope, "Binding", {
      metadata: { name },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
      subject: [{ kind: "ServiceAccount", ...identity.serviceAccount }],
    });
  };
}
