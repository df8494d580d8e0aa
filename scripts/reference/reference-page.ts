import { type DefinitionSection, pathOf } from "./definition-sections";
import type { DefinitionField } from "./definition-types";

/** Page of the reference. */
export interface ReferencePage {
  readonly title: string;
  readonly introduction: string;
  readonly sections: readonly DefinitionSection[];
  /** Links to the pages of interfaces that are not on this one. */
  readonly elsewhere: Readonly<Record<string, string>>;
}

/** Renders a page in Markdown, with a heading for each section and each field. */
export function renderReferencePage(page: ReferencePage): string {
  const contents = page.sections
    .filter(({ path }) => path !== "")
    .map((section) => {
      const place = `${code(section.path)}${variantSuffix(section)}`;
      return `- [${place}](#${anchorOf(titleOf(section))}): ${firstSentence(section)}`;
    });
  return [
    `# ${page.title}`,
    "<!-- Written by npm run docs:reference from the doc comments in platform/definition. -->",
    page.introduction,
    "Fields without a default are required.",
    contents.join("\n"),
    ...page.sections.flatMap((section) => [
      `## ${titleOf(section)}`,
      withLinks(section.definition.description),
      ...section.definition.fields.flatMap((field) => renderField(page, section, field)),
    ]),
    "",
  ].join("\n\n");
}

function renderField(page: ReferencePage, section: DefinitionSection, field: DefinitionField): string[] {
  const facts = [
    `Type: ${typeOf(page, section, field)}`,
    field.unit && `Unit: ${field.unit}`,
    field.default ? `Default: ${renderDefault(field)}` : "Required",
    field.example && `Example: \`${field.example}\``,
  ];
  return [
    `### ${code(pathOf(section, { ...field, isList: false }))}${variantSuffix(section)}`,
    withLinks(field.description),
    facts
      .filter(Boolean)
      .map((fact) => `- ${fact}`)
      .join("\n"),
  ];
}

function renderDefault({ default: value }: DefinitionField): string {
  if (!value) return "";
  return value.value ? `${code(value.value)}: ${value.reason}` : value.reason;
}

function typeOf(page: ReferencePage, section: DefinitionSection, field: DefinitionField): string {
  const { type, reference } = field;
  if (!reference) return code(type);
  const path = pathOf(section, field);
  const target =
    page.elsewhere[reference] ??
    `#${anchorOf(titleOf(page.sections.find((it) => it.path === path) ?? section))}`;
  return `[${code(type)}](${target})`;
}

function titleOf(section: DefinitionSection): string {
  return section.path === "" ? "Fields" : `Fields of ${code(section.path)}${variantSuffix(section)}`;
}

function variantSuffix({ variant }: DefinitionSection): string {
  return variant ? ` for ${code(variant)}` : "";
}

function firstSentence({ definition }: DefinitionSection): string {
  return withLinks(definition.description).replace(/(?<=[^.])\. .*$/, ".");
}

/** Replaces names of pages by links to them. */
function withLinks(text: string): string {
  return text.replaceAll(/docs\/([\w/-]+\.md)/g, "[$1](../$1)");
}

/** Anchor that GitHub gives a heading. */
function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replaceAll(" ", "-");
}

function code(text: string): string {
  return `\`${text}\``;
}
