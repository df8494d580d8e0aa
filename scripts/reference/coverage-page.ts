import { INERT } from "../../analysis/coverage/common";
import { type ProviderCoverage, type Status, statusesOf } from "../../analysis/coverage/coverage";
import { PROVIDERS } from "../../analysis/coverage/status";

const COLUMNS: readonly [status: Status, title: string][] = [
  ["read", "Read"],
  ["operation", "Operation"],
  ["code", "Code"],
  ["inert", "No effect"],
  ["unread", "Not read"],
];

const EVENTS: Readonly<Record<string, string>> = {
  "+": "creation",
  "+*": "creation",
  "-": "removal",
  "*": "all others",
};

/** Renders the page of what `access diff` reads: a table of types and attributes for each provider. */
export function renderCoveragePage(): string {
  return [
    "# What access diff reads",
    "<!-- Written by npm run docs:reference from the tables in analysis/coverage. -->",
    "A change of an attribute that is read is compared by its meaning. `access diff` names every other change, except those without effect:",
    [
      "- *Operation*: named, without an approval.",
      "- *Code*: named and dangerous, because it says which code runs.",
      "- *Not read*: named. It is dangerous if the type can give access: types of Vault, and those of identities, permissions, keys, secrets, buckets and clusters.",
    ].join("\n"),
    "A type or an attribute that no table has is not read. A name with dots is an attribute of a nested block, and counts for everything below it. An attribute with *if new* counts for a new object only.",
    "## Attributes without effect",
    "These have no effect in any type, unless its row lists them.",
    table(
      ["Attribute", "Reason"],
      Object.entries(INERT).map(([name, reason]) => [code(name), reason]),
    ),
    ...Object.entries(PROVIDERS).flatMap(([name, provider]) => section(name, provider)),
    "",
  ].join("\n\n");
}

function section(name: string, { types, unread }: ProviderCoverage): string[] {
  const rows = Object.entries(types).map(([type, coverage]) => {
    const statuses = [...statusesOf(coverage)];
    const of = (status: Status) => statuses.filter(([, each]) => each === status).map(([path]) => path);
    return [code(type), ...COLUMNS.map(([status]) => of(status).map(nameOf).join(", "))];
  });
  return [
    `## Provider ${name}`,
    table(["Type", ...COLUMNS.map(([, title]) => title)], rows),
    `Types that are not read: ${[...unread].map(code).join(", ")}.`,
  ];
}

function nameOf(path: string): string {
  if (EVENTS[path]) return EVENTS[path];
  return path.startsWith("+") ? `${code(path.slice(1))} if new` : code(path);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function code(text: string): string {
  return `\`${text}\``;
}
