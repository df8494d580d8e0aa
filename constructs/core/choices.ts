import type { IConstruct } from "constructs";

const METADATA = "admitted-choice";

/** A choice that is less safe than the default or hides what is done, made under a name that admits it. */
export interface AdmittedChoice {
  /** Path of the construct. */
  readonly construct: string;
  /** Name of the property. */
  readonly choice: string;
  /** One line for reviewers. */
  readonly detail: string;
}

/** Notes such a choice on the construct's node, so that reports find it. */
export function noteChoice(scope: IConstruct, choice: string, detail: string): void {
  scope.node.addMetadata(METADATA, { choice, detail });
}

/** All such choices at and below a construct, in the order of the program. */
export function choicesOf(scope: IConstruct): AdmittedChoice[] {
  return scope.node
    .findAll()
    .flatMap(({ node }) =>
      node.metadata
        .filter(({ type }) => type === METADATA)
        .map(({ data }) => ({ construct: node.path, ...data })),
    );
}
