import { VaultProvider } from "@cdktf/provider-vault/lib/provider";
import { TerraformStack, Testing } from "cdktf";
import type { IConstruct } from "constructs";
import { PkiAuthority, Policy } from "../../constructs";
import { ImportableConstructs } from "./importable-constructs";

/** One resource that a construct imports. */
export interface ImportedResource {
  /** Class of the construct. */
  readonly construct: string;
  readonly type: string;
  /** Import id, or the token of a data source that finds it. */
  readonly id: string;
}

/** Imports of each construct with `importExisting`, as Terraform reads them, from one example of each construct. */
export function importedResources(): ImportedResource[] {
  const stack = new TerraformStack(Testing.app(), "imports");
  new VaultProvider(stack, "Vault", {});
  new ImportableConstructs(stack, "Imports");
  const { import: imports, resource } = JSON.parse(Testing.synth(stack, true)) as Synthesized;
  const names = new Map(stack.node.findAll().map((node) => [node.node.path, node]));
  return imports.map(({ id, to }) => {
    const [type, name] = to.split(".");
    const { path } = resource[type][name]["//"]?.metadata ?? {};
    const owner = path === undefined ? ownerOf(stack, name) : names.get(path)?.node.scope;
    return { construct: publicOwner(owner), type, id };
  });
}

interface Synthesized {
  readonly import: readonly { readonly id: string; readonly to: string }[];
  readonly resource: Readonly<
    Record<string, Record<string, { readonly "//"?: { readonly metadata?: { readonly path?: string } } }>>
  >;
}

function ownerOf(stack: TerraformStack, name: string): IConstruct | undefined {
  return stack.node
    .findAll()
    .find((node) => (node as { friendlyUniqueId?: string }).friendlyUniqueId === name)?.node.scope;
}

/**
 * Public construct that a resource belongs to. Users do not create the halves of a CA, or the policy of a role or
 * group, so these belong to the construct around them.
 */
function publicOwner(owner: IConstruct | undefined): string {
  if (owner === undefined) throw new Error("an import block must be of a construct");
  const { scope } = owner.node;
  const isPart =
    owner instanceof PkiAuthority || (owner instanceof Policy && !(scope instanceof ImportableConstructs));
  return isPart ? publicOwner(scope) : owner.constructor.name;
}

/** Renders the table of docs/adopting.md. */
export function renderImportTable(): string {
  const byConstruct = new Map<string, string[]>();
  for (const { construct, type, id } of importedResources()) {
    const known = /^\$\{data\./.test(id) ? "found by its name" : `\`${id}\``;
    byConstruct.set(construct, [...(byConstruct.get(construct) ?? []), `\`${type}\`: ${known}`]);
  }
  const rows = [...byConstruct].sort(([one], [other]) => (one < other ? -1 : 1));
  return [
    "| Construct | Resources and import ids |",
    "|---|---|",
    ...rows.map(([construct, resources]) => `| \`${construct}\` | ${resources.join("<br>")} |`),
  ].join("\n");
}
