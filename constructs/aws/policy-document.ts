import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
} from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import type { Construct } from "constructs";
import { suppressCheckov } from "../core/checkov";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";

export type PolicyStatement = DataAwsIamPolicyDocumentStatement;

/** The JSON of a policy written as a data source, so that reviewers and scanners can read each statement. */
export function policyJson(scope: Construct, id: string, statement: PolicyStatement[]): string {
  return new DataAwsIamPolicyDocument(scope, id, { statement }).json;
}

/** Why these checks, made for IAM policies, do not apply to the policy of a key. */
const KEY_POLICY_SUPPRESSIONS = {
  CKV_AWS_109: "a key policy without its account cannot be managed; IAM policies and denials constrain it",
  CKV_AWS_111: "a key policy without its account cannot be managed; IAM policies and denials constrain it",
  CKV_AWS_356: "in a key policy * is the key itself, the only resource that AWS accepts there",
};

/** A key's policy: IAM policies of the account decide, within what the further statements grant or deny. */
export function keyPolicyJson(
  scope: Construct,
  id: string,
  account: string,
  statements: PolicyStatement[] = [],
): string {
  const accountDecides: PolicyStatement = {
    sid: "AccountDecidesByIam",
    principals: [{ type: "AWS", identifiers: [`arn:aws:iam::${account}:root`] }],
    actions: ["kms:*"],
    resources: ["*"],
  };
  const document = new DataAwsIamPolicyDocument(scope, id, { statement: [accountDecides, ...statements] });
  for (const [checkId, reason] of Object.entries(KEY_POLICY_SUPPRESSIONS)) {
    suppressCheckov(document, checkId, reason);
  }
  return document.json;
}

/** @throws ValidationError unless the value is the ARN of one role or user: a pattern would admit others */
export function requirePrincipal(scope: Construct, property: string, principal: string): void {
  if (isLiteral(principal) && !/^arn:aws:iam::\d{12}:(role|user)\/[^*?]+$/.test(principal)) {
    throw new ValidationError(
      scope,
      `${property} must be the ARN of one role or user, without wildcards, got ${principal}`,
    );
  }
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
