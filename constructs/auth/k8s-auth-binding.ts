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

export interface K8sAuthBindingProps extends AuthRoleProps {
  readonly auth: IKubernetesAuth;
  /** The one ServiceAccount whose pods may log in. */
  readonly serviceAccount: ServiceAccountReference;
  /** Name of the role and of its policy. @default - the ServiceAccount's name */
  readonly roleName?: string;
  /**
   * Audience that the pod's token must have. Kubernetes does not put it into a pod's default token, so a token that
   * another service got hold of does not open Vault. Adding one to an existing role refuses pods that log in with
   * their default token.
   * @default - vault; an imported role keeps its own, or none, and pods ask for vault
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
 * The identity of one workload in Vault: a role for exactly one ServiceAccount, with a policy of its own that holds
 * what the workload was granted.
 * @see https://developer.hashicorp.com/vault/docs/auth/kubernetes#configuration
 * @throws ValidationError for a wildcard, an empty audience, a role that is taken, ttl above maxTtl or either above
 * the mount's
 */
export class K8sAuthBinding extends AuthRole {
  readonly audience: string;
  readonly serviceAccount: ServiceAccountReference;

  constructor(scope: Construct, id: string, props: K8sAuthBindingProps) {
    const path = `${scope.node.path}/${id}`;
    checkProps(path, PROPS, props);
    const { auth, serviceAccount, audience = "vault", roleName = serviceAccount.name } = props;
    requireOneServiceAccount(path, serviceAccount);
    const subject = `ServiceAccount ${serviceAccount.namespace}/${serviceAccount.name}`;
    super(scope, id, { auth, roleName, subject }, props);
    this.audience = audience;
    this.serviceAccount = serviceAccount;
    const role = new KubernetesAuthBackendRole(this, "Resource", {
      backend: auth.pathReference,
      roleName,
      boundServiceAccountNames: [serviceAccount.name],
      boundServiceAccountNamespaces: [serviceAccount.namespace],
      audience: props.audience ?? unlessImported(props, audience),
      // A ServiceAccount that is deleted and made anew is another identity.
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
