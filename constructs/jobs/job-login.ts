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

/** How a job logs in to Vault. */
export interface JobLoginProps {
  /**
   * Kubernetes auth mount at which the job logs in, by the role of its ServiceAccount's name. One that another stack
   * creates is `KubernetesAuth.fromAttributes({ path })`.
   * @default - the mount kubernetes, as of KubernetesAuth
   */
  readonly auth?: IKubernetesAuth;
}

/** How a job logs in to Vault, and where it finds the canary. */
export interface CanaryProps extends JobLoginProps {
  /**
   * KV engine that has the canary, `vault-platform/canary`. One that another stack creates is
   * `KeyValueEngine.fromAttributes(scope, id, { path })`.
   * @default - the engine secret, as of KeyValueEngine
   */
  readonly keyValue?: IKeyValueEngine;
}

export const jobLoginFields: Fields<JobLoginProps> = { auth: authMount.optional() };

export const canaryFields: Fields<CanaryProps> = { ...jobLoginFields, keyValue: keyValueEngine.optional() };

export const jobLogin = object<JobLoginProps>(() => jobLoginFields);

export const canaryMounts = object<CanaryProps>(() => canaryFields);

/** Secret by which restored data is recognised. */
const CANARY_PATH = "vault-platform/canary";

/**
 * Variables for `login` of a job's script.
 * @throws ValidationError for a mount of a namespace of Vault Enterprise: jobs log in to the root namespace
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
 * The same, and where the canary is.
 * @throws ValidationError for an engine of a namespace of Vault Enterprise, too
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

/** What `counts.sh` reads. */
export function countRules(props: JobLoginProps): PolicyRule[] {
  return [
    { path: "sys/mounts", capabilities: ["read"], reason: "counts mounts" },
    { path: "sys/auth", capabilities: ["read"], reason: "counts auth mounts" },
    { path: "sys/policies/acl", capabilities: ["list"], reason: "counts policies" },
    { path: `auth/${authPathOf(props)}/role`, capabilities: ["list"], reason: "counts roles" },
  ];
}

/** What a restored copy is recognised by. */
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
