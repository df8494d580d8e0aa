import type { PolicyStatement } from "../constructs/aws/policy-document";
import { accountNames, platformNames } from "../environments/names";
import type { Environment } from "../environments/schema";

/** What `terraform plan` reads; no secret value, no snapshot, no lock, and of the state this environment's alone. */
export function planStatements(environment: Environment): PolicyStatement[] {
  const { arns, state } = resourcesOf(environment);
  return [
    {
      sid: "ReadKeys",
      actions: ["kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags"],
      resources: [arns.keys],
    },
    {
      sid: "ReadBuckets",
      actions: [
        "s3:GetBucket*",
        "s3:GetAccelerateConfiguration",
        "s3:GetEncryptionConfiguration",
        "s3:GetLifecycleConfiguration",
        "s3:GetReplicationConfiguration",
        "s3:ListBucket",
      ],
      resources: arns.buckets,
    },
    {
      sid: "ReadBoundary",
      actions: ["iam:GetPolicy", "iam:GetPolicyVersion"],
      resources: [arns.boundary],
    },
    {
      sid: "ReadRoles",
      actions: ["iam:GetRole", "iam:GetRolePolicy", "iam:ListRolePolicies", "iam:ListAttachedRolePolicies"],
      resources: [arns.roles],
    },
    {
      sid: "ReadContainers",
      actions: ["secretsmanager:DescribeSecret", "secretsmanager:GetResourcePolicy"],
      resources: [arns.secrets],
    },
    {
      sid: "ReadAccessEntries",
      actions: ["eks:DescribeCluster", "eks:DescribeAccessEntry", "eks:ListAssociatedAccessPolicies"],
      resources: [arns.cluster, arns.accessEntries],
    },
    // AWS knows no narrower resource for this one.
    { sid: "ListAliases", actions: ["kms:ListAliases"], resources: ["*"] },
    { sid: "ReadState", actions: ["s3:GetObject"], resources: [`${state.bucketArn}/${environment.name}-*`] },
    { sid: "ListState", actions: ["s3:ListBucket"], resources: [state.bucketArn] },
    {
      sid: "OpenState",
      actions: ["kms:Decrypt"],
      resources: [state.keys],
      condition: [
        { test: "ForAnyValue:StringEquals", variable: "kms:ResourceAliases", values: [state.keyAlias] },
      ],
    },
  ];
}

/**
 * What `terraform apply` changes besides: roles, buckets and containers of this environment's names. Whoever
 * writes roles can give rights, so this identity is as strong as the environment's boundary admits.
 */
export function deployStatements(environment: Environment): PolicyStatement[] {
  const { arns, state } = resourcesOf(environment);
  return [
    ...planStatements(environment),
    ...writeRoleStatements(environment),
    {
      sid: "WriteBuckets",
      actions: [
        "s3:CreateBucket",
        "s3:PutBucket*",
        "s3:PutEncryptionConfiguration",
        "s3:PutLifecycleConfiguration",
        "s3:PutReplicationConfiguration",
        "s3:DeleteBucketPolicy",
      ],
      resources: arns.buckets,
    },
    {
      sid: "WriteContainers",
      actions: [
        "secretsmanager:CreateSecret",
        "secretsmanager:DeleteSecret",
        "secretsmanager:PutResourcePolicy",
        "secretsmanager:DeleteResourcePolicy",
        "secretsmanager:TagResource",
        "secretsmanager:UntagResource",
      ],
      resources: [arns.secrets],
    },
    // A key that does not exist yet has no narrower name.
    { sid: "CreateKeys", actions: ["kms:CreateKey"], resources: ["*"] },
    {
      sid: "WriteKeys",
      actions: [
        "kms:CreateAlias",
        "kms:EnableKeyRotation",
        "kms:TagResource",
        "kms:UntagResource",
        "kms:UpdateKeyDescription",
        "kms:ReplicateKey",
      ],
      resources: [arns.keys, ...arns.aliases],
    },
    {
      sid: "WriteAccessEntries",
      actions: [
        "eks:CreateAccessEntry",
        "eks:DeleteAccessEntry",
        "eks:UpdateAccessEntry",
        "eks:AssociateAccessPolicy",
        "eks:DisassociateAccessPolicy",
        "eks:TagResource",
      ],
      resources: [arns.cluster, arns.accessEntries],
    },
    {
      sid: "WriteState",
      actions: ["s3:PutObject"],
      resources: [`${state.bucketArn}/${environment.name}-*`],
    },
    // Native locking: the lock is an object beside the state.
    {
      sid: "ReleaseLock",
      actions: ["s3:DeleteObject"],
      resources: [`${state.bucketArn}/${environment.name}-*.tflock`],
    },
    {
      sid: "SealState",
      actions: ["kms:GenerateDataKey"],
      resources: [state.keys],
      condition: [
        { test: "ForAnyValue:StringEquals", variable: "kms:ResourceAliases", values: [state.keyAlias] },
      ],
    },
  ];
}

