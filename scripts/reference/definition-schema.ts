import { z } from "zod";
import { environmentSchema } from "../../platform/schema";
import type { DefinitionField, DefinitionInterface, DefinitionTypes } from "./definition-types";

/** Part of JSON Schema that definitions use. */
export interface JsonSchema {
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly oneOf?: readonly JsonSchema[];
}

/** JSON Schema (2020-12) of an environment definition, with the descriptions of the doc comments. */
export function environmentJsonSchema(types: DefinitionTypes): JsonSchema {
  const schema = z.toJSONSchema(environmentSchema, {
    io: "input",
    unrepresentable: "any",
    // zod leaves out the default of a list if it transforms the elements.
    override({ zodSchema: { _zod: zod }, jsonSchema }) {
      if (zod.def.type === "default") jsonSchema.default ??= zod.def.defaultValue;
    },
  }) as JsonSchema;
  return described(types, "EnvironmentDefinition", schema);
}

function described(types: DefinitionTypes, reference: string, schema: JsonSchema): JsonSchema {
  if (schema.items) return { ...schema, items: described(types, reference, schema.items) };
  if (schema.oneOf) {
    const members = types.unions.get(reference)!.map((member) => types.interfaces.get(member)!);
    const oneOf = schema.oneOf.map((choice) => {
      const member = members.find(({ fields }) => hasProperties(choice, fields))!;
      return described(types, member.name, choice);
    });
    return { ...schema, oneOf };
  }
  const definition = types.interfaces.get(reference)!;
  const properties = definition.fields.map((field) => [
    field.name,
    describedField(types, field, schema.properties![field.name]),
  ]);
  return {
    ...schema,
    description: schema.description ?? definition.description,
    properties: Object.fromEntries(properties) as Record<string, JsonSchema>,
  };
}

function describedField(types: DefinitionTypes, field: DefinitionField, schema: JsonSchema): JsonSchema {
  const description = field.unit ? `${field.description} Unit: ${field.unit}.` : field.description;
  const examples = jsonOf(field.example);
  const own = { ...schema, description, ...(examples !== undefined && { examples: [examples] }) };
  return field.reference ? described(types, field.reference, own) : own;
}

function hasProperties({ properties }: JsonSchema, fields: DefinitionInterface["fields"]): boolean {
  const names = Object.keys(properties ?? {});
  return names.length === fields.length && fields.every(({ name }) => names.includes(name));
}

/** Value of a JSON text, or undefined for any other text. */
export function jsonOf(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}
