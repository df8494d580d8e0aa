import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
} from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import type { Construct } from "constructs";
import { suppressCheckov } from "../core/checkov";
import { arnOf } from "./arn";
import { type PartitionProps, partitionAt } from "./partition";
import { type AwsPartition, serviceHost } from "./region";

/** Statement of a policy. */
export type PolicyStatement = DataAwsIamPolicyDocumentStatement;

/**
 * Returns the JSON of a policy. The policy is a data source, so that reviewers and scanners can read each statement.
 */
export function policyJson(scope: Construct, id: string, statement: PolicyStatement[]): string {
  return new DataAwsIamPolicyDocument(scope, id, { statement }).json;
}

/** Reasons why these checks for IAM policies do not apply to the policy of a key. */
const KEY_POLICY_SUPPRESSIONS = {
  CKV_AWS_109: "a key policy without its account cannot be managed; IAM policies and denials constrain it",
  CKV_AWS_111: "a key policy without its account cannot be managed; IAM policies and denials constrain it",
  CKV_AWS_356: "in a key policy * is the key itself, the only resource that AWS accepts there",
};

/** Properties of a key policy. */
export interface KeyPolicyProps extends PartitionProps {
  /** AWS account number, 12 digits. */
  readonly account: string;
  /** Statements in addition to the account's own. @default - none */
  readonly statements?: PolicyStatement[];
}

/**
 * Returns the JSON of a key policy. IAM policies of the account decide, within the limits that the further statements
 * set.
 */
export function keyPolicyJson(scope: Construct, id: string, props: KeyPolicyProps): string {
  const { account, statements = [] } = props;
  const accountDecides: PolicyStatement = {
    sid: "AccountDecidesByIam",
    principals: [{ type: "AWS", identifiers: [accountArn(partitionAt(scope, props), account)] }],
    actions: ["kms:*"],
    resources: ["*"],
  };
  const document = new DataAwsIamPolicyDocument(scope, id, { statement: [accountDecides, ...statements] });
  for (const [checkId, reason] of Object.entries(KEY_POLICY_SUPPRESSIONS)) {
    suppressCheckov(document, checkId, reason);
  }
  return document.json;
}

/** ARN of the principal that stands for a whole account: its IAM policies decide. */
export function accountArn(partition: AwsPartition, account: string): string {
  return arnOf({ partition, service: "iam", account, resource: "root" });
}

/** Principals of a statement that applies to all callers. */
export const EVERYONE = [{ type: "AWS", identifiers: ["*"] }];

/** Condition for all callers except the given principals. Sessions of a role count as the role. */
export function unlessCalledBy(...principals: string[]) {
  return [{ test: "ArnNotEquals", variable: "aws:PrincipalArn", values: principals }];
}

/** Statements that deny requests without TLS 1.2 or later. */
export function denyInsecureTransport(bucketArn: string): PolicyStatement[] {
  const target = {
    effect: "Deny",
    principals: EVERYONE,
    actions: ["s3:*"],
    resources: [bucketArn, `${bucketArn}/*`],
  };
  return [
    {
      ...target,
      sid: "DenyPlaintext",
      condition: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }],
    },
    {
      ...target,
      sid: "DenyOldTls",
      condition: [{ test: "NumericLessThan", variable: "s3:TlsVersion", values: ["1.2"] }],
    },
  ];
}

/** Condition for a call that a service makes with the caller's permissions. */
export function viaService(service: string, region: string) {
  return { test: "StringEquals", variable: "kms:ViaService", values: [serviceHost(service, region)] };
}

/** ARN of a bucket. */
export function bucketArn(partition: AwsPartition, bucketName: string): string {
  return arnOf({ partition, service: "s3", resource: bucketName });
}

/** Statement that allows the S3 log service to write the log of one bucket only. */
export function allowLogDelivery(
  logArn: string,
  source: { readonly bucketArn: string; readonly bucketName: string; readonly account: string },
): PolicyStatement {
  return {
    sid: "AllowLogDelivery",
    principals: [{ type: "Service", identifiers: ["logging.s3.amazonaws.com"] }],
    actions: ["s3:PutObject"],
    resources: [`${logArn}/${source.bucketName}/*`],
    condition: [
      { test: "StringEquals", variable: "aws:SourceAccount", values: [source.account] },
      { test: "ArnEquals", variable: "aws:SourceArn", values: [source.bucketArn] },
    ],
  };
}