/**
 * The most that any role of the environment can ever do, whatever policy it is given. Without it, whoever writes
 * roles could give one of them all rights of the account and become the break-glass principal. It names services
 * and not resources, because each role's own policy does that; for IAM it is as narrow as the deploy role.
 */
export function boundaryStatements(environment: Environment): PolicyStatement[] {
  const { arns } = resourcesOf(environment);
  return [
    { sid: "Services", actions: ["kms:*", "s3:*", "secretsmanager:*", "eks:*"], resources: ["*"] },
    { sid: "ReadRoles", actions: ["iam:Get*", "iam:List*"], resources: [arns.roles, arns.boundary] },
    ...writeRoleStatements(environment),
  ];
}

/** Roles of this environment, and rights only for those that have the boundary; the boundary itself stays. */
function writeRoleStatements(environment: Environment): PolicyStatement[] {
  const { arns } = resourcesOf(environment);
  return [
    {
      sid: "WriteBoundedRoles",
      actions: ["iam:CreateRole", "iam:PutRolePolicy", "iam:DeleteRolePolicy"],
      resources: [arns.roles],
      condition: [{ test: "StringEquals", variable: "iam:PermissionsBoundary", values: [arns.boundary] }],
    },
    {
      sid: "WriteRoles",
      actions: [
        "iam:DeleteRole",
        "iam:UpdateRole",
        "iam:UpdateRoleDescription",
        "iam:UpdateAssumeRolePolicy",
        "iam:TagRole",
        "iam:UntagRole",
        // The provider asks for them before it deletes a role.
        "iam:ListInstanceProfilesForRole",
      ],
      resources: [arns.roles],
    },
    {
      sid: "HandRoleToReplication",
      actions: ["iam:PassRole"],
      resources: [arns.replicationRole],
      condition: [{ test: "StringEquals", variable: "iam:PassedToService", values: ["s3.amazonaws.com"] }],
    },
  ];
}

function resourcesOf(environment: Environment) {
  const { account, region, stateRegion } = environment.aws;
  const { clusterName } = environment.kubernetes;
  const names = platformNames(environment);
  const shared = accountNames(account, stateRegion);
  const buckets = [
    names.snapshotBucket,
    names.accessLogBucket,
    ...(names.snapshotReplicaBucket ? [names.snapshotReplicaBucket] : []),
  ];
  return {
    arns: {
      keys: `arn:aws:kms:*:${account}:key/*`,
      aliases: [names.unsealKeyAlias, names.snapshotKeyAlias, names.recoveryKeyAlias].map(
        (alias) => `arn:aws:kms:*:${account}:${alias}`,
      ),
      replicationRole: names.roleArn("replication"),
      buckets: buckets.map((bucket) => `arn:aws:s3:::${bucket}`),
      roles: `arn:aws:iam::${account}:role/${names.rolePrefix}*`,
      boundary: names.boundaryArn,
      secrets: `arn:aws:secretsmanager:${region}:${account}:secret:${environment.name}/vault/*`,
      cluster: `arn:aws:eks:${region}:${account}:cluster/${clusterName}`,
      accessEntries: `arn:aws:eks:${region}:${account}:access-entry/${clusterName}/*`,
    },
    state: {
      bucketArn: `arn:aws:s3:::${shared.stateBucket}`,
      keys: `arn:aws:kms:${stateRegion}:${account}:key/*`,
      keyAlias: shared.stateKeyAlias,
    },
  };
}
