import { Lazy, type TerraformResource } from "cdktf";
import type { IConstruct } from "constructs";
import { Field, type Fields, flag, object } from "./field";
import { literal } from "./literal";
import { received } from "./received";
import { ValidationError } from "./validation-error";
import { namespaceOf } from "./vault-scope";

/** Props of a construct whose resources may exist in Vault already. */
export interface ImportExistingProps {
  /**
   * Imports what exists in Vault instead of creating it. Terraform then sets only what you give here: no default of
   * this library is written, and what you leave out stays as it is in Vault. Keep it after the import: without it, the
   * next plan writes the defaults.
   * @default false - the resources are created
   */
  readonly importExisting?: boolean;
}

/** Props that may be left out where a construct is imported, because Vault has them. */
export type Importable<Props extends ImportExistingProps, Known extends keyof Props> =
  | (Props & { readonly importExisting?: false })
  | (Omit<Props, Known> & Partial<Pick<Props, Known>> & { readonly importExisting: true });

export const importExistingFields: Fields<ImportExistingProps> = { importExisting: flag.optional() };

/**
 * Field of such props.
 * @param known names of the properties that may be left out where a construct is imported
 */
export function importable<Props extends ImportExistingProps, Known extends keyof Props & string>(
  fields: () => Fields<Props>,
  ...known: readonly Known[]
): Field<Importable<Props, Known>> {
  const created = object<Props>(fields);
  const imported = object<Props>(() => {
    const all: Record<string, Field<unknown>> = { ...fields() };
    for (const name of known) all[name] = all[name].optional();
    return all as unknown as Fields<Props>;
  });
  return new Field((value, name) => {
    const isImported = (value as ImportExistingProps | undefined)?.importExisting === true;
    return (isImported ? imported : created).problem(value, name);
  });
}

/** Value of an argument that the provider requires and Terraform ignores, because Vault keeps what it has. */
export const KEPT = "kept as it is in Vault";

/**
 * Imports a resource, and has Terraform ignore each argument that is not set.
 * @param id by which the provider imports the resource
 * @param kept arguments that hold a placeholder, because the provider requires them
 * @throws ValidationError within a namespace of Vault Enterprise, where the provider cannot import by a block
 */
export function importResource(resource: TerraformResource, id: string, kept: readonly string[] = []): void {
  const namespace = namespaceOf(resource);
  if (namespace !== "") {
    throw new ValidationError(
      resource,
      `importExisting must not be set in a namespace of Vault Enterprise, got ${received(namespace)}: the provider imports there ` +
        "only by `terraform import` with TERRAFORM_VAULT_NAMESPACE_IMPORT",
    );
  }
  resource.importFrom(literal(id));
  const ignored = () => [resource.lifecycle?.ignoreChanges ?? [], kept, unsetArguments(resource)].flat();
  resource.addOverride("lifecycle.ignore_changes", Lazy.anyValue({ produce: ignored }));
}

/**
 * The default of an argument: nothing where the construct is imported.
 * @param scope whose props say so
 */
export function unlessImported<T>(
  { importExisting: imported }: ImportExistingProps,
  value: T,
): T | undefined {
  return imported ? undefined : value;
}

/**
 * For what an imported construct can do only with a prop that was left out.
 * @throws ValidationError that names the prop
 */
export function requireStated<T>(scope: IConstruct, prop: string, value: T | undefined, why: string): T {
  if (value !== undefined) return value;
  throw new ValidationError(scope, `${prop} must be set on what is imported, got nothing: ${why}`);
}

/** Arguments of a resource, in the form of ignore_changes, for which neither its construct nor an override says anything. */
function unsetArguments(resource: TerraformResource): string[] {
  const { rawOverrides } = resource as unknown as { readonly rawOverrides: Arguments };
  const all = overlay((resource as unknown as Synthesized).synthesizeAttributes(), rawOverrides);
  return Object.entries(all)
    .filter(([name]) => name !== "id" && !name.startsWith("//") && name !== "lifecycle")
    .flatMap(([name, value]) => unset(name, value));
}

interface Synthesized {
  synthesizeAttributes(): Arguments;
}

type Arguments = Readonly<Record<string, unknown>>;

function overlay(below: Arguments, above: Arguments): Arguments {
  const merged = Object.entries(above).map(([name, value]) => {
    const other = below[name];
    return [name, isPlain(value) && isPlain(other) ? overlay(other, value) : value];
  });
  return { ...below, ...Object.fromEntries(merged) };
}

/** Arguments within a block count for themselves: cdktf gives a block that stands once as an object. */
function unset(path: string, value: unknown): string[] {
  if (value === undefined || value === null) return [path];
  const within = (item: unknown, index: number): string[] =>
    isPlain(item)
      ? Object.entries(item).flatMap(([name, inner]) => unset(`${path}[${index}].${name}`, inner))
      : [];
  return Array.isArray(value) ? value.flatMap(within) : within(value, 0);
}

function isPlain(value: unknown): value is Arguments {
  return typeof value === "object" && value?.constructor === Object;
}
