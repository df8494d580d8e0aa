import type { PolicyStatement } from "../../constructs/aws/policy-document";
import type { Environment } from "../../platform/schema";
import { keyHasAlias } from "./key-alias";
import { ENVIRONMENT_TAG, permissionTargets } from "./permission-targets";

/** Read access for `terraform plan`: no secret values, snapshots or locks, and only the state of this environment. */
export function planStatements(environment: Environment): PolicyStatement[] {
  const targets = permissionTargets(environment);
  const { state } = targets;
  return [
    {
      sid: "ReadKeys",
      actions: ["kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags"],
      resources: [targets.anyKey],
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
      resources: targets.buckets,
    },
    {
      sid: "ReadBoundary",
      actions: ["iam:GetPolicy", "iam:GetPolicyVersion"],
      resources: [targets.boundary],
    },
    {
      sid: "ReadRoles",
      actions: ["iam:GetRole", "iam:GetRolePolicy", "iam:ListRolePolicies", "iam:ListAttachedRolePolicies"],
      resources: [targets.roles],
    },
    {
      sid: "ReadContainers",
      actions: ["secretsmanager:DescribeSecret", "secretsmanager:GetResourcePolicy"],
      resources: [targets.secrets],
    },
    {
      sid: "ReadAccessEntries",
      actions: ["eks:DescribeCluster", "eks:DescribeAccessEntry", "eks:ListAssociatedAccessPolicies"],
      resources: [targets.cluster, targets.accessEntries],
    },
    // AWS supports no narrower resource for this action.
    { sid: "ListAliases", actions: ["kms:ListAliases"], resources: ["*"] },
    { sid: "ReadState", actions: ["s3:GetObject"], resources: [state.objects] },
    { sid: "ListState", actions: ["s3:ListBucket"], resources: [state.bucket] },
    {
      sid: "OpenState",
      actions: ["kms:Decrypt"],
      resources: [state.keys],
      condition: [keyHasAlias(state.keyAlias)],
    },
  ];
}

/**
 * Access for `terraform apply`: that of a plan, and write access to keys, roles, buckets and secrets with names of this
 * environment. Write access to roles allows privilege escalation, up to the permissions of the environment's boundary.
 */
export function deployStatements(environment: Environment): PolicyStatement[] {
  const targets = permissionTargets(environment);
  return [
    ...planStatements(environment),
    ...writeRoleStatements(environment),
    ...writeKeyStatements(environment),
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
      resources: targets.buckets,
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
      resources: [targets.secrets],
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
      resources: [targets.cluster, targets.accessEntries],
    },
    ...writeStateStatements(environment),
    {
      sid: "SealState",
      actions: ["kms:GenerateDataKey"],
      resources: [targets.state.keys],
      condition: [keyHasAlias(targets.state.keyAlias)],
    },
  ];
}

/**
 * Write access to the keys of this environment. Their aliases distinguish them from other keys of the account.
 *
 * A new key has no alias yet. Its tags take up to five minutes to become effective in policies, but Terraform enables
 * rotation earlier and would fail. AWS also requires permission to tag every key of the account when a key is created.
 * The statements therefore recognize a new key by its missing alias. It can be prepared and get an alias of the
 * environment. After that, only keys with these aliases can be changed. One gap remains: on an unrelated key without an
 * alias, the pipeline can enable rotation and set this environment's tag.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/tag-permissions.html
 */
export function writeKeyStatements(environment: Environment): PolicyStatement[] {
  const { anyKey, aliases, keyAliases } = permissionTargets(environment);
  const withoutAlias = { test: "Null", variable: "kms:ResourceAliases", values: ["true"] };
  const tagged = {
    test: "StringEquals",
    variable: `aws:RequestTag/${ENVIRONMENT_TAG}`,
    values: [environment.name],
  };
  return [
    { sid: "CreateKeys", actions: ["kms:CreateKey"], resources: ["*"], condition: [tagged] },
    {
      sid: "TagNewKeys",
      actions: ["kms:TagResource"],
      resources: [anyKey],
      condition: [withoutAlias, tagged],
    },
    {
      sid: "PrepareNewKeys",
      actions: ["kms:EnableKeyRotation", "kms:CreateAlias"],
      resources: [anyKey],
      condition: [withoutAlias],
    },
    { sid: "NameKeys", actions: ["kms:CreateAlias"], resources: aliases },
    {
      sid: "WriteKeys",
      actions: [
        "kms:EnableKeyRotation",
        "kms:TagResource",
        "kms:UntagResource",
        "kms:UpdateKeyDescription",
        "kms:ReplicateKey",
      ],
      resources: [anyKey],
      condition: [keyHasAlias(...keyAliases)],
    },
  ];
}

/** Write access to roles of this environment. Only roles with the boundary get policies; the boundary is read-only. */
export function writeRoleStatements(environment: Environment): PolicyStatement[] {
  const { boundary, replicationRole, roles } = permissionTargets(environment);
  return [
    {
      sid: "WriteBoundedRoles",
      actions: ["iam:CreateRole", "iam:PutRolePolicy", "iam:DeleteRolePolicy"],
      resources: [roles],
      condition: [{ test: "StringEquals", variable: "iam:PermissionsBoundary", values: [boundary] }],
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
        // The provider lists them before it deletes a role.
        "iam:ListInstanceProfilesForRole",
      ],
      resources: [roles],
    },
    {
      sid: "HandRoleToReplication",
      actions: ["iam:PassRole"],
      resources: [replicationRole],
      condition: [{ test: "StringEquals", variable: "iam:PassedToService", values: ["s3.amazonaws.com"] }],
    },
  ];
}

/** Write access to the states of this environment's stacks, and to their locks. */
export function writeStateStatements(environment: Environment): PolicyStatement[] {
  const { objects } = permissionTargets(environment).state;
  return [
    { sid: "WriteState", actions: ["s3:PutObject"], resources: [objects] },
    // Native locking: the lock is an object beside the state.
    { sid: "ReleaseLock", actions: ["s3:DeleteObject"], resources: [`${objects}.tflock`] },
  ];
}

/** AWS permissions of a team's pipeline: the state of the team's stack, and nothing else of the environment. */
export function teamDeployStatements(environment: Environment, team: string): PolicyStatement[] {
  const { state } = permissionTargets(environment);
  const object = `${state.bucket}/${environment.name}-config-${team}.tfstate`;
  return [
    { sid: "ReadState", actions: ["s3:GetObject"], resources: [object, `${object}.tflock`] },
    { sid: "WriteState", actions: ["s3:PutObject"], resources: [object, `${object}.tflock`] },
    { sid: "ReleaseLock", actions: ["s3:DeleteObject"], resources: [`${object}.tflock`] },
    { sid: "ListState", actions: ["s3:ListBucket"], resources: [state.bucket] },
    {
      sid: "OpenState",
      actions: ["kms:Decrypt", "kms:GenerateDataKey"],
      resources: [state.keys],
      condition: [keyHasAlias(state.keyAlias)],
    },
  ];
}
