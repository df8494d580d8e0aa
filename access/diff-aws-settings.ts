import type { AwsModel, AwsTarget } from "../analysis/aws/aws-model";
import type { AwsBlock } from "../analysis/aws/aws-names";
import { guardedKind, unsealKeysOf } from "../analysis/aws/grave-actions";
import type { Resource } from "../analysis/terraform/synthesized";
import { placeOf } from "../analysis/terraform/sources";
import { textOf } from "../analysis/terraform/values";
import { type Change, type Label, pairShared, sortLabels } from "./changes";
import { labelOfGuarded } from "./diff-aws-policies";
import { mark } from "./markdown";

/** Setting that protects keys, secrets and buckets, or admits someone. */
interface Setting {
  /** Path of the argument; the blocks of a list are all read. */
  readonly path: string;
  /**
   * Strength of a value; undefined if it cannot be said. A lower strength is a protection that vanishes.
   * @default - every change can permit more
   */
  readonly strength?: (value: unknown) => number | undefined;
}

interface Settings {
  readonly settings: readonly Setting[];
  /** Label of a change that permits more. @default protection */
  readonly label?: Label;
  /** True if a new block permits more, such as an access entry. @default false: it protects */
  readonly admits?: boolean;
}

const isOn = (value: unknown) =>
  value === undefined ? 0 : /^(true|enabled|1)$/i.test(textOf(value)) ? 1 : isOff(value) ? 0 : undefined;
const isOff = (value: unknown) => /^(false|disabled|suspended|0)$/i.test(textOf(value));
const orDefault = (fallback: number) => (value: unknown) => {
  const number = value === undefined || value === null ? fallback : Number(value);
  return Number.isNaN(number) ? undefined : number;
};
const negative = (strength: (value: unknown) => number | undefined) => (value: unknown) => {
  const number = strength(value);
  return number === undefined ? undefined : -number;
};
const ranked =
  (...values: string[]) =>
  (value: unknown) => {
    const index = value === undefined ? 0 : values.indexOf(textOf(value).toUpperCase()) + 1;
    return index === 0 && value !== undefined ? undefined : index;
  };
const on = (...paths: string[]): Setting[] => paths.map((path) => ({ path, strength: isOn }));
const any = (...paths: string[]): Setting[] => paths.map((path) => ({ path }));

const PREVENT_DESTROY: Setting = { path: "lifecycle.prevent_destroy", strength: isOn };
const KEY_SETTINGS: Settings = {
  settings: [
    { path: "deletion_window_in_days", strength: orDefault(30) },
    { path: "is_enabled", strength: (value) => (value === undefined ? 1 : isOn(value)) },
    { path: "enabled", strength: (value) => (value === undefined ? 1 : isOn(value)) },
    ...on("enable_key_rotation"),
    { path: "rotation_period_in_days", strength: negative(orDefault(365)) },
    { path: "multi_region", strength: negative(isOn) },
    ...any("custom_key_store_id", "key_material_base64", "primary_key_arn"),
    PREVENT_DESTROY,
  ],
};

