import type { Change } from "./changes";
import { mark } from "./markdown";
import { keepingData, renamed } from "./renames";
import { lossOfKey } from "./seal-keys";
import type { Json } from "../analysis/terraform/blocks";
import { placeOf } from "../analysis/terraform/sources";
import { movesBetween } from "../analysis/terraform/model";
import type { Environment, Resource } from "../analysis/terraform/synthesized";
import { textOf } from "../analysis/terraform/values";

interface Loss {
  readonly types: RegExp;
  /** Attributes that the provider cannot change in place: it destroys and recreates the resource. */
  readonly replacedBy: readonly string[];
  /** Description of the loss, or its function. */
  readonly lost: string | ((resource: Resource, environment: Environment) => string);
}

/**
 * Resources with content that Terraform cannot recreate. Attributes are those that the provider's schema marks with
 * ForceNew. In addition, all Vault resources have `namespace`, and all Kubernetes resources have the name in their
 * metadata.
 * @see https://github.com/hashicorp/terraform-provider-vault/tree/v5.6.0/vault
 * @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs
 */
const LOSSES: readonly Loss[] = [
  {
    types: /^vault_audit$/,
    replacedBy: ["path", "type", "description", "local", "options"],
    lost: "the audit device with its HMAC key: values in older entries match nothing any more, and it records nothing until the new one stands",
  },
  {
    types: /^vault_(mount|database_secrets_mount|[a-z]+_secret_backend|kv_secret_backend)$/,
    replacedBy: ["type", "local", "seal_wrap", "external_entropy_access"],
    lost: "all that the mount holds: its secrets, keys and roles, and every lease",
  },
  {
    types: /^vault_(auth_backend|[a-z]+_auth_backend)$/,
    replacedBy: ["type", "local"],
    lost: "the roles of the mount and every token that was issued by it",
  },
  { types: /^vault_namespace$/, replacedBy: ["path"], lost: "everything in the namespace" },
  {
    types: /^vault_transit_secret_backend_key$/,
    replacedBy: ["backend", "name", "type", "derived", "convergent_encryption"],
    lost: "the key, and with it everything that it encrypted",
  },
  {
    types: /^vault_pki_secret_backend_(root_cert|key|issuer)$/,
    replacedBy: [
      ...["backend", "type", "common_name", "alt_names", "ip_sans", "uri_sans", "other_sans", "format"],
      ...["private_key_format", "key_type", "key_bits", "max_path_length", "exclude_cn_from_sans", "ou"],
      ...["organization", "country", "locality", "province", "street_address", "postal_code", "issuer_name"],
      ...["key_name", "key_ref", "managed_key_name", "managed_key_id", "not_before_duration"],
      ...["permitted_dns_domains", "excluded_dns_domains"],
    ],
    lost: "the certificate authority or its key: what it issued is trusted, revoked and renewed by it",
  },
  {
    types: /^vault_(kv_secret|kv_secret_v2|generic_secret)$/,
    replacedBy: ["mount", "name", "path"],
    lost: "the secret with all its versions",
  },
  {
    types: /^vault_database_secret_backend_connection$/,
    replacedBy: [],
    lost: "the connection: credentials that it issued can no longer be revoked",
  },
  {
    types: /^aws_kms_key$/,
    replacedBy: [
      "customer_master_key_spec",
      "key_usage",
      "custom_key_store_id",
      "multi_region",
      "xks_key_id",
    ],
    lost: lossOfKey,
  },
  {
    types: /^aws_kms_replica_key$/,
    replacedBy: ["primary_key_arn"],
    lost: lossOfKey,
  },
  {
    types: /^aws_kms_alias$/,
    replacedBy: ["name", "name_prefix"],
    lost: lossOfKey,
  },
  {
    types: /^aws_s3_bucket$/,
    replacedBy: ["bucket", "bucket_prefix", "object_lock_enabled"],
    lost: "the bucket with its objects, such as snapshots",
  },
  {
    types: /^aws_secretsmanager_secret$/,
    replacedBy: ["name", "name_prefix"],
    lost: "the secret with its versions, such as a recovery share",
  },
  {
    types: /^kubernetes_namespace(_v1)?$/,
    replacedBy: ["metadata.name"],
    lost: "everything in the namespace",
  },
  {
    types: /^kubernetes_persistent_volume_claim(_v1)?$/,
    replacedBy: ["metadata.name", "metadata.namespace", "spec"],
    lost: "the data of the volume, unless its class retains it",
  },
  {
    types: /^helm_release$/,
    replacedBy: ["name", "namespace"],
    lost: "the release with all that it runs, for as long as the new one needs",
  },
];

