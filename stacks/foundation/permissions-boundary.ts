import type { PolicyStatement } from "../../constructs/aws/policy-document";
import type { Environment } from "../../platform/schema";
import { permissionTargets } from "./permission-targets";
import { writeKeyStatements, writeRoleStatements, writeStateStatements } from "./pipeline-permissions";

/**
 * Permissions boundary: the maximum permissions of every role of the environment, whatever its policy allows. Without
 * it, an identity that writes roles could grant all permissions of the account to one of them, and become the
 * break-glass principal. The boundary names the resources that this environment uses. For resources that the pipeline
 * writes, it allows only the actions of the pipeline.
 */
export function boundaryStatements(environment: Environment): PolicyStatement[] {
  const targets = permissionTargets(environment);
  const { handover, recoveredBucket } = targets;
  return [
    // By ARN, not by alias: moving the alias of the unseal key must not seal Vault. A key alone gives access to no
    // data, and the statements below limit the data that a role can fetch.
    {
      sid: "UseKeys",
      actions: [
        "kms:Encrypt",
        "kms:Decrypt",
        "kms:GenerateDataKey",
        "kms:DescribeKey",
        "kms:GetKey*",
        "kms:ListResourceTags",
      ],
      resources: [targets.anyKey, ...(handover ? [handover.keys] : [])],
    },
    { sid: "ListAliases", actions: ["kms:ListAliases"], resources: ["*"] },
    ...writeKeyStatements(environment),
    {
      sid: "Buckets",
      actions: ["s3:*"],
      resources: targets.buckets.flatMap((bucket) => [bucket, `${bucket}/*`]),
    },
    ...(recoveredBucket
      ? [
          {
            sid: "RecoveredSnapshots",
            actions: ["s3:GetObject", "s3:ListBucket"],
            resources: [recoveredBucket, `${recoveredBucket}/*`],
          },
        ]
      : []),
    { sid: "Containers", actions: ["secretsmanager:*"], resources: [targets.secrets] },
    ...(handover
      ? [
          {
            sid: "HandOver",
            actions: [
              "secretsmanager:DescribeSecret",
              "secretsmanager:GetSecretValue",
              "secretsmanager:PutSecretValue",
            ],
            resources: [handover.secrets],
          },
        ]
      : []),
    {
      sid: "Cluster",
      actions: ["eks:Describe*", "eks:List*", "eks:*AccessEntry", "eks:*AccessPolicy", "eks:TagResource"],
      resources: [targets.cluster, targets.accessEntries],
    },
    {
      sid: "ReadState",
      actions: ["s3:GetObject", "s3:ListBucket"],
      resources: [targets.state.bucket, targets.state.objects],
    },
    ...writeStateStatements(environment),
    { sid: "ReadRoles", actions: ["iam:Get*", "iam:List*"], resources: [targets.roles, targets.boundary] },
    ...writeRoleStatements(environment),
  ];
}
