import type { AwsBlock } from "./aws-names";
import type { Environment, Resource } from "../terraform/model";

/** Blocks that the model reads: each object of a resource, documents and providers. */
export function blocksOf({ blocks, resources }: Environment): (AwsBlock & Place)[] {
  const documents = "aws_iam_policy_document";
  return [
    ...blocks.flatMap(({ kind, type, stack, name, attributes, body }) =>
      (kind === "provider" && type === "aws") ||
      (kind === "data" && type.startsWith("aws_") && type !== documents)
        ? [{ kind, type, stack, name, attributes, body, existence: "yes" as const, writtenBy: stack }]
        : [],
    ),
    ...resources.flatMap(({ type, address, stack, attributes, body, existence, writtenBy, file }) =>
      type.startsWith("aws_") || SEALS.test(type)
        ? [
            {
              kind: type === documents ? "data" : "resource",
              ...{
                type,
                name: address.slice(type.length + 1),
                stack,
                attributes,
                body,
                existence,
                writtenBy,
                file,
              },
            },
          ]
        : [],
    ),
  ];
}

/** Place in the user's code. */
export type Place = Pick<Resource, "writtenBy" | "file">;

const SEALS = /^(helm_release|kubernetes_(config_map|manifest))/;

/** Text of all that the model reads. Most comparisons end here. */
export function fingerprint(blocks: readonly AwsBlock[]): string {
  return JSON.stringify(
    blocks
      .map(({ stack, kind, type, name, attributes, existence }) =>
        JSON.stringify([stack, kind, type, name, existence, { ...attributes, "//": undefined }]),
      )
      .sort(),
  );
}
