import { Lazy, type TerraformResource } from "cdktf";
import type { IConstruct } from "constructs";
import { Field, type Fields, flag, object } from "./field";
import { literal } from "./literal";
import { received } from "./received";
import { ValidationError } from "./validation-error";
import { namespaceOf } from "./vault-scope";

/** Properties of a construct with resources that may already exist in Vault. */
export interface ImportExistingProps {
  /**
   * Imports existing objects from Vault instead of creating them. Terraform then sets only the properties that you
   * give. No default of this library is written, and properties that you omit stay as they are in Vault.
   *
   * Keep this property after the import. Without it, the next plan writes the defaults.
   * @default false - the resources are created
   */
  readonly importExisting?: boolean;
}

/** Properties of a construct. Some may be omitted if the construct is imported, because Vault has them. */
export type Importable<Props extends ImportExistingProps, Known extends keyof Props> =
  | (Props & { readonly importExisting?: false })
  | (Omit<Props, Known> & Partial<Pick<Props, Known>> & { readonly importExisting: true });

/** Fields of `ImportExistingProps`. */
export const importExistingFields: Fields<ImportExistingProps> = { importExisting: flag.optional() };

/**
 * Field for such properties.
 * @param known names of the properties that may be omitted if the construct is imported
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

/** Placeholder of an argument that the provider requires and Terraform ignores: Vault keeps its value. */
export const KEPT = "kept as it is in Vault";

/**
 * Imports a resource, and ignores changes of each argument that is not set.
 * @param id import id of the resource in the provider
 * @param kept arguments with a placeholder, because the provider requires them
 * @throws ValidationError within a Vault Enterprise namespace, where the provider does not support import blocks
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

/** Default of an argument, or undefined if the construct is imported. */
export function unlessImported<T>(
  { importExisting: imported }: ImportExistingProps,
  value: T,
): T | undefined {
  return imported ? undefined : value;
}

/**
 * Returns a property that an operation of an imported construct needs.
 * @throws ValidationError that names the property, if it was omitted
 */
export function requireStated<T>(scope: IConstruct, prop: string, value: T | undefined, why: string): T {
  if (value !== undefined) return value;
  throw new ValidationError(scope, `${prop} must be set on what is imported, got nothing: ${why}`);
}

/** Arguments of a resource, in the form of `ignore_changes`, that neither its construct nor an override sets. */
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

/**
 * Paths of unset arguments. Arguments within a block count separately. cdktf renders a block that occurs once as an
 * object.
 */
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
