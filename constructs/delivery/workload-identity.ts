import { Construct, type IConstruct } from "constructs";
import type { IVault } from "../server/vault";
import { Duration } from "../core/duration";
import { checkProps, object, text } from "../core/field";
import { duration } from "../core/fields";
import { received } from "../core/received";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";
import { describeNamespace, namespaceOf } from "../core/vault-scope";

/**
 * Identity of a workload in Vault: the role with which its ServiceAccount logs in. A Kubernetes auth role of the config
 * layer is one; the workloads layer knows it only by its names.
 */
export interface WorkloadIdentity {
  /** Role of the Kubernetes auth mount. */
  readonly roleName: string;
  /** Path of the Kubernetes auth mount, without `auth/`. */
  readonly authPath: string;
  /** Audience that the role requires; a token with another audience is rejected. */
  readonly audience: string;
  /** The only ServiceAccount that the role accepts. */
  readonly serviceAccount: { readonly name: string; readonly namespace: string };
  /** TTL of a login that is not renewed. */
  readonly tokenTtl: Duration;
}

/** Attributes of an identity with a role from another stack. */
export interface WorkloadIdentityAttributes {
  /** Name of the service, of its role and of its ServiceAccount. */
  readonly service: string;
  /** Namespace of the ServiceAccount. */
  readonly namespace: string;
  /** Path of the Kubernetes auth mount, without `auth/`. @default kubernetes */
  readonly authPath?: string;
  /** Audience that the role requires. @default vault */
  readonly audience?: string;
  /** TTL of a login that is not renewed. @default 1h - as in the article */
  readonly tokenTtl?: Duration;
}

const ATTRIBUTES = object<WorkloadIdentityAttributes>(() => ({
  service: text,
  namespace: text,
  authPath: text.optional(),
  audience: text.optional(),
  tokenTtl: duration.optional(),
}));

/** Identity of a service with a role from another stack: role and ServiceAccount have the service's name. */
export function workloadIdentity(attributes: WorkloadIdentityAttributes): WorkloadIdentity {
  checkProps("workloadIdentity", ATTRIBUTES, attributes);
  const { service, namespace, authPath = "kubernetes", audience = "vault" } = attributes;
  return {
    roleName: service,
    authPath,
    audience,
    serviceAccount: { name: service, namespace },
    tokenTtl: attributes.tokenTtl ?? Duration.hours(1),
  };
}

/**
 * Checks a token's audience. Vault would reject a wrong one only when the pod starts.
 * @throws ValidationError if the token's audience differs from the one that the identity's role requires
 */
export function requireAudience(scope: IConstruct, audience: string, identity: WorkloadIdentity): void {
  if (isLiteral(audience) && isLiteral(identity.audience) && audience !== identity.audience) {
    throw new ValidationError(
      scope,
      `the token's audience must be the one that role ${identity.roleName} asks for, ${identity.audience}, got ${received(audience)}`,
    );
  }
}

/**
 * Checks the Vault Enterprise namespace of a login. In another namespace, the role is missing or belongs to another
 * team.
 * @throws ValidationError if the identity's role is not in the namespace in which clients of this Vault log in
 */
export function requireLoginNamespace(scope: IConstruct, vault: IVault, identity: WorkloadIdentity): void {
  const { enterpriseNamespace = "" } = vault;
  const namespace = Construct.isConstruct(identity) ? namespaceOf(identity) : "";
  // Terraform may log in to a namespace too; the role's namespace is relative to it.
  if (namespace === "" || `/${enterpriseNamespace}`.endsWith(`/${namespace}`)) return;
  throw new ValidationError(
    scope,
    `enterpriseNamespace of the Vault must be that of role ${identity.roleName}, ${namespace}, got ${describeNamespace(enterpriseNamespace)}`,
  );
}
