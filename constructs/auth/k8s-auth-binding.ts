import { KubernetesAuthBackendRole } from "@cdktf/provider-vault/lib/kubernetes-auth-backend-role";
import type { Construct } from "constructs";
import type { ServiceAccountReference } from "../aws/irsa-role";
import { checkProps, object, text } from "../core/field";
import { serviceAccount } from "../core/fields";
import { importResource, unlessImported } from "../core/import-existing";
import { received } from "../core/received";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";
import { AuthRole, type AuthRoleProps } from "./auth-role";
import { authMount, authRole } from "./fields";
import type { IKubernetesAuth } from "./kubernetes-auth";

/** ServiceAccount, mount and token settings of a `K8sAuthBinding`. */
export interface K8sAuthBindingProps extends AuthRoleProps {
  /** Mount that the pods log in to. */
  readonly auth: IKubernetesAuth;
  /** ServiceAccount of the workload. Only its pods may log in. */
  readonly serviceAccount: ServiceAccountReference;
  /** Name of the role and of its policy. @default - the ServiceAccount's name */
  readonly roleName?: string;
  /**
   * Audience that the pod's token must have. Kubernetes does not add it to a pod's default token, so Vault rejects a
   * token that another service obtained. If you add an audience to an existing role, Vault rejects pods that log in
   * with their default token.
   * @default - vault; an imported role keeps its own audience or none, and pods request vault
   */
  readonly audience?: string;
}

const PROPS = object<K8sAuthBindingProps>(() => ({
  ...authRole,
  auth: authMount,
  serviceAccount,
  roleName: text.optional(),
  audience: text.optional(),
}));

/**
 * Lets one Kubernetes workload log in to Vault. It creates a role for exactly one ServiceAccount, and a policy that
 * contains only the grants to the workload.
 * @see https://developer.hashicorp.com/vault/docs/auth/kubernetes#configuration
 * @throws ValidationError for a wildcard, an empty audience, a role that is taken, ttl above maxTtl, and either above
 * the mount's maximum
 */
export class K8sAuthBinding extends AuthRole {
  /** Audience that the pod's token must have. */
  readonly audience: string;
  /** ServiceAccount that may log in. */
  readonly serviceAccount: ServiceAccountReference;

  constructor(scope: Construct, id: string, props: K8sAuthBindingProps) {
    const path = `${scope.node.path}/${id}`;
    checkProps(path, PROPS, props);
    const { auth, serviceAccount, audience = "vault", roleName = serviceAccount.name } = props;
    requireOneServiceAccount(path, serviceAccount);
    super(scope, id, { auth, roleName }, props);
    this.audience = audience;
    this.serviceAccount = serviceAccount;
    const role = new KubernetesAuthBackendRole(this, "Resource", {
      backend: auth.pathReference,
      roleName,
      boundServiceAccountNames: [serviceAccount.name],
      boundServiceAccountNamespaces: [serviceAccount.namespace],
      audience: props.audience ?? unlessImported(props, audience),
      // A deleted and recreated ServiceAccount is another identity.
      aliasNameSource: unlessImported(props, "serviceaccount_uid"),
      ...this.tokenSettings,
    });
    if (props.importExisting) importResource(role, `auth/${auth.path}/role/${roleName}`);
  }
}

function requireOneServiceAccount(path: string, { namespace, name }: ServiceAccountReference): void {
  for (const [prop, value] of Object.entries({ namespace, name })) {
    if (isLiteral(value) && !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(value)) {
      throw new ValidationError(
        path,
        `serviceAccount.${prop} must be one exact Kubernetes name without wildcards, got ${received(value)}`,
      );
    }
  }
}
