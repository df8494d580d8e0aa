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
 * Who a workload is to Vault: the role by which its ServiceAccount logs in. A Kubernetes auth role of the config
 * layer is one; the workloads layer knows it by its names alone.
 */
export interface WorkloadIdentity {
  /** Role of the Kubernetes auth mount. */
  readonly roleName: string;
  /** Path of the Kubernetes auth mount, without `auth/`. */
  readonly authPath: string;
  /** Audience that the role asks for; a token with another one is refused. */
  readonly audience: string;
  /** The one ServiceAccount that the role admits. */
  readonly serviceAccount: { readonly name: string; readonly namespace: string };
  /** How long a login lasts without being renewed. */
  readonly tokenTtl: Duration;
}

export interface WorkloadIdentityAttributes {
  /** Name of the service, of its role and of its ServiceAccount. */
  readonly service: string;
  readonly namespace: string;
  /** @default kubernetes */
  readonly authPath?: string;
  /** @default vault */
  readonly audience?: string;
  /** @default - 1h, the article's */
  readonly tokenTtl?: Duration;
}

const ATTRIBUTES = object<WorkloadIdentityAttributes>(() => ({
  service: text,
  namespace: text,
  authPath: text.optional(),
  audience: text.optional(),
  tokenTtl: duration.optional(),
}));

/** The identity of a service whose role another stack makes: role and ServiceAccount have the service's name. */
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
 * Vault refuses a token of another audience only when the pod starts, so the two are compared here.
 * @throws ValidationError when the audience of the token is not the one that the identity's role asks for
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
 * The same for the namespace of Vault Enterprise: a login in another one meets no role, or somebody else's.
 * @throws ValidationError when the identity's role is not in the namespace in which the clients of this Vault log in
 */
export function requireLoginNamespace(scope: IConstruct, vault: IVault, identity: WorkloadIdentity): void {
  const { enterpriseNamespace = "" } = vault;
  const namespace = Construct.isConstruct(identity) ? namespaceOf(identity) : "";
  // Terraform itself may log in to one, from which that of the role is named.
  if (namespace === "" || `/${enterpriseNamespace}`.endsWith(`/${namespace}`)) return;
  throw new ValidationError(
    scope,
    `enterpriseNamespace of the Vault must be that of role ${identity.roleName}, ${namespace}, got ${describeNamespace(enterpriseNamespace)}`,
  );
}
