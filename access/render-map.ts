import { renderColumns } from "./table";
import type { Access, AccessMap, IdentityAccess, Reason } from "./access-map";
import { describeConstraints, describeReasons } from "./describe";
import { formatDuration } from "../constructs/policy/durations";
import { type Format, plural, printJson } from "./format";
import { code, escapeMarkdown, folded, htmlCode, markdownTable } from "./markdown";

/** Renders all identities with their permissions. */
export function renderMap(maps: readonly AccessMap[], format: Format): string {
  switch (format) {
    case "json":
      return printJson({ environments: maps.map(describeMap) });
    case "markdown":
      return maps.map(markdown).join("\n\n");
    case "table":
      return maps.map(table).join("\n\n");
  }
}

const everyoneOf = ({ identities, unattached }: AccessMap) => [...identities, ...unattached];

function titleOf(map: AccessMap): string {
  return `${map.environment}: ${plural(map.identities.length, "identity", "identities")}`;
}

function table(map: AccessMap): string {
  const rows = everyoneOf(map).flatMap((each) =>
    rowsOf(each).map(([path, capabilities, why], index) => [
      index === 0 ? each.identity.key : "",
      path,
      capabilities,
      why,
    ]),
  );
  const notes = map.notes.map((note) => `note: ${note}`);
  if (rows.length === 0) return [titleOf(map), ...notes].join("\n");
  return [
    titleOf(map),
    "",
    renderColumns([["identity", "path", "capabilities", "why"], ...rows]),
    ...notes,
  ].join("\n");
}

function markdown(map: AccessMap): string {
  const lines = [`### Access to Vault in ${escapeMarkdown(map.environment)}`, ""];
  for (const each of everyoneOf(map)) {
    const { key, subject } = each.identity;
    const rows = rowsOf(each).map(([path, capabilities, why]) => [
      code(path),
      escapeMarkdown(capabilities),
      escapeMarkdown(why),
    ]);
    const summary = `${htmlCode(key)}: ${escapeMarkdown(subject)}, ${plural(rows.length, "path")}`;
    lines.push(...folded(summary, markdownTable(["Path", "Capabilities", "Why"], rows)), "");
  }
  lines.push(...map.notes.map((note) => `- ${escapeMarkdown(note)}`));
  return lines.join("\n").trimEnd();
}

/** Path, capabilities and reason. The policy root and unknown policies come first. */
function rowsOf({
  isRoot,
  unknown,
  access,
}: IdentityAccess): [path: string, capabilities: string, why: string][] {
  const rows = access.map((one): [string, string, string] => [one.pattern, capabilitiesOf(one), whyOf(one)]);
  rows.sort(([one], [other]) => (one < other ? -1 : 1));
  return [
    ...(isRoot ? [["everything", "root", "policy root"] as [string, string, string]] : []),
    ...unknown.map(({ name, problem }): [string, string, string] => [
      "not known",
      "not known",
      `policy ${name}: ${problem}`,
    ]),
    ...rows,
  ];
}

/** Capabilities with their constraints, as text. */
export function capabilitiesOf({ permissions }: Pick<Access, "permissions">): string {
  const limits = describeConstraints(permissions);
  const capabilities = permissions.capabilities.join(", ") || "nothing";
  return limits.length === 0 ? capabilities : `${capabilities} (${limits.join("; ")})`;
}

function whyOf({ why, shadowedBy }: Access): string {
  const reasons = describeReasons(why).join("; ");
  return shadowedBy === undefined ? reasons : `without effect, Vault goes by ${shadowedBy}; ${reasons}`;
}

function describeMap(map: AccessMap) {
  return {
    name: map.environment,
    identities: map.identities.map(describeIdentity),
    policiesWithoutIdentity: map.unattached.map(describeIdentity),
    notes: map.notes,
  };
}

function describeIdentity({ identity, isRoot, unknown, access }: IdentityAccess) {
  const { key, kind, namespace, mount, name, subject, policies, bindings, lifetime, writtenBy, file, stack } =
    identity;
  const { ttl, maxTtl, explicitMaxTtl, period } = lifetime;
  return {
    identity: key,
    kind,
    ...(namespace && { namespace }),
    mount,
    name,
    subject,
    policies,
    isRoot,
    unknownPolicies: unknown.map(({ name: policy, problem }) => ({ policy, problem })),
    conditions: Object.fromEntries(bindings.map(({ name: binding, values }) => [binding, values])),
    lifetime: Object.fromEntries(
      Object.entries({ ttl, maxTtl, explicitMaxTtl, period })
        .filter(([, seconds]) => seconds > 0)
        .map(([each, seconds]) => [each, formatDuration(seconds)]),
    ),
    stack,
    writtenBy,
    ...(file !== undefined && { file }),
    access: access.map(describeAccess),
  };
}

function describeAccess({ pattern, permissions, shadowedBy, why }: Access) {
  return {
    path: pattern,
    capabilities: permissions.capabilities,
    constraints: describeConstraints(permissions),
    ...(shadowedBy !== undefined && { shadowedBy }),
    why: why.map(describeReason),
  };
}

/** Reason for JSON output. */
export function describeReason({ policy, via, writtenBy, file, stack, grants }: Reason) {
  return { policy, via, writtenBy, file, stack, grants };
}
