import { Construct } from "constructs";
import { authMount } from "../auth/fields";
import type { IKubernetesAuth } from "../auth/kubernetes-auth";
import type { PolicyRule } from "../auth/policy-rule";
import { type Fields, object } from "../core/field";
import { DEFAULT_KEY_VALUE_MOUNT } from "../core/key-value-path";
import { ValidationError } from "../core/validation-error";
import { describeNamespace, namespaceOf } from "../core/vault-scope";
import { keyValueEngine } from "../engines/fields";
import type { IKeyValueEngine } from "../engines/key-value-engine";

/** Login of a job to Vault. */
export interface JobLoginProps {
  /**
   * Kubernetes auth mount at which the job logs in. The role has the name of the job's ServiceAccount. To reference a
   * mount of another stack, use `KubernetesAuth.fromAttributes(scope, id, { path })`.
   * @default - the mount kubernetes, the default of KubernetesAuth
   */
  readonly auth?: IKubernetesAuth;
}

/** Login of a job to Vault, and location of the canary. */
export interface CanaryProps extends JobLoginProps {
  /**
   * KV secrets engine that contains the canary, `vault-platform/canary`. To reference an engine of another stack, use
   * `KeyValueEngine.fromAttributes(scope, id, { path })`.
   * @default - the mount secret, the default of KeyValueEngine
   */
  readonly keyValue?: IKeyValueEngine;
}

/** Fields of `JobLoginProps`. */
export const jobLoginFields: Fields<JobLoginProps> = { auth: authMount.optional() };

/** Fields of `CanaryProps`. */
export const canaryFields: Fields<CanaryProps> = { ...jobLoginFields, keyValue: keyValueEngine.optional() };

/** Validates `JobLoginProps`. */
export const jobLogin = object<JobLoginProps>(() => jobLoginFields);

/** Validates `CanaryProps`. */
export const canaryMounts = object<CanaryProps>(() => canaryFields);

/** Path of the secret that identifies restored data. */
const CANARY_PATH = "vault-platform/canary";

/**
 * Returns the variables for `login` in a job's script.
 * @throws ValidationError for a mount in a namespace of Vault Enterprise: jobs log in to the root namespace
 */
export function loginEnvironment(
  scope: Construct,
  { auth }: JobLoginProps,
  serviceAccountName: string,
): Record<string, string> {
  requireRootNamespace(scope, "auth", auth);
  return { AUTH_PATH: authPathOf({ auth }), LOGIN_ROLE: serviceAccountName };
}

/**
 * Returns the variables of `loginEnvironment`, and the mount of the canary.
 * @throws ValidationError also for a secrets engine in a namespace of Vault Enterprise
 */
export function canaryEnvironment(
  scope: Construct,
  props: CanaryProps,
  serviceAccountName: string,
): Record<string, string> {
  requireRootNamespace(scope, "keyValue", props.keyValue);
  return {
    ...loginEnvironment(scope, props, serviceAccountName),
    CANARY_MOUNT: canaryMountOf(props),
  };
}

/** Rules for the reads of `counts.sh`. */
export function countRules(props: JobLoginProps): PolicyRule[] {
  return [
    { path: "sys/mounts", capabilities: ["read"], reason: "counts mounts" },
    { path: "sys/auth", capabilities: ["read"], reason: "counts auth mounts" },
    { path: "sys/policies/acl", capabilities: ["list"], reason: "counts policies" },
    { path: `auth/${authPathOf(props)}/role`, capabilities: ["list"], reason: "counts roles" },
  ];
}

/** Rule for reading the canary, which identifies a restored copy. */
export function canaryRule(props: CanaryProps): PolicyRule {
  const path = `${canaryMountOf(props)}/data/${CANARY_PATH}`;
  return { path, capabilities: ["read"], reason: "reads the canary" };
}

function authPathOf({ auth }: JobLoginProps): string {
  return auth ? auth.path : "kubernetes";
}

function canaryMountOf({ keyValue }: CanaryProps): string {
  return keyValue ? keyValue.path : DEFAULT_KEY_VALUE_MOUNT;
}

function requireRootNamespace(scope: Construct, property: string, mount: unknown): void {
  const namespace = Construct.isConstruct(mount) ? namespaceOf(mount) : "";
  if (namespace === "") return;
  throw new ValidationError(
    scope,
    `${property} must be a mount of the root namespace, where jobs log in, got one of ${describeNamespace(namespace)}`,
  );
}
