import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** Field of a definition, as its interface declares and documents it. */
export interface DefinitionField {
  readonly name: string;
  readonly isOptional: boolean;
  /** Type as you would write it, without `readonly`. */
  readonly type: string;
  /** Interface or union that the type or its items refer to. */
  readonly reference?: string;
  readonly isList: boolean;
  /** Empty if the field has no doc comment. */
  readonly description: string;
  readonly unit?: string;
  readonly default?: FieldDefault;
  readonly example?: string;
}

/** Text of `@default`: `<value> - <reason>`, or `- <reason>` if no value stands for the default. */
export interface FieldDefault {
  readonly value?: string;
  readonly reason: string;
}

/** Interface of a definition. */
export interface DefinitionInterface {
  readonly name: string;
  readonly description: string;
  readonly fields: readonly DefinitionField[];
}

/** Interfaces and unions in `platform/definition`, by name. */
export interface DefinitionTypes {
  readonly interfaces: ReadonlyMap<string, DefinitionInterface>;
  /** Names of the members of each union of interfaces. */
  readonly unions: ReadonlyMap<string, readonly string[]>;
}

const FOLDER = join(__dirname, "../../platform/definition");

/** Reads the interfaces from their source files. */
export function readDefinitionTypes(folder = FOLDER): DefinitionTypes {
  const statements = readdirSync(folder).flatMap((file) => [
    ...ts.createSourceFile(file, readFileSync(join(folder, file), "utf8"), ts.ScriptTarget.Latest, true)
      .statements,
  ]);
  const interfaces = statements.filter(ts.isInterfaceDeclaration).map((declaration) => ({
    name: declaration.name.text,
    description: documentationOf(declaration).text,
    fields: declaration.members.filter(ts.isPropertySignature).map(fieldOf),
  }));
  const unions = statements.filter(ts.isTypeAliasDeclaration).map(({ name, type }) => {
    const members = ts.isUnionTypeNode(type) ? type.types.map((member) => member.getText()) : [];
    return [name.text, members] as const;
  });
  return { interfaces: new Map(interfaces.map((it) => [it.name, it])), unions: new Map(unions) };
}

function fieldOf(property: ts.PropertySignature): DefinitionField {
  const type = property
    .type!.getText()
    .replaceAll("readonly ", "")
    .replaceAll(/Readonly<(Record<.*>)>/g, "$1");
  const { text, tags } = documentationOf(property);
  const unit = / Unit: ([^.]+)\./;
  return {
    name: property.name.getText(),
    isOptional: property.questionToken !== undefined,
    type,
    reference: /^(\w+Definition)(\[\])?$/.exec(type)?.[1],
    isList: type.endsWith("Definition[]"),
    description: text.replace(unit, ""),
    unit: unit.exec(text)?.[1],
    default: defaultOf(tags.get("default")),
    example: tags.get("example"),
  };
}

function defaultOf(text: string | undefined): FieldDefault | undefined {
  const found = /^(.*?) ?- (.+)$/.exec(text ?? "");
  return found ? { value: found[1] || undefined, reason: found[2] } : undefined;
}

/** Text and tags of a doc comment, each on one line. */
function documentationOf(node: ts.Node): { text: string; tags: ReadonlyMap<string, string> } {
  const plain = (comment: Parameters<typeof ts.getTextOfJSDocComment>[0]) =>
    (ts.getTextOfJSDocComment(comment) ?? "").replaceAll(/\s+/g, " ").trim();
  const comments = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  const tags = comments.flatMap(({ tags = [] }) => [...tags]);
  return {
    text: comments.map(({ comment }) => plain(comment)).join(" "),
    tags: new Map(tags.map(({ tagName, comment }) => [tagName.text, plain(comment)])),
  };
}
