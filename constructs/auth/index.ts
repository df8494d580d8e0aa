export { grantAdmin, grantAuditor, grantDeploy, grantOperator, grantPlan } from "./access-levels";
export type { AuthMountProps, AuthMountTtlProps, IAuthMount } from "./auth-mount";
export { AuthRole, type AuthRoleProps, type TokenSettings } from "./auth-role";
export { AwsAuth, type AwsAuthProps } from "./aws-auth";
export { AwsAuthRole, type AwsAuthRoleProps } from "./aws-auth-role";
export type { IPolicyTarget as IConfigured } from "./policy-target";
export { GithubAuthRole, type GithubAuthRoleProps } from "./github-auth-role";
export { type GrantScope, inNamespace } from "./in-namespaces";
export type { OidcProviderConfig } from "./identity-providers";
export { GITHUB_ISSUER, JwtAuth, type JwtAuthProps } from "./jwt-auth";
export { K8sAuthBinding, type K8sAuthBindingProps } from "./k8s-auth-binding";
export {
  type IKubernetesAuth,
  KubernetesAuth,
  type KubernetesAuthAttributes,
  type KubernetesAuthProps,
} from "./kubernetes-auth";
export { LoginMfa, type LoginMfaProps } from "./login-mfa";
export { OidcAuth, type OidcAuthProps } from "./oidc-auth";
export { OidcGroup, type OidcGroupProps } from "./oidc-group";
export { type IPasswordPolicy, PasswordPolicy, type PasswordPolicyProps } from "./password-policy";
export type { Grant } from "./grant";
export { type GrantedRule, type IPolicy, Policy, type PolicyProps, grantsOf } from "./policy";
export {
  CAPABILITIES,
  type Capability,
  type IGrantee,
  type ParameterValues,
  type PolicyRule,
} from "./policy-rule";
export { RateLimitQuota, type RateLimitQuotaProps } from "./rate-limit-quota";
export { type LockableMethod, UserLockout, type UserLockoutProps } from "./user-lockout";
