import type { DefinitionField, DefinitionInterface, DefinitionTypes } from "./definition-types";

/** Interface at one place of a definition, such as `vault.tls`. */
export interface DefinitionSection {
  /** Path from the root; empty for the root itself. */
  readonly path: string;
  /** Value of the field that distinguishes the members of a union, such as `"pods"`. */
  readonly variant?: string;
  readonly definition: DefinitionInterface;
}

/**
 * Sections of a definition, each before those below it.
 * @param root name of the interface to start with
 * @param elsewhere names of interfaces that another page describes
 */
export function sectionsOf(
  types: DefinitionTypes,
  root: string,
  elsewhere: readonly string[] = [],
): DefinitionSection[] {
  const visit = (name: string, path: string): DefinitionSection[] => {
    if (elsewhere.includes(name)) return [];
    const members = types.unions.get(name);
    return (members ?? [name]).flatMap((member) => {
      const definition = types.interfaces.get(member);
      if (!definition) throw new Error(`platform/definition must export the interface ${member}.`);
      const below = definition.fields.flatMap((field) =>
        field.reference ? visit(field.reference, pathOf({ path }, field)) : [],
      );
      return [{ path, variant: members && variantOf(definition), definition }, ...below];
    });
  };
  return visit(root, "");
}

/** Path of a field, such as `databases[].name`. */
export function pathOf({ path }: { readonly path: string }, { name, isList }: DefinitionField): string {
  return `${path === "" ? "" : `${path}.`}${name}${isList ? "[]" : ""}`;
}

function variantOf({ fields }: DefinitionInterface): string | undefined {
  return fields.find(({ type }) => /^"[\w-]+"$/.test(type))?.type;
}
