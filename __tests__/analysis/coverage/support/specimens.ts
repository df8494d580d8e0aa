import { KUBERNETES } from "./kubernetes-specimens";
import type { Json, Specimen } from "./specimen";

/** Specimen of a Terraform type. */
export function specimenOf(type: string): Specimen {
  return SPECIMENS[type] ?? {};
}

const POLICY = (name: string) => ({ name, policy: `path "${name}" { capabilities = ["read"] }` });

/** Group or entity with a member and an alias, and the policies that they have. */
const DIRECTORY = {
  resource: {
    vault_policy: { A: POLICY("a"), B: POLICY("b") },
    vault_auth_backend: { A: { type: "oidc", path: "a" }, B: { type: "oidc", path: "b" } },
    vault_identity_entity: { A: { name: "a" }, B: { name: "b" } },
    vault_identity_group: { A: { name: "a", policies: ["a"] }, B: { name: "b", policies: ["b"] } },
  },
};

const id = (type: string, name: string) => `\${${type}.${name}.id}`;
const either = (type: string): [string, string][] => [[id(type, "A"), id(type, "B")]];
const eitherOf = (type: string): [string[], string[]][] => [[[id(type, "A")], [id(type, "B")]]];
const ENTITY = "vault_identity_entity";
const GROUP = "vault_identity_group";
const ACCESSORS: [string, string][] = [
  ["${vault_auth_backend.A.accessor}", "${vault_auth_backend.B.accessor}"],
];

const alias = (of: string): Specimen => ({
  others: DIRECTORY,
  attributes: { canonical_id: id(of, "A"), name: "x", mount_accessor: ACCESSORS[0][0] },
  values: { canonical_id: either(of), mount_accessor: ACCESSORS },
});

const policies = (of: string, attribute: string): Specimen => ({
  others: DIRECTORY,
  attributes: { [attribute]: id(of, "A"), policies: ["b"] },
  values: { [attribute]: either(of), policies: [[["a"], ["b"]]] },
});

const members = (of: string, attribute: string): Specimen => ({
  others: DIRECTORY,
  attributes: { group_id: id(GROUP, "A"), [attribute]: [id(of, "B")] },
  values: { group_id: either(GROUP), [attribute]: eitherOf(of) },
});

const DOCUMENT = (action: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: [action], Resource: "*" }],
  });
const TRUST = (service: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service } }],
  });
const SHARED = (action: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: action, Principal: "*", Resource: "*" }],
  });
const PROTECTED: Specimen["values"] = {
  "lifecycle.prevent_destroy": [[{ prevent_destroy: true }, { prevent_destroy: false }]],
  policy: [[SHARED("kms:Encrypt"), SHARED("kms:*")]],
};
const shared = (attributes: Json): Specimen => ({
  attributes: { ...attributes, policy: SHARED("kms:Encrypt") },
  values: { policy: [[SHARED("kms:Encrypt"), SHARED("kms:*")]] },
});
const ARN = (kind: string, name: string) => `arn:aws:iam::123456789012:${kind}/${name}`;
const AWS: Readonly<Record<string, Specimen>> = {
  aws_iam_policy: {
    attributes: { name: "x", policy: DOCUMENT("kms:Decrypt") },
    values: { policy: [[DOCUMENT("kms:Decrypt"), DOCUMENT("s3:*")]] },
  },
  aws_iam_role: {
    attributes: { name: "x", assume_role_policy: TRUST("ec2.amazonaws.com") },
    values: {
      assume_role_policy: [[TRUST("ec2.amazonaws.com"), TRUST("lambda.amazonaws.com")]],
      permissions_boundary: [[ARN("policy", "a"), undefined]],
    },
  },
  aws_iam_role_policy: {
    attributes: { role: "x", policy: DOCUMENT("kms:Decrypt") },
    values: { policy: [[DOCUMENT("kms:Decrypt"), DOCUMENT("s3:*")]] },
  },
  aws_iam_role_policy_attachment: {
    attributes: { role: "x", policy_arn: ARN("policy", "a") },
    values: { policy_arn: [[ARN("policy", "a"), ARN("policy", "b")]] },
  },
  aws_kms_key_policy: shared({ key_id: "x" }),
  aws_s3_bucket_policy: shared({ bucket: "x" }),
  aws_secretsmanager_secret_policy: shared({ secret_arn: "x" }),
  aws_kms_key: { values: PROTECTED },
  aws_kms_replica_key: { values: PROTECTED },
  aws_kms_alias: { values: PROTECTED },
  aws_s3_bucket: { values: PROTECTED },
  aws_secretsmanager_secret: { values: PROTECTED },
  aws_s3_bucket_object_lock_configuration: {
    attributes: { bucket: "x" },
    values: {
      rule: [[{ default_retention: { days: 90 } }, { default_retention: { days: 1 } }]],
      object_lock_enabled: [["Enabled", "Disabled"]],
    },
  },
  aws_s3_bucket_ownership_controls: {
    attributes: { bucket: "x" },
    values: { rule: [[{ object_ownership: "BucketOwnerEnforced" }, { object_ownership: "ObjectWriter" }]] },
  },
  aws_s3_bucket_server_side_encryption_configuration: {
    attributes: { bucket: "x" },
    values: {
      "rule.apply_server_side_encryption_by_default": [
        [
          { apply_server_side_encryption_by_default: { sse_algorithm: "aws:kms" } },
          { apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } },
        ],
      ],
    },
  },
  aws_s3_bucket_versioning: {
    attributes: { bucket: "x" },
    values: { versioning_configuration: [[{ status: "Enabled" }, { status: "Suspended" }]] },
  },
  aws_s3_bucket_replication_configuration: { attributes: { bucket: "x", role: "x" } },
  aws_eks_pod_identity_association: { attributes: { role_arn: "x" } },
  aws_iam_access_key: { attributes: { user: "x" } },
};

const METHOD: Specimen = {
  others: { resource: { vault_kubernetes_auth_backend_role: { A: { backend: "x", role_name: "a" } } } },
  values: { "tune.max_lease_ttl": [[[{ max_lease_ttl: "60" }], [{ max_lease_ttl: "120" }]]] },
};

const SPECIMENS: Readonly<Record<string, Specimen>> = {
  vault_policy: { attributes: POLICY("x") },
  ...Object.fromEntries(
    ["auth", "gcp_auth", "github_auth", "jwt_auth", "ldap_auth", "oci_auth", "okta_auth", "saml_auth"].map(
      (type) => [`vault_${type}_backend`, METHOD],
    ),
  ),
  vault_identity_entity_alias: alias(ENTITY),
  vault_identity_group_alias: alias(GROUP),
  vault_identity_entity_policies: policies(ENTITY, "entity_id"),
  vault_identity_group_policies: policies(GROUP, "group_id"),
  vault_identity_group: {
    others: DIRECTORY,
    attributes: { policies: ["a"] },
    values: { member_entity_ids: eitherOf(ENTITY), member_group_ids: eitherOf(GROUP) },
  },
  vault_identity_group_member_entity_ids: members(ENTITY, "member_entity_ids"),
  vault_identity_group_member_group_ids: members(GROUP, "member_group_ids"),
  ...AWS,
  ...KUBERNETES,
};
