import { AwsAuthBackendRole } from "@cdktf/provider-vault/lib/aws-auth-backend-role";
import type { Construct } from "constructs";
import { requirePrincipal } from "../aws/principal";
import { Duration } from "../core/duration";
import { checkProps, flag, text } from "../core/field";
import { importable, importResource, type Importable, unlessImported } from "../core/import-existing";
import { AuthRole, type AuthRoleProps } from "./auth-role";
import type { AwsAuth } from "./aws-auth";
import { authRole, awsAuth } from "./fields";

/** Principal, mount and token settings of an `AwsAuthRole`. */
export interface AwsAuthRoleProps extends AuthRoleProps {
  /** Mount that the principal logs in to. */
  readonly auth: AwsAuth;
  /** Name of the role in Vault. */
  readonly roleName: string;
  /** ARN of the one IAM role or user that may log in. */
  readonly principalArn: string;
  /**
   * Binds the principal by its unique id: a deleted and recreated role is then another principal. Vault's IAM role
   * then needs iam:GetRole and iam:GetUser.
   * @default false - Vault's IAM role needs only the unseal key
   */
  readonly resolveUniqueIds?: boolean;
  /** How long a login can be renewed. @default - 1 hour, the length of a pipeline run */
  readonly maxTtl?: Duration;
}

const PROPS = importable<AwsAuthRoleProps, "principalArn">(
  () => ({
    ...authRole,
    auth: awsAuth,
    roleName: text,
    principalArn: text,
    resolveUniqueIds: flag.optional(),
  }),
  "principalArn",
);

/**
 * Lets one AWS role or user log in to Vault.
 * @throws ValidationError for a principal with wildcards, and as `AuthRole` does
 */
export class AwsAuthRole extends AuthRole {
  constructor(scope: Construct, id: string, props: Importable<AwsAuthRoleProps, "principalArn">) {
    checkProps(`${scope.node.path}/${id}`, PROPS, props);
    const { auth, roleName, principalArn } = props;
    super(
      scope,
      id,
      { auth, roleName },
      {
        ...props,
        maxTtl: props.maxTtl ?? (props.period ? undefined : unlessImported(props, Duration.hours(1))),
      },
    );
    if (principalArn !== undefined) requirePrincipal(this, "principalArn", principalArn);
    const resource = new AwsAuthBackendRole(this, "Resource", {
      backend: auth.pathReference,
      role: roleName,
      authType: unlessImported(props, "iam"),
      boundIamPrincipalArns: principalArn === undefined ? undefined : [principalArn],
      resolveAwsUniqueIds: props.resolveUniqueIds ?? unlessImported(props, false),
      ...this.tokenSettings,
    });
    if (props.importExisting) importResource(resource, `auth/${auth.path}/role/${roleName}`);
  }
}