/** Changes that destroy or replace resources with content. */
export function destructionChanges(before: Environment, after: Environment): Change[] {
  const moved = movesBetween(before, after);
  const later = new Map(after.resources.map((resource) => [keyOf(resource), resource]));
  return before.resources.flatMap((was): Change[] => {
    const loss = lossOf(was.type);
    if (!loss) return [];
    const is = later.get(moved.get(keyOf(was)) ?? keyOf(was));
    const causes = is ? changed(was, is, loss.replacedBy) : [];
    if (is && causes.length === 0) return [];
    const isRefused = is !== undefined && isProtected(is);
    const refusal = isRefused ? ` (${mark("prevent_destroy")} stops the apply)` : "";
    const lost = typeof loss.lost === "string" ? loss.lost : loss.lost(was, before);
    const other = is ? undefined : renamed(was, before, after);
    const fate = is
      ? `replaced, because of ${causes.map(mark).join(", ")}`
      : other
        ? "destroyed and created again"
        : "destroyed";
    return [
      {
        kind: "destruction",
        direction: "changed",
        subject: nameOf(was),
        what: `${fate}: ${lost}${refusal}`,
        labels: ["destroys"],
        ...(other && { remarks: [keepingData(was, other)] }),
        details: [`${was.address} [${placeOf(was)}]`],
      },
    ];
  });
}

/** Returns true for types whose removal counts as a loss. */
export function isLoss(type: string): boolean {
  return lossOf(type) !== undefined;
}

const losses = new Map<string, Loss | undefined>();

function lossOf(type: string): Loss | undefined {
  if (!losses.has(type))
    losses.set(
      type,
      LOSSES.find(({ types }) => types.test(type)),
    );
  return losses.get(type);
}

function keyOf({ stack, address }: Resource): string {
  return `${stack} ${address}`;
}

function changed(before: Resource, after: Resource, attributes: readonly string[]): string[] {
  const common = before.type.startsWith("vault_") ? ["namespace"] : [];
  // The provider recreates a mount at the new path if it must not remount it.
  const path = after.attributes.disable_remount === true ? ["path"] : [];
  return [...attributes, ...common, ...path].filter(
    (attribute) => valueOf(before.attributes, attribute) !== valueOf(after.attributes, attribute),
  );
}

function valueOf(attributes: Json, path: string): string {
  const value = path.split(".").reduce<unknown>((current, part) => {
    const item = Array.isArray(current) ? (current[0] as unknown) : current;
    return (item as Json | undefined)?.[part];
  }, attributes);
  // A switch that is not set is off.
  return value === undefined || value === null || value === false ? "" : textOf(value);
}

function isProtected({ body }: Resource): boolean {
  return [body.lifecycle]
    .flat()
    .some((lifecycle) => (lifecycle as Json | undefined)?.prevent_destroy === true);
}

/** Name by which users know the resource. */
function nameOf({ type, attributes, address, namespace }: Resource): string {
  const name =
    attributes.path ?? attributes.name ?? attributes.bucket ?? valueOf(attributes, "metadata.name");
  return `${type} ${namespace && `${namespace}/`}${textOf(name || address)}`;
}