/** Settings by type of resource. */
const SETTINGS: Readonly<Record<string, Settings>> = {
  aws_kms_key: KEY_SETTINGS,
  aws_kms_replica_key: KEY_SETTINGS,
  aws_kms_external_key: KEY_SETTINGS,
  aws_kms_replica_external_key: KEY_SETTINGS,
  aws_kms_alias: { settings: [...any("name", "target_key_id"), PREVENT_DESTROY] },
  aws_secretsmanager_secret: {
    settings: [
      { path: "recovery_window_in_days", strength: orDefault(30) },
      ...any("kms_key_id", "replica"),
      { path: "force_overwrite_replica_secret", strength: negative(isOn) },
      PREVENT_DESTROY,
    ],
  },
  aws_secretsmanager_secret_policy: { settings: on("block_public_policy") },
  aws_secretsmanager_secret_rotation: { settings: any("rotation_lambda_arn", "secret_id"), admits: true },
  aws_s3_bucket: {
    settings: [
      ...on("object_lock_enabled"),
      ...any("acl", "grant"),
      { path: "force_destroy", strength: negative(isOn) },
      PREVENT_DESTROY,
    ],
  },
  aws_s3_bucket_acl: { settings: any("acl", "access_control_policy"), admits: true },
  aws_s3_bucket_public_access_block: {
    settings: on("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"),
  },
  aws_s3_account_public_access_block: {
    settings: on("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"),
  },
  aws_s3_bucket_ownership_controls: {
    settings: [
      {
        path: "rule.object_ownership",
        strength: ranked("OBJECTWRITER", "BUCKETOWNERPREFERRED", "BUCKETOWNERENFORCED"),
      },
    ],
  },
  aws_s3_bucket_versioning: {
    settings: on("versioning_configuration.status", "versioning_configuration.mfa_delete"),
  },
  aws_s3_bucket_object_lock_configuration: {
    settings: [
      { path: "object_lock_enabled", strength: (value) => (value === undefined ? 1 : isOn(value)) },
      { path: "rule.default_retention.mode", strength: ranked("GOVERNANCE", "COMPLIANCE") },
      { path: "rule.default_retention.days", strength: orDefault(0) },
      { path: "rule.default_retention.years", strength: orDefault(0) },
    ],
  },
  aws_s3_bucket_server_side_encryption_configuration: {
    settings: [
      {
        path: "rule.apply_server_side_encryption_by_default.sse_algorithm",
        strength: ranked("AES256", "AWS:KMS", "AWS:KMS:DSSE"),
      },
      ...any("rule.apply_server_side_encryption_by_default.kms_master_key_id"),
    ],
  },
  aws_s3_bucket_lifecycle_configuration: { settings: any("rule") },
  aws_s3_bucket_logging: { settings: any("target_bucket", "target_prefix"), label: "audit write" },
  aws_s3_bucket_replication_configuration: {
    settings: any("role", "rule"),
    label: "whole storage",
    admits: true,
  },
  aws_s3_bucket_notification: {
    settings: any("lambda_function", "queue", "topic", "eventbridge"),
    admits: true,
  },
  aws_eks_access_entry: {
    settings: any("principal_arn", "kubernetes_groups", "user_name", "type"),
    label: "trust",
    admits: true,
  },
  aws_eks_access_policy_association: {
    settings: any("principal_arn", "policy_arn", "access_scope"),
    label: "trust",
    admits: true,
  },
  aws_eks_pod_identity_association: {
    settings: any("role_arn", "namespace", "service_account", "target_role_arn"),
    label: "trust",
    admits: true,
  },
  aws_iam_openid_connect_provider: {
    settings: any("url", "client_id_list", "thumbprint_list"),
    label: "trust",
    admits: true,
  },
  aws_iam_saml_provider: { settings: any("name", "saml_metadata_document"), label: "trust", admits: true },
  aws_iam_access_key: { settings: any("user", "status"), label: "trust", admits: true },
  aws_iam_user_login_profile: { settings: any("user"), label: "trust", admits: true },
  aws_iam_role: {
    settings: [{ path: "max_session_duration", strength: negative(orDefault(3600)) }],
    label: "no end",
  },
  aws_iam_policy: { settings: [PREVENT_DESTROY] },
  aws_rolesanywhere_trust_anchor: { settings: any("source", "enabled"), label: "trust", admits: true },
  aws_rolesanywhere_profile: {
    settings: any("role_arns", "enabled", "session_policy", "duration_seconds"),
    label: "trust",
    admits: true,
  },
};

/** Arguments that this comparison reads, by type. Policies are compared elsewhere. */
export const AWS_SETTINGS: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries(SETTINGS).map(([type, { settings }]) => [type, settings.map(({ path }) => path)]),
);

const ADMINISTRATOR =
  /\b(system:masters|AdministratorAccess|AmazonEKSClusterAdminPolicy|AmazonEKSAdminPolicy)\b/;

/** Block with the model that resolves its names. */
interface Placed {
  readonly model: AwsModel;
  readonly block: AwsBlock;
}

