import { type Change, type Label, pairUp, sortLabels } from "./changes";
import { argumentChange, flatten } from "./vault-arguments";
import { durationOf, formatDuration } from "../constructs/policy/durations";
import { mark } from "./markdown";
import { placeOf } from "../analysis/terraform/sources";
import type { Environment, Resource } from "../analysis/terraform/synthesized";
import { listOf, textOf } from "../analysis/terraform/values";

/** Roles of secrets engines that create credentials, and connections with the roles that may use them. */
const CREDENTIALS =
  /^vault_([a-z_]+_secret(_backend)?_(static_|dynamic_)?role(set)?|database_secret_backend_connection)$/;

/** Attributes that locate a resource and do not affect its credentials. */
const PLACE = ["//", "backend", "name", "depends_on", "provider", "lifecycle", "namespace", "id"];

/** SQL that gives a credential more than an application needs. */
const ADMINISTRATION =
  /\b(?!NOSUPERUSER\b)\w*SUPERUSER\b|\b(CREATEROLE|CREATEDB|REPLICATION|BYPASSRLS|SYSADMIN|DB_OWNER)\b|\bpg_(execute_server_program|(read|write)_(server_files|all_data))\b|GRANT\s+ALL\b|WITH\s+(ADMIN|GRANT)\s+OPTION|\bTO\s+PUBLIC\b|ALL\s+PRIVILEGES|GRANT\s+"?(pg_(?!read_all_stats|monitor)\w+|postgres|root|rds_superuser|cloudsqlsuperuser)\b|\bEXECUTE\s+(format|'|[^;]*\|\|)/i;

/** Arguments with permissions in a system outside Vault, which this comparison does not evaluate. */
const PERMISSIONS =
  /^(policy_(arns|document)|role_arns|iam_(groups|roles)|permissions_boundary_arn|kubernetes_role_(name|type)|generated_role_rules|service_account_name|binding\.|azure_(roles|groups)|application_object_id|token_scopes|consul_\w+|nomad_\w+|policies|roles|project_roles|vhosts?|vhost_topic|tags|team_id|user_id|organization|creation_ldif|(service|node)_identities|default_extensions|binding|service_account_email)/;

/** Login of a role: another one has other permissions. */
const LOGIN = /^(username|db_name|dn|service_account_email|default_user)$/;

