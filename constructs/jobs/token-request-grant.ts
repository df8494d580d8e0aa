import { RoleBindingV1 } from "@cdktf/provider-kubernetes/lib/role-binding-v1";
import { RoleV1 } from "@cdktf/provider-kubernetes/lib/role-v1";
import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { checkProps, object } from "../core/field";
import { serviceAccount as SERVICE_ACCOUNT } from "../core/fields";
import { received } from "../core/received";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";
import { subject as SUBJECT } from "../server/fields";

/** RBAC subject of Kubernetes: a group, a user or a ServiceAccount. */
export type Subject =
  | { readonly kind: "Group" | "User"; readonly name: string }
  | { readonly kind: "ServiceAccount"; readonly name: string; readonly namespace: string };

/** Properties of `TokenRequestGrant`. */
export interface TokenRequestGrantProps {
  /** ServiceAccount of the tokens. */
  readonly serviceAccount: { readonly namespace: string; readonly name: string };
  /** Subject that may request the tokens. */
  readonly to: Subject;
}

const PROPS = object<TokenRequestGrantProps>(() => ({
  serviceAccount: SERVICE_ACCOUNT,
  to: SUBJECT,
}));

/** Built-in groups with automatic membership, such as all ServiceAccounts of a namespace. */
const EVERYBODY = /^system:(authenticated|unauthenticated|serviceaccounts)(:|$)/;

/**
 * Allows a subject to request short-lived tokens of one ServiceAccount, and thus to act as that ServiceAccount.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/token-request-v1/
 * @throws ValidationError for a built-in group with automatic membership: every pod could act as the ServiceAccount
 */
export class TokenRequestGrant extends LibraryConstruct {
  constructor(scope: Construct, id: string, props: TokenRequestGrantProps) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const { serviceAccount, to } = props;
    if (isLiteral(to.name) && to.kind !== "ServiceAccount" && EVERYBODY.test(to.name)) {
      throw new ValidationError(
        this,
        `to must be a group of people or a pipeline, not one that everybody is in, got ${received(to.name)}`,
      );
    }
    const metadata = { name: `${serviceAccount.name}-token`, namespace: serviceAccount.namespace };
    new RoleV1(this, "Resource", {
      metadata,
      rule: [
        {
          apiGroups: [""],
          resources: ["serviceaccounts/token"],
          resourceNames: [serviceAccount.name],
          verbs: ["create"],
        },
      ],
    });
    new RoleBindingV1(this, "Binding", {
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: metadata.name },
      subject: [subjectOf(to)],
    });
  }
}

/** Returns a subject in the form of a RoleBinding. */
export function subjectOf(subject: Subject) {
  return subject.kind === "ServiceAccount"
    ? { kind: subject.kind, name: subject.name, namespace: subject.namespace }
    : { kind: subject.kind, name: subject.name, apiGroup: "rbac.authorization.k8s.io" };
}
