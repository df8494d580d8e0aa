import { EksAccessEntry } from "@cdktf/provider-aws/lib/eks-access-entry";
import { EksAccessPolicyAssociation } from "@cdktf/provider-aws/lib/eks-access-policy-association";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { Field, anyText, checkProps, fieldOf, list, object, text } from "../core/field";
import { received } from "../core/received";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";
import { arnOf, parseArn } from "./arn";
import { statements } from "./fields";
import { partitionAt } from "./partition";
import { type PolicyStatement, policyJson } from "./policy-document";

const GITHUB = "token.actions.githubusercontent.com";

/** Access of an IAM role to a Kubernetes cluster. */
export interface ClusterAccess {
  /** Name of the EKS cluster. */
  readonly clusterName: string;
  /** `admin` for the whole cluster, or a Kubernetes group with permissions from RBAC. */
  readonly access: "admin" | { readonly group: string };
}

/** Properties of `PipelineIamRole`. */
export interface PipelineIamRoleProps {
  /** Name of the IAM role. */
  readonly roleName: string;
  /** ARN of the account's GitHub OIDC provider. */
  readonly oidcProviderArn: string;
  /** Subjects of the workflows that may assume the role, such as `repo:example/platform:pull_request`. */
  readonly subjects: readonly string[];
  /** All permissions of the role. */
  readonly statements: PolicyStatement[];
  /** Access to a cluster. @default - none: the role cannot reach a cluster */
  readonly clusterAccess?: ClusterAccess;
}

const GROUP = object<Exclude<ClusterAccess["access"], "admin">>(() => ({ group: text }));

const ADMIN = fieldOf<"admin">('"admin" or an object with a group', (value) => value === "admin");

const ACCESS = new Field<ClusterAccess["access"]>((value, name) =>
  (typeof value === "object" && value !== null ? GROUP : ADMIN).problem(value, name),
);

const PROPS = object<PipelineIamRoleProps>(() => ({
  roleName: text,
  oidcProviderArn: text,
  subjects: list(anyText).known(),
  statements,
  clusterAccess: object<ClusterAccess>(() => ({ clusterName: text, access: ACCESS })).optional(),
}));

/**
 * IAM role that a GitHub workflow assumes with its identity token. No credential is stored.
 * @see https://docs.github.com/actions/security-for-github-actions/security-hardening-your-deployments
 * @throws ValidationError if there is no subject or one is a wildcard: any branch of any fork could match it
 */
export class PipelineIamRole extends LibraryConstruct {
  /** The IAM role. */
  readonly role: IamRole;

  constructor(scope: Construct, id: string, props: PipelineIamRoleProps) {
    super(scope, id);
    checkProps(this, PROPS, props);
    if (props.subjects.length === 0) {
      throw new ValidationError(this, "subjects must name one workflow at least, got none");
    }
    for (const subject of props.subjects) {
      if (isLiteral(subject) && !/^repo:[\w.-]+\/[\w.-]+:[^*?]+$/.test(subject)) {
        throw new ValidationError(
          this,
          `subjects must name one repository and one ref, environment or pull_request, without wildcards, got ${received(subject)}`,
        );
      }
    }
    this.role = new IamRole(this, "Resource", {
      name: props.roleName,
      description: "Assumed by GitHub workflows of the platform's repository",
      assumeRolePolicy: policyJson(this, "Trust", [
        {
          actions: ["sts:AssumeRoleWithWebIdentity"],
          principals: [{ type: "Federated", identifiers: [props.oidcProviderArn] }],
          condition: [
            { test: "StringEquals", variable: `${GITHUB}:aud`, values: ["sts.amazonaws.com"] },
            { test: "StringEquals", variable: `${GITHUB}:sub`, values: [...props.subjects] },
          ],
        },
      ]),
    });
    new IamRolePolicy(this, "Policy", {
      name: props.roleName,
      role: this.role.name,
      policy: policyJson(this, "Permissions", props.statements),
    });
    if (props.clusterAccess) this.enterCluster(props.clusterAccess, props.oidcProviderArn);
  }

  private enterCluster({ clusterName, access }: ClusterAccess, oidcProviderArn: string): void {
    const entry = new EksAccessEntry(this, "AccessEntry", {
      clusterName,
      principalArn: this.role.arn,
      kubernetesGroups: access === "admin" ? undefined : [access.group],
    });
    if (access !== "admin") return;
    new EksAccessPolicyAssociation(this, "ClusterAdmin", {
      clusterName,
      principalArn: entry.principalArn,
      policyArn: arnOf({
        partition: parseArn(oidcProviderArn)?.partition ?? partitionAt(this),
        service: "eks",
        account: "aws",
        resource: "cluster-access-policy/AmazonEKSClusterAdminPolicy",
      }),
      accessScope: { type: "cluster" },
    });
  }
}
