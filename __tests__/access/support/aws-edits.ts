import { awsChanges } from "../../../access/diff-aws";
import type { Change } from "../../../access/changes";
import { plain } from "../../../access/markdown";
import { foundation, type Stack } from "./golden-platform";

/** Change of a stack's Terraform JSON. */
export type Edit = (stack: Stack) => void;

/** Changes between production's foundation and an edited copy. */
export const changes = (edit: Edit, before: Edit = () => undefined): Change[] =>
  awsChanges(foundation(before), foundation(edit));
/** Change as one line. */
export const describeRow = ({ direction, subject, what, labels }: Change) =>
  `${direction} ${subject}: ${plain(what)}${labels.length > 0 ? ` [${labels.join(", ")}]` : ""}`;
/** Changes between production's foundation and an edited copy, one line each. */
export const rows = (edit: Edit, before?: Edit) => changes(edit, before).map(describeRow);

/** Block of a type by the start of its name. */
const find = (blocks: Stack, name: string): Stack => {
  const key = Object.keys(blocks).find((it) => it.startsWith(name));
  if (key === undefined) throw new Error(`no ${name} among ${Object.keys(blocks).join(", ")}`);
  return blocks[key] as Stack;
};
/** Policy document by the start of its name. */
export const document = (stack: Stack, name: string): Stack => find(stack.data.aws_iam_policy_document, name);
/** Statements of a policy document by the start of its name. */
export const statements = (stack: Stack, name: string): Stack[] => document(stack, name).statement as Stack[];
/** Resource by its type and the start of its name. */
export const resource = (stack: Stack, type: string, name = ""): Stack => find(stack.resource[type], name);
/** Adds a resource. */
export const add = (stack: Stack, type: string, body: object) => {
  stack.resource[type] = { ...(stack.resource[type] as object | undefined), Added: body };
};
/** Adds a statement to a policy document. */
export const permit = (stack: Stack, name: string, statement: object) =>
  statements(stack, name).push(statement);
/** Principals of a statement for anyone. */
export const anyone = { principals: [{ type: "AWS", identifiers: ["*"] }] };
/** Address of the unseal key. */
export const UNSEAL = "aws_kms_key.Unseal_D85AE092";
/** Statement that permits decryption with the unseal key. */
export const DECRYPT = { actions: ["kms:Decrypt"], resources: [`\${${UNSEAL}.arn}`] };
/** JSON of a policy. */
export const json = (...list: object[]) => JSON.stringify({ Version: "2012-10-17", Statement: list });
