import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { z } from "zod";
import { definitions } from "../../environments";
import { clusterEnvironment } from "../../environments/cluster";
import { drProduction } from "../../environments/dr-production";
import { production } from "../../environments/production";
import { exampleCa, images, oidc } from "../../environments/shared";
import { environmentFields } from "../../platform/schema";
import { type JsonSchema, environmentJsonSchema, jsonOf } from "../../scripts/reference/definition-schema";
import { pathOf, sectionsOf } from "../../scripts/reference/definition-sections";
import { type DefinitionField, readDefinitionTypes } from "../../scripts/reference/definition-types";
import { referenceFiles } from "../../scripts/reference/reference-files";
import { ROOT } from "./support/pages";

const types = readDefinitionTypes();
const files = referenceFiles(types);
const json = JSON.parse(files.get("docs/reference/environment.schema.json")!) as z.core.JSONSchema.JSONSchema;
const schema = z.fromJSONSchema(json);

test("keeps the reference equal to the output of npm run docs:reference", () => {
  const outdated = [...files].filter(([file, content]) => {
    const path = join(ROOT, file);
    return !existsSync(path) || readFileSync(path, "utf8") !== content;
  });
  const problems = outdated.map(([file]) => `${file} is not up to date: run npm run docs:reference`);
  expect(problems).toEqual([]);
});

test("gives every heading of a page a unique anchor", () => {
  for (const [file, content] of files) {
    if (!file.endsWith(".md")) continue;
    const anchors = [...content.matchAll(/^#+ (.*)$/gm)].map(([, title]) => title.replaceAll(/[^\w -]/g, ""));
    expect(anchors.length).toBeGreaterThan(3);
    expect(anchors.filter((anchor, index) => anchors.indexOf(anchor) !== index)).toEqual([]);
  }
});

test("documents every field of every interface", () => {
  const all = [...files.values()].join("\n");
  const sections = sectionsOf(types, "EnvironmentDefinition", ["ServiceDefinition"]);
  const services = sectionsOf(types, "ServiceDefinition");
  for (const section of [...sections, ...services]) {
    for (const field of section.definition.fields) {
      expect(all).toContain(`### \`${pathOf(section, { ...field, isList: false })}\``);
    }
  }
  const described = new Set([...sections, ...services].map(({ definition }) => definition.name));
  expect([...types.interfaces.keys()].filter((name) => !described.has(name))).toEqual([]);
});

test("documents the defaults of the schema", () => {
  const different: string[] = [];
  const compare = (field: DefinitionField, part: JsonSchema, path: string) => {
    const documented = field.default?.value;
    if (JSON.stringify(jsonOf(documented)) !== JSON.stringify(part.default)) different.push(path);
    if (field.reference) visit(field.reference, part.items ?? part, path);
  };
  const visit = (name: string, part: JsonSchema, path: string) => {
    for (const [index, member] of (types.unions.get(name) ?? [name]).entries()) {
      const { properties } = part.oneOf?.[index] ?? part;
      for (const field of types.interfaces.get(member)!.fields) {
        compare(field, properties![field.name], `${path}.${field.name}`);
      }
    }
  };
  visit("EnvironmentDefinition", environmentJsonSchema(types), "");
  expect(different).toEqual([]);
});

/** Schema without its defaults, transforms and lists. */
function inner(schema: z.core.$ZodType): z.core.$ZodType {
  const { def } = schema._zod as { def: { innerType?: z.ZodType; in?: z.ZodType; element?: z.ZodType } };
  const below = def.innerType ?? def.in ?? def.element;
  return below ? inner(below) : schema;
}

/** Values of names that examples expect the reader to define. */
const EXAMPLE_NAMES = {
  ...production.aws,
  ...production.kubernetes,
  ca: exampleCa,
  credentials: production.siem.credentials,
  groups: oidc.groups,
  images,
  readFileSync: (file: string) =>
    file.endsWith(".asc")
      ? "-----BEGIN PGP PUBLIC KEY BLOCK-----\nexample\n-----END PGP PUBLIC KEY BLOCK-----\n"
      : exampleCa,
};

test("accepts every example for its field", () => {
  const rejected: string[] = [];
  const visit = (name: string, schema: z.core.$ZodType, path: string) => {
    const options = schema instanceof z.ZodDiscriminatedUnion ? schema.options : [schema];
    for (const [index, member] of (types.unions.get(name) ?? [name]).entries()) {
      const { shape } = options[index] as z.ZodObject<Record<string, z.ZodType>>;
      for (const field of types.interfaces.get(member)!.fields) {
        const at = `${path}.${field.name}`;
        const example: unknown = runInNewContext(`(${field.example})`, EXAMPLE_NAMES);
        const { error } = shape[field.name].safeParse(JSON.parse(JSON.stringify(example)));
        if (error) rejected.push(`${at}: ${field.example}: ${error.message}`);
        if (field.reference) visit(field.reference, inner(shape[field.name]), at);
      }
    }
  };
  visit("EnvironmentDefinition", environmentFields, "");
  expect(rejected).toEqual([]);
});

test("describes every object and field of the JSON schema", () => {
  const missing: string[] = [];
  const visit = (part: JsonSchema, path: string) => {
    if (part.properties && !part.description) missing.push(path);
    for (const [name, field] of Object.entries(part.properties ?? {})) {
      if (!field.description) missing.push(`${path}.${name}`);
      visit(field, `${path}.${name}`);
    }
    if (part.items?.properties) visit(part.items, `${path}[]`);
    for (const choice of part.oneOf ?? []) visit(choice, path);
  };
  visit(json as JsonSchema, "");
  expect(json.$schema).toBe("https://json-schema.org/draft/2020-12/schema");
  expect(missing).toEqual([]);
});

test.each(
  [...definitions, drProduction, clusterEnvironment({})].map(
    (definition) => [definition.name, definition] as const,
  ),
)("accepts the environment %s by the JSON schema", (_, definition) => {
  expect(schema.safeParse(JSON.parse(JSON.stringify(definition))).error).toBeUndefined();
});

test.each([
  ["a missing section", { ...production, charts: undefined }],
  ["a key that does not exist", { ...production, chart: {} }],
  ["a key that does not exist in a section", { ...production, backup: { retentoin: "30d" } }],
  ["another value than a closed choice has", { ...production, state: "gcs" }],
  ["an even number of servers", { ...production, vault: { ...production.vault, replicas: 2 } }],
  ["a number as text", { ...production, network: { ...production.network, apiServerPort: "443" } }],
  [
    "a port that does not exist",
    { ...production, network: { ...production.network, apiServerPort: 70_000 } },
  ],
  ["an account of 11 digits", { ...production, aws: { ...production.aws, account: "12345678901" } }],
  [
    "four custodians",
    {
      ...production,
      aws: { ...production.aws, recoveryCustodians: production.aws.recoveryCustodians.slice(1) },
    },
  ],
  ["a DNS of no kind", { ...production, network: { ...production.network, dns: { kind: "none" } } }],
])("rejects %s by the JSON schema", (_, definition) => {
  expect(schema.safeParse(definition).success).toBe(false);
});
