import { AwsAuthBackendRole } from "@cdktf/provider-vault/lib/aws-auth-backend-role";
import type { Construct } from "constructs";
import { requirePrincipal } from "../aws/policy-document";
import { Duration } from "../core/duration";
import { checkProps, flag, object, text } from "../core/field";
import { AuthRole, type AuthRoleProps } from "./auth-role";
import type { AwsAuth } from "./aws-auth";
import { authRole, awsAuth } from "./fields";

export interface AwsRoleProps extends AuthRoleProps {
  readonly auth: AwsAuth;
  readonly roleName: string;
  /** ARN of the one IAM role or user that may log in. */
  readonly principalArn: string;
  /**
   * Binds the principal by its unique id, so that a role that is deleted and made anew is another one. Vault's own
   * role then needs iam:GetRole and iam:GetUser.
   * @default false - Vault's role uses the unseal key and nothing else
   */
  readonly resolveUniqueIds?: boolean;
  /** How long a login can be renewed. @default - 1 hour, the length of a run */
  readonly maxTtl?: Duration;
}

const PROPS = object<AwsRoleProps>(() => ({
  ...authRole,
  auth: awsAuth,
  roleName: text,
  principalArn: text,
  resolveUniqueIds: flag.optional(),
}));

/** The identity of one AWS role in Vault. */
export class AwsRole extends AuthRole {
  /** @throws ValidationError for a principal with wildcards and as every role does */
  constructor(scope: Construct, id: string, props: AwsRoleProps) {
    checkProps(`${scope.node.path}/${id}`, PROPS, props);
    const { auth, roleName, principalArn } = props;
    super(
      scope,
      id,
      { auth, roleName, subject: `AWS ${principalArn}` },
      { ...props, maxTtl: props.maxTtl ?? (props.period ? undefined : Duration.hours(1)) },
    );
    requirePrincipal(this, "principalArn", principalArn);
    new AwsAuthBackendRole(this, "Resource", {
      backend: auth.pathReference,
      role: roleName,
      authType: "iam",
      boundIamPrincipalArns: [principalArn],
      resolveAwsUniqueIds: props.resolveUniqueIds ?? false,
      ...this.tokenSettings,
    });
  }
}
