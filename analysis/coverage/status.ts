import { AWS } from "./aws";
import { INERT, SELECTORS } from "./common";
import { type ProviderCoverage, type Status, statusesOf, type TypeCoverage } from "./coverage";
import { HELM } from "./helm";
import { KUBERNETES } from "./kubernetes";
import { VAULT } from "./vault";

/** Coverage by the provider's name, which is the first word of its types. */
export const PROVIDERS: Readonly<Record<string, ProviderCoverage>> = {
  vault: VAULT,
  aws: AWS,
  kubernetes: KUBERNETES,
  helm: HELM,
};

/** Key of a type in the tables. @param type for example kubernetes_role_v1 */
export function coverageKey(kind: string, type: string): string {
  // Data sources and ephemeral resources read the same.
  const prefix = kind === "resource" ? "" : "data.";
  return prefix + (type.startsWith("kubernetes_") ? type.replace(/_v1$/, "") : type);
}

/** Coverage of a type; undefined if nothing reads it. */
export function coverageOf(kind: string, type: string): TypeCoverage | undefined {
  return PROVIDERS[type.split("_")[0]]?.types[coverageKey(kind, type)];
}

const statuses = new WeakMap<TypeCoverage, ReadonlyMap<string, Status>>();

function attributesOf(kind: string, type: string): ReadonlyMap<string, Status> {
  const coverage = coverageOf(kind, type) ?? NOTHING;
  const known = statuses.get(coverage) ?? statusesOf(coverage);
  statuses.set(coverage, known);
  return known;
}

const NOTHING: TypeCoverage = {};

/**
 * What the access commands make of an attribute.
 * @param path dotted path without positions in lists, for example spec.template.spec.container.image
 * @param isNew true if the whole block is new
 */
export function statusOf(kind: string, type: string, path: string, isNew = false): Status {
  const known = attributesOf(kind, type);
  // Another configuration reaches another account, cluster or Vault.
  if (path === "provider") return "unread";
  const parts = path.split(".");
  const prefixes = parts.map((_, index) => parts.slice(0, parts.length - index).join("."));
  for (const prefix of prefixes) {
    const status = (isNew ? known.get(`+${prefix}`) : undefined) ?? known.get(prefix);
    if (status !== undefined) return status;
    if (Object.hasOwn(INERT, prefix) && (kind === "resource" || !SELECTORS.includes(prefix))) return "inert";
  }
  // Another connection is another object, whatever the type.
  return (parts[0] === "provider" ? undefined : known.get("*")) ?? "unread";
}

/** What the access commands make of a new block. */
export interface Creation {
  /** Status of the creation itself. */
  readonly status: Status;
  /** True if the status holds whatever the attributes of the block are. */
  readonly isWhole: boolean;
}

/** What the access commands make of a new block of a type. */
export function creationOf(kind: string, type: string): Creation {
  const known = attributesOf(kind, type);
  const status = known.get("+*") ?? known.get("+") ?? "unread";
  return { status, isWhole: known.has("+*") || status === "unread" || status === "code" };
}

/** Types that hold or give access: identities, permissions, keys, secrets, buckets, clusters, logins. */
const GRAVE_WORDS =
  /_(access|acl|acm|admin|auth|authorization|backup|binding|bucket|certificate|cloudtrail|cluster|cognito|credentials?|eks|federation|iam|identity|jwt|key|kms|ldap|lambda|login|mfa|object|oidc|organizations|password|permissions?|policy|principal|privilege|role|s3\w*|saml|secret|secretsmanager|share|sso|ssoadmin|ssm|sts|token|trust|user|users|vault)(_|$)/;

const GRAVE_KUBERNETES =
  /^kubernetes_((mutating|validating)_(webhook|admission)|custom_resource_definition|persistent_volume(_v1)?$|api_service|certificate_signing|pod_security|secret|service_account|default_service_account|token_request|(cluster_)?role|network_policy|namespace|labels|annotations|env|endpoints|endpoint_slice)/;

/** Resources of AWS that create others of any type. */
const CREATORS =
  /^aws_(cloudformation|cloudcontrolapi|servicecatalog|codebuild|codepipeline|proton|imagebuilder)_/;

/** Arguments that name the identity of a program, or hold a policy. */
const GRAVE_ARGUMENT =
  /(^|_)(role|roles|role_arns?|instance_profile|policy|policies|credentials(_arn)?|access_policies)$/;

/** Custom resources and other kinds that a manifest holds, of which a change needs an approval. */
const GRAVE_KINDS =
  /^(.*Role|.*RoleBinding|Secret|ServiceAccount|Namespace|NetworkPolicy|.*WebhookConfiguration|.*AdmissionPolicy(Binding)?|APIService|CertificateSigningRequest|CustomResourceDefinition|PodSecurityPolicy|.*Policy|.*Issuer|.*SecretStore|Application(Set)?|Kustomization|Helm(Release|Chart)(Config)?|(Cron|Cluster)?Workflow\w*|(Task|Pipeline)(Run)?|PushSecret|Vault\w+|\w*Route|Gateway|VirtualService|ServiceEntry|PeerAuthentication|EnvoyFilter|Composition|Provider(Config)?)$/;

const ROTATION = /^[\w-]+\/rotate-root\/[\w.-]+$/;

/** Returns true if a change of an unread attribute of the type can give access. */
export function isGrave(type: string, attributes: Readonly<Record<string, unknown>> = {}): boolean {
  // A new password of a connection that Vault has already.
  if (type === "vault_generic_endpoint" && ROTATION.test(String(attributes.path))) return false;
  if (/^(vault_|null_resource$)/.test(type)) return true;
  if (type === "kubernetes_manifest") {
    const { kind } = (attributes.manifest ?? {}) as { kind?: unknown };
    return typeof kind !== "string" || GRAVE_KINDS.test(kind);
  }
  // A route of the gateway API leads from outside to a service.
  if (type.startsWith("kubernetes_")) return GRAVE_KUBERNETES.test(type) || /route$|_gateway$/.test(type);
  if (type.startsWith("helm_")) return false;
  if (CREATORS.test(type) || hasGraveArgument(attributes)) return true;
  return GRAVE_WORDS.test(`_${type}`.replace(/^_[a-z]+/, ""));
}

/** Returns true if an argument or a nested one names an identity or holds a policy. */
function hasGraveArgument(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return value.some(hasGraveArgument);
  return Object.entries(value).some(
    ([name, item]) =>
      name !== "//" &&
      name !== "tags" &&
      ((GRAVE_ARGUMENT.test(name) && item !== undefined && item !== null) || hasGraveArgument(item)),
  );
}