/** Permissions of an administrator. */
const ADMINISTRATOR =
  /AdministratorAccess|PowerUserAccess|IAMFullAccess|\bcluster-admin\b|roles\/(owner|editor)|^Owner$|"Action":\s*\[?"(\*|iam:\*)"|"verbs":\s*\["\*"|global-management|^administrator$/;

/** Logins of administrators of databases and directories. */
const ADMINISTRATORS = /^(postgres|root|admin|administrator|sa|sys|system|rdsadmin|\w+_admin)$/i;

/** Types with permissions in SQL, or in names of the certificate. */
const EVALUATED = /^vault_(database|pki)_/;

/** Changes to the credentials of secrets engines: SQL, TTLs, allowed names. */
export function credentialChanges(before: Environment, after: Environment): Change[] {
  const of = ({ resources }: Environment) => resources.filter(({ type }) => CREDENTIALS.test(type));
  return pairUp(of(before), of(after), keyOf).flatMap((pair) => changesOf(pair));
}

function keyOf({ type, attributes, namespace }: Resource): string {
  const kind = type.replace(/^vault_|_secret_backend/g, "").replaceAll("_", " ");
  const mount = textOf(attributes.backend ?? attributes.mount ?? attributes.path ?? "");
  return `${namespace && `${namespace}/`}${mount} ${kind} ${textOf(attributes.name ?? attributes.role)}`;
}

function changesOf({ key, before, after }: { key: string; before?: Resource; after?: Resource }): Change[] {
  if (before && after && textWithoutPlace(before) === textWithoutPlace(after)) return [];
  const { type } = (after ?? before)!;
  const [was, is] = [before, after].map((resource) => flatten(resource?.attributes ?? {}));
  const parts = [...new Set([...was.keys(), ...is.keys()])]
    .filter((name) => !PLACE.includes(name.split(".")[0]))
    .sort()
    .flatMap((name) => partOf(type, name, was.get(name), is.get(name)));
  const change = { kind: "credentials", subject: key } as const;
  const where = placeOf((after ?? before)!);
  if (!before || !after) {
    const added = parts.filter(({ isSql }) => isSql);
    const risks = parts.flatMap(({ direction, labels, isSql }) =>
      direction === "wider" || isSql || labels.includes("root") || labels.includes("unknown access")
        ? labels
        : [],
    );
    return [
      {
        ...change,
        direction: after ? "wider" : "narrower",
        what: after ? "+ credentials of a new kind" : "- credentials of this kind",
        labels: after ? sortLabels(risks) : [],
        details: [...added.flatMap(({ details }) => details), where],
      },
    ];
  }
  return parts.map(({ direction, what, labels, details }) => ({
    ...change,
    direction,
    what,
    labels: sortLabels(labels),
    details: [...details, where],
  }));
}

/** Attributes of a resource for comparison. Most credentials are unchanged. */
function textWithoutPlace({ attributes }: Resource): string {
  return JSON.stringify({ ...attributes, "//": undefined });
}

interface Part {
  readonly direction: Change["direction"];
  readonly what: string;
  readonly labels: readonly Label[];
  readonly details: readonly string[];
  readonly isSql: boolean;
}

function partOf(type: string, name: string, before: unknown, after: unknown): Part[] {
  const [was, is] = [listOf(before), listOf(after)];
  if (JSON.stringify(was) === JSON.stringify(is)) return [];
  if (/_statements$/.test(name)) return [sqlPart(name, was, is)];
  const added = is.filter((value) => !was.includes(value));
  const removed = was.filter((value) => !is.includes(value));
  const labels: Label[] =
    /^allow/.test(name) && added.some((value) => value.includes("*")) ? ["wildcard"] : [];
  const part = { labels, details: [], isSql: false };
  if (/ttl$|_period$/.test(name)) {
    const [earlier, later] = [before, after].map((value) => durationOf(value) ?? 0);
    // Without a value, the TTL is that of the mount, which permits longer ones.
    const isLonger = (later || Infinity) > (earlier || Infinity);
    const what = `${mark(name)}: ${earlier ? formatDuration(earlier) : "the mount's"} -> ${later ? formatDuration(later) : "the mount's"}`;
    return [{ ...part, direction: isLonger ? "wider" : "narrower", what }];
  }
  const changed = argumentChange(type, name, before, after);
  if (!changed) return [];
  if ((PERMISSIONS.test(name) && !EVALUATED.test(type)) || LOGIN.test(name)) {
    const direction = changed.direction === "narrower" ? "changed" : changed.direction;
    return [{ ...part, direction, what: changed.what, labels: labelsOfPermissions(name, was, added) }];
  }
  const { what, label } = changed;
  if (/^(allow_any_name|allow_glob_domains|allow_wildcard_certificates)$/.test(name) && is[0] === "true") {
    return [{ ...part, direction: "wider", what, labels: ["wildcard"] }];
  }
  if (typeof after === "boolean" && /^allow_/.test(name))
    return [{ ...part, direction: after ? "wider" : "narrower", what }];
  if (/^allowed_/.test(name)) {
    return [
      { ...part, direction: added.length > 0 ? "wider" : "narrower", what: signed(name, added, removed) },
    ];
  }
  return [{ ...part, direction: changed.direction, what, labels: label ? [label] : [] }];
}

/** Labels of permissions outside Vault. The login of new credentials counts if it is an administrator's. */
function labelsOfPermissions(name: string, was: readonly string[], added: readonly string[]): Label[] {
  if (LOGIN.test(name)) {
    const isAdministrator = name !== "db_name" && added.some((value) => ADMINISTRATORS.test(value));
    return [
      ...(was.length > 0 ? ["unknown access" as const] : []),
      ...(isAdministrator ? ["database admin" as const] : []),
    ];
  }
  return ["unknown access", ...(added.some((value) => ADMINISTRATOR.test(value)) ? (["root"] as const) : [])];
}

function signed(name: string, added: readonly string[], removed: readonly string[]): string {
  return [
    ...added.map((value) => `+ ${mark(name)} ${mark(value)}`),
    ...removed.map((value) => `- ${mark(name)} ${mark(value)}`),
  ].join("; ");
}

/**
 * Changed SQL, line by line. A change of creation statements counts as wider access, because only the SQL defines the
 * access of the login.
 */
function sqlPart(name: string, before: readonly string[], after: readonly string[]): Part {
  const lines = (statements: readonly string[]) => statements.flatMap((text) => text.split("\n"));
  const [was, is] = [lines(before), lines(after)];
  const added = is.filter((line) => !was.includes(line));
  const removed = was.filter((line) => !is.includes(line));
  const isAdministration = (texts: readonly string[]) =>
    ADMINISTRATION.test(texts.join("\n").replace(/\/\*[^]*?\*\/|--.*$/gm, ""));
  const isGrave = isAdministration(added) || (isAdministration(is) && !isAdministration(was));
  const labels: Label[] = [
    ...(isGrave ? (["database admin"] as const) : []),
    ...(added.some((line) => line.includes("{{terraform ")) ? (["unreadable"] as const) : []),
  ];
  return {
    direction: name === "creation_statements" ? "wider" : "changed",
    what: `SQL of ${mark(name)} changed`,
    labels,
    details: [
      ...removed.map((line) => mark(`- ${line.trim()}`)),
      ...added.map((line) => mark(`+ ${line.trim()}`)),
    ],
    isSql: true,
  };
}
