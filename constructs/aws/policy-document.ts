import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
} from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import type { Construct } from "constructs";

export type PolicyStatement = DataAwsIamPolicyDocumentStatement;

/** The JSON of a policy written as a data source, so that reviewers and scanners can read each statement. */
export function policyJson(scope: Construct, id: string, statement: PolicyStatement[]): string {
  return new DataAwsIamPolicyDocument(scope, id, { statement }).json;
}

/** The account itself: IAM policies then decide, within what the resource's own denials leave. */
export function accountPrincipal(account: string) {
  return [{ type: "AWS", identifiers: [`arn:aws:iam::${account}:root`] }];
}

export const EVERYONE = [{ type: "AWS", identifiers: ["*"] }];

/** True for every caller but the given ones; sessions of a role count as the role. */
export function unlessCalledBy(...principals: string[]) {
  return [{ test: "ArnNotEquals", variable: "aws:PrincipalArn", values: principals }];
}

/** Refuses what is not encrypted in transit by TLS 1.2 at least. */
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

/** The S3 log service may write the log of the one bucket, and nobody else's. */
export function allowLogDelivery(logArn: string, sourceBucket: string, account: string): PolicyStatement {
  return {
    sid: "AllowLogDelivery",
    principals: [{ type: "Service", identifiers: ["logging.s3.amazonaws.com"] }],
    actions: ["s3:PutObject"],
    resources: [`${logArn}/${sourceBucket}/*`],
    condition: [
      { test: "StringEquals", variable: "aws:SourceAccount", values: [account] },
      { test: "ArnEquals", variable: "aws:SourceArn", values: [`arn:aws:s3:::${sourceBucket}`] },
    ],
  };
}
