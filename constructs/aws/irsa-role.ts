import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { Duration } from "../core/duration";
import { anyText, checkProps, object, text } from "../core/field";
import { serviceAccount as SERVICE_ACCOUNT } from "../core/fields";
import { parseProperty } from "../core/format-error";
import { parseOidcProvider } from "../core/oidc-issuer";
import { received } from "../core/received";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";
import { arnOf } from "./arn";
import { partitionFields, statements } from "./fields";
import { type PartitionProps, partitionAt } from "./partition";
import { type PolicyStatement, policyJson } from "./policy-document";

/** Name and namespace of one ServiceAccount. */
export interface ServiceAccountReference {
  /** Namespace of the ServiceAccount. */
  readonly namespace: string;
  /** Name of the ServiceAccount. */
  readonly name: string;
}

/** Properties of `IrsaRole`. */
export interface IrsaRoleProps extends Pick<PartitionProps, "partition"> {
  /** Name of the IAM role. */
  readonly roleName: string;
  /** AWS account number, 12 digits. */
  readonly account: string;
  /** Issuer of the cluster's ServiceAccount tokens, without https://. */
  readonly oidcProvider: string;
  /** The only ServiceAccount that may assume the role. */
  readonly serviceAccount: ServiceAccountReference;
  /** All permissions of the role. */
  readonly statements: PolicyStatement[];
}

const PROPS = object<IrsaRoleProps>(() => ({
  partition: partitionFields.partition,
  roleName: text,
  account: text,
  oidcProvider: anyText,
  serviceAccount: SERVICE_ACCOUNT,
  statements,
}));

/**
 * IAM role for one Kubernetes ServiceAccount. The trust policy compares both `sub` and `aud` for equality: a wildcard
 * would admit other pods of the cluster.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html
 * @throws ValidationError if the ServiceAccount has a wildcard or the issuer has a scheme
 */
export class IrsaRole extends LibraryConstruct {
  /** The IAM role. */
  readonly role: IamRole;

  constructor(scope: Construct, id: string, props: IrsaRoleProps) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const { account, oidcProvider, serviceAccount } = props;
    const subject = `system:serviceaccount:${serviceAccount.namespace}:${serviceAccount.name}`;
    if (isLiteral(subject) && /[*?]/.test(subject)) {
      throw new ValidationError(
        this,
        `serviceAccount must be one namespace and one name without wildcards, got ${received(subject)}`,
      );
    }
    parseProperty(this, "oidcProvider", oidcProvider, parseOidcProvider);
    const provider = arnOf({
      partition: partitionAt(this, props),
      service: "iam",
      account,
      resource: `oidc-provider/${oidcProvider}`,
    });
    this.role = new IamRole(this, "Resource", {
      name: props.roleName,
      description: `Assumed by the ServiceAccount ${serviceAccount.namespace}/${serviceAccount.name}`,
      maxSessionDuration: Duration.hours(1).toSeconds(),
      assumeRolePolicy: policyJson(this, "Trust", [
        {
          actions: ["sts:AssumeRoleWithWebIdentity"],
          principals: [{ type: "Federated", identifiers: [provider] }],
          condition: [
            { test: "StringEquals", variable: `${oidcProvider}:sub`, values: [subject] },
            // The same in all partitions: EKS puts this audience into tokens, regardless of the domain of STS.
            { test: "StringEquals", variable: `${oidcProvider}:aud`, values: ["sts.amazonaws.com"] },
          ],
        },
      ]),
    });
    new IamRolePolicy(this, "Policy", {
      name: props.roleName,
      role: this.role.name,
      policy: policyJson(this, "Permissions", props.statements),
    });
  }

  /** ARN of the role. */
  get roleArn(): string {
    return this.role.arn;
  }
}
