import { readFileSync } from "node:fs";
import { join } from "node:path";
import { dev } from "../../../environments/dev";
import type { EnvironmentDefinition } from "../../../platform/schema";

type Oidc = NonNullable<EnvironmentDefinition["vault"]["oidc"]>;

/** Row of the table in docs/identity-providers.md. */
export interface ProviderRow {
  readonly provider: string;
  /** Fields in the row. */
  readonly fields: Pick<Oidc, "issuer" | "scopes" | "groupsClaim" | "boundClaims" | "providerConfig">;
  /** Group in the form that this provider sends. */
  readonly group: string;
}

const PAGE = join(__dirname, "../../../docs/identity-providers.md");
const HEADER = "| Provider | `issuer` | `scopes` | `groupsClaim` | Further fields | A group |";

/** Rows of the table, in order. */
export function providerRows(): ProviderRow[] {
  const [, table] = readFileSync(PAGE, "utf8").split(`${HEADER}\n`);
  const lines = table.split("\n").slice(1);
  return lines.slice(0, lines.indexOf("")).map((line) => {
    const [provider, ...cells] = line.split("|").slice(1, -1);
    const [issuer, scopes, groupsClaim, further, group] = cells.map((cell) =>
      cell.trim().replace(/^`|`$/g, ""),
    );
    return {
      provider: provider.trim(),
      fields: { issuer, scopes: JSON.parse(scopes), groupsClaim, ...literal(further) },
      group,
    };
  });
}

/** Parses fields in TypeScript syntax, such as `boundClaims: { hd: ["example.com"] }`. */
function literal(fields: string): Partial<ProviderRow["fields"]> {
  return JSON.parse(`{${fields.replace(/(\w+):/g, '"$1":')}}`);
}

/** Environment with a login at the provider of the row. */
export function environmentOf({ fields, group }: ProviderRow): EnvironmentDefinition {
  return {
    ...dev,
    vault: { ...dev.vault, oidc: { ...fields, clientId: "vault", groups: groupsLike(group) } },
  };
}

/** Groups for each level, of the same form as the row's group, which is the admin group. */
function groupsLike(group: string): Oidc["groups"] {
  const [name, ...domain] = group.split("@");
  const other = (index: number) => [`${name.slice(0, -1)}${index}`, ...domain].join("@");
  return { operator: other(7), auditor: other(8), admin: group, secretWriter: other(9) };
}