/** Changes to settings that protect keys, secrets and buckets, or that admit identities. */
export function settingChanges(was: AwsModel, is: AwsModel): Change[] {
  const of = (model: AwsModel) => model.of(...Object.keys(SETTINGS)).map((block) => ({ model, block }));
  const addressOf = ({ block }: Placed) => `${block.stack} ${block.name}`;
  const keyOf = ({ model, block }: Placed) => {
    // A key and its copy in another region have one name.
    const region = targetOf(model, block)?.arn.split(":")[3] ?? "";
    return `${block.type} ${subjectOf(model, block) ?? addressOf({ model, block })} ${region}`;
  };
  return pairShared(of(was), of(is), keyOf, addressOf).flatMap(({ before, after }) => {
    const { model, block } = (after ?? before)!;
    const { settings, label = "protection", admits = false } = SETTINGS[block.type];
    const guarded = guardedLabelOf(model, block);
    const subject = `${block.type} ${subjectOf(model, block) ?? (block as Partial<Resource>).writtenBy ?? block.name}`;
    const row = (direction: Change["direction"], what: string): Change => ({
      kind: "elsewhere",
      direction,
      subject,
      what,
      labels:
        direction === "narrower" || direction === "same"
          ? []
          : sortLabels([label, ...(guarded ? [guarded] : []), ...administrators(what)]),
      details: detailsOf(block),
    });
    const values = (it: typeof after, path: string) =>
      it && valuesAt(it.model.names.resolve(it.block.attributes, it.block.stack), path.split("."));
    if (!before || !after) {
      // Keys, secrets, buckets and identities are new or gone as a whole, which other changes tell.
      if (!admits && (!before || OWNERS.test(block.type))) return [];
      const written = settings.flatMap(({ path }) =>
        (values(after ?? before, path) ?? []).map((it) => `${path} ${textOf(it)}`),
      );
      return [
        row(
          !!after === admits ? "wider" : "narrower",
          `${after ? "+" : "-"} ${mark(written.join(", ") || block.type)}`,
        ),
      ];
    }
    const [existed, exists] = [before.block.existence, after.block.existence];
    if (existed !== exists)
      return [
        row(
          "changed",
          exists === "perhaps" ? "it cannot be said whether it exists" : "it exists for certain",
        ),
      ];
    return settings.flatMap(({ path, strength }): Change[] => {
      const [old, now] = [before, after].map((it) => values(it, path)!);
      if (textOf(old) === textOf(now)) return [];
      const shown = (list: readonly unknown[]) =>
        list.length === 0 ? "not set" : mark(list.map(textOf).join(", "));
      const weakest = (list: readonly unknown[]) => {
        const strengths = (list.length === 0 ? [undefined] : list).map((it) => strength!(it));
        return strengths.includes(undefined) ? undefined : Math.min(...(strengths as number[]));
      };
      const [a, b] = strength ? [weakest(old), weakest(now)] : [undefined, undefined];
      if (a !== undefined && a === b) return [];
      const direction = a === undefined || b === undefined ? "changed" : b < a ? "wider" : "narrower";
      return [row(direction, `${path}: ${shown(old)} -> ${shown(now)}`)];
    });
  });
}

const OWNERS = /^aws_(kms_\w*key|kms_alias|secretsmanager_secret|s3_bucket|iam_role|iam_policy)$/;

function administrators(what: string): Label[] {
  return ADMINISTRATOR.test(what) ? ["root"] : [];
}

/** Values at a path. Lists of blocks are all followed. */
function valuesAt(value: unknown, path: readonly string[]): unknown[] {
  if (value === undefined || value === null) return [];
  if (path.length === 0) return [value];
  if (Array.isArray(value)) return value.flatMap((item) => valuesAt(item, path));
  return typeof value === "object"
    ? valuesAt((value as Record<string, unknown>)[path[0]], path.slice(1))
    : [];
}

/** Key, secret, bucket or identity that a resource belongs to, by name. */
function subjectOf(model: AwsModel, block: AwsBlock): string | undefined {
  const target = targetOf(model, block);
  if (target) return target.name;
  const { attributes, stack, type } = block;
  const parts = type.startsWith("aws_eks_")
    ? [
        attributes.cluster_name,
        attributes.principal_arn ?? attributes.namespace,
        attributes.policy_arn ?? attributes.service_account,
      ]
    : [attributes.name ?? attributes.url ?? attributes.user];
  const text = parts
    .filter((it) => it !== undefined)
    .map((it) => model.names.resolve(textOf(it), stack))
    .join(" ");
  return text === "" ? undefined : text;
}

function targetOf(model: AwsModel, block: AwsBlock): AwsTarget | undefined {
  const own = model.targets.find((it) => it.block === block);
  if (own) return own;
  const { bucket, secret_arn: secret, secret_id: id, target_key_id: key } = block.attributes;
  const named = bucket ?? secret ?? id ?? key;
  if (named === undefined) return undefined;
  const text = model.names.resolve(textOf(named), block.stack);
  return model.targets.find(({ arn, name }) => text === arn || text === name || arn.endsWith(`:key/${text}`));
}

function guardedLabelOf(model: AwsModel, block: AwsBlock): Label | undefined {
  const target = targetOf(model, block);
  return target && labelOfGuarded(guardedKind(target, unsealKeysOf(model)));
}

function detailsOf(block: AwsBlock): string[] {
  const { writtenBy, file } = block as Partial<Resource>;
  return writtenBy === undefined ? [] : [placeOf({ writtenBy, file })];
}
