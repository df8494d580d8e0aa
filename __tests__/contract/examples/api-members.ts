import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import * as constructs from "../../../constructs";
import * as hardening from "../../../hardening";

/** Arguments that the examples omit, because `World` supplies them. */
const PLACE = ["scope", "id"];

const REPORTS = ["constructs", "hardening"].map((name) =>
  readFileSync(join(__dirname, "../../../etc", `${name}.api.md`), "utf8"),
);

/** Argument of a public member. */
export interface Argument {
  readonly name: string;
  readonly isOptional: boolean;
}

/** Classes that only the library instantiates. */
const isMadeHere = (name: string) => /Error$/.test(name) || name === "AwsRegion";

/**
 * Public members with arguments, such as `PkiRole`, `Seal.awsKms` or `PkiRole.grantIssue`, and their arguments. Read
 * from the report of the public API, which lists every member that the compiler allows users to call.
 */
export function publicMembers(): Map<string, readonly Argument[]> {
  const code = REPORTS.map((report) => /```ts\n([^]*?)```/.exec(report)![1]).join("\n");
  const source = ts.createSourceFile("api.ts", code, ts.ScriptTarget.Latest);
  const members = new Map<string, readonly Argument[]>();
  const add = (name: string, { parameters }: ts.SignatureDeclaration) => {
    const all = parameters.map((it) => ({
      name: (it.name as ts.Identifier).text,
      isOptional:
        [it.questionToken, it.dotDotDotToken].some(Boolean) || /\bundefined$/.test(it.type!.getText(source)),
    }));
    const isPlaced = all.some(({ name }) => name === "id");
    const given = all.filter(({ name }) => !isPlaced || !PLACE.includes(name));
    if (given.length > 0) members.set(name, given);
  };
  for (const statement of source.statements) {
    if (ts.isFunctionDeclaration(statement)) add(statement.name!.text, statement);
    if (!ts.isClassDeclaration(statement)) continue;
    const type = statement.name!.text;
    if (!(type in constructs || type in hardening)) continue;
    const isAbstract = statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AbstractKeyword);
    for (const member of statement.members) {
      if (ts.isConstructorDeclaration(member) && !isAbstract && !isMadeHere(type)) add(type, member);
      if (ts.isMethodDeclaration(member)) add(`${type}.${(member.name as ts.Identifier).text}`, member);
    }
  }
  return members;
}
