import type { KubernetesApi } from "../kubernetes";
import { emulatorUrl } from "./node";

const NAME = "pod-identity";
const ROLE = "eks.amazonaws.com/role-arn";
const API = "admissionregistration.k8s.io/v1beta1";

/**
 * Environment variables for pods that have a role at their ServiceAccount. The emulator accepts any identity, so these
 * are not secret. The role's trust policy is not evaluated, so the node cannot show errors in it.
 */
const VARIABLES = {
  AWS_ENDPOINT_URL: emulatorUrl,
  // Vault's KMS client supports only this variable.
  AWS_KMS_ENDPOINT: emulatorUrl,
  AWS_ACCESS_KEY_ID: "emulator",
  AWS_SECRET_ACCESS_KEY: "emulator",
};

/**
 * Does the work of EKS's webhook with a policy of the API server. The policy reads the role at the pod's ServiceAccount
 * and adds an identity to the containers. It also adds the emulator's address.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html
 */
export async function applyPodIdentity(api: KubernetesApi): Promise<void> {
  const policy = {
    apiVersion: API,
    kind: "MutatingAdmissionPolicy",
    metadata: { name: NAME },
    spec: {
      paramKind: { apiVersion: "v1", kind: "ServiceAccount" },
      matchConstraints: {
        resourceRules: [
          { apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] },
        ],
      },
      matchConditions: [
        { name: "own-account", expression: "params.metadata.name == object.spec.serviceAccountName" },
        {
          name: "has-role",
          expression: `has(params.metadata.annotations) && "${ROLE}" in params.metadata.annotations`,
        },
      ],
      failurePolicy: "Fail",
      reinvocationPolicy: "IfNeeded",
      mutations: [
        {
          patchType: "ApplyConfiguration",
          applyConfiguration: {
            expression: `Object{spec: Object.spec{containers: ${forEach("containers")}}}`,
          },
        },
        {
          patchType: "ApplyConfiguration",
          applyConfiguration: {
            expression: `has(object.spec.initContainers) ? Object{spec: Object.spec{initContainers: ${forEach("initContainers")}}} : Object{}`,
          },
        },
      ],
    },
  };
  const bound = {
    apiVersion: API,
    kind: "MutatingAdmissionPolicyBinding",
    metadata: { name: NAME },
    // Without a namespace this selects the ServiceAccounts of the pod's namespace.
    spec: { policyName: NAME, paramRef: { selector: {}, parameterNotFoundAction: "Allow" } },
  };
  await api.apply(policy, "mutatingadmissionpolicies");
  await api.apply(bound, "mutatingadmissionpolicybindings");
}

function forEach(list: "containers" | "initContainers"): string {
  const type = `Object.spec.${list}`;
  const variables = Object.entries(VARIABLES).map(
    ([name, value]) => `${type}.env{name: "${name}", value: "${value}"}`,
  );
  return `object.spec.${list}.map(it, ${type}{name: it.name, env: [${variables.join(", ")}]})`;
}
