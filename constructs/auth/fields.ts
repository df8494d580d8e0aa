import {
  type Field,
  type Fields,
  anyText,
  anything,
  flag,
  list,
  object,
  oneOf,
  record,
  reference,
  text,
} from "../core/field";
import { construct, duration, having, method } from "../core/fields";
import { importExistingFields } from "../core/import-existing";
import type { AuthMountTtlProps, IAuthMount } from "./auth-mount";
import type { AuthRoleProps } from "./auth-role";
import type { AwsAuth } from "./aws-auth";
import type { IPolicyTarget } from "./policy-target";
import type { GrantScope } from "./in-namespaces";
import type { JwtAuth } from "./jwt-auth";
import type { OidcAuth } from "./oidc-auth";
import type { OidcGroup } from "./oidc-group";
import type { IPasswordPolicy } from "./password-policy";
import type { IPolicy, Policy } from "./policy";
import { CAPABILITIES, type IGrantee, type PolicyRule } from "./policy-rule";

/** Field for an auth mount. */
export const authMount = reference<IAuthMount>(
  "an auth mount, such as a KubernetesAuth or KubernetesAuth.fromAttributes(...)",
  () => ({ path: text, pathReference: text, maxTtl: duration }),
);

/** Field for an AWS auth mount. */
export const awsAuth = having<AwsAuth>("an AwsAuth", "backend", "pathReference");

/** Field for a JWT auth mount. */
export const jwtAuth = having<JwtAuth>("a JwtAuth", "backend", "pathReference");

/** Field for an OIDC auth mount. */
export const oidcAuth = having<OidcAuth>("an OidcAuth", "backend", "admit");

/** Field for a group of an identity provider. */
export const oidcGroup = having<OidcGroup>("an OidcGroup", "identityGroups");

/** Field for a policy. */
export const policy = reference<IPolicy>("a policy, such as Policy.fromPolicyName(...)", () => ({
  policyName: text,
  policyReference: text,
}));

/** Field for a password policy. */
export const passwordPolicy = reference<IPasswordPolicy>(
  "a password policy, such as PasswordPolicy.fromPasswordPolicyName(...)",
  () => ({ passwordPolicyName: text, reference: text }),
);

/** Field for a construct that can receive grants. */
export const grantee = reference<IGrantee>("a grantee, such as a K8sAuthBinding", () => ({
  node: anything as Field<IGrantee["node"]>,
  grant: method,
  tokenMaxTtl: duration,
  isPeriodic: flag,
}));

const parameters = record(list(anyText).known());

/** Field for one rule of a policy. */
export const policyRule = object<PolicyRule>(() => ({
  path: text,
  capabilities: list(oneOf(...CAPABILITIES)).known(),
  reason: text,
  grantedBy: construct.optional(),
  namespace: text.optional(),
  allowedParameters: parameters.optional(),
  deniedParameters: parameters.optional(),
  requiredParameters: list(text).known().optional(),
  allowSudo: flag.optional(),
  allowEveryMount: flag.optional(),
  narrows: flag.optional(),
}));

/** Field for the configured parts of Vault, as the access levels take them. */
export const configured = list(
  reference<IPolicyTarget>("a part of Vault, such as a KeyValueEngine", () => ({
    configurationPaths: list(text),
    secretPaths: list(text),
    inventoryPaths: list(text).optional(),
  })),
);

/** Field for the namespaces of a grant. */
export const grantScope = object<GrantScope>(() => ({ namespacesBelow: text.optional() }));

/** Field for the policy that contains the grants of a role or group. */
export const ownPolicy = having<Policy>("a Policy", "policyName", "addCustomRule");

/** Fields for the TTLs of an auth mount. */
export const authMountTtls: Fields<AuthMountTtlProps> = {
  ...importExistingFields,
  defaultTtl: duration.optional(),
  maxTtl: duration.optional(),
};

/** Fields that the roles of all auth methods share. */
export const authRole: Fields<AuthRoleProps> = {
  ...importExistingFields,
  ttl: duration.optional(),
  maxTtl: duration.optional(),
  period: duration.optional(),
  additionalPolicies: list(policy).optional(),
  policy: ownPolicy.optional(),
};
