import type { IConstruct } from "constructs";

const METADATA = "admitted-choice";

/**
 * Property that makes a construct less secure than the default, or that hides its effect from reports. Its name admits
 * it, such as `unsafeSslMode`.
 */
export interface AdmittedChoice {
  /** Path of the construct. */
  readonly construct: string;
  /** Name of the property. */
  readonly choice: string;
  /** One line for reviewers. */
  readonly detail: string;
}

/** Records such a property on the construct's node, so that reports find it. */
export function noteChoice(scope: IConstruct, choice: string, detail: string): void {
  scope.node.addMetadata(METADATA, { choice, detail });
}

/** All such properties at and below a construct, in the order of the construct tree. */
export function choicesOf(scope: IConstruct): AdmittedChoice[] {
  return scope.node
    .findAll()
    .flatMap(({ node }) =>
      node.metadata
        .filter(({ type }) => type === METADATA)
        .map(({ data }) => ({ construct: node.path, ...data })),
    );
}
