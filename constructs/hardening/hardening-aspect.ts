import { Annotations, AnnotationMetadataEntryType, Aspects, type IAspect, TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { evaluate } from "./evaluate";
import { HardeningError, describeFinding } from "./hardening-error";

/**
 * Runs all rules on all stacks of the app when its first stack is validated, which is before anything is written:
 * errors stop synthesis, warnings become annotations.
 *
 * Error annotations would not do: the command line of cdktf tells its programs to write in spite of them.
 * cdktf ignores aspects of an app, so this one belongs to every stack: see `applyHardening`.
 */
export class HardeningAspect implements IAspect {
  private readonly guarded = new WeakSet<IConstruct>();

  visit(node: IConstruct): void {
    if (!TerraformStack.isStack(node) || this.guarded.has(node)) return;
    this.guarded.add(node);
    node.node.addValidation({ validate: () => this.validate(node) });
  }

  /** @throws HardeningError with every error of every stack */
  private validate(stack: TerraformStack): string[] {
    const { root } = stack.node;
    const first = root.node.findAll().find((node) => TerraformStack.isStack(node) && this.guarded.has(node));
    // Stacks are validated one after the other, each just before it is written.
    if (first !== stack) return [];
    const report = evaluate(root);
    if (report.errors.length > 0) throw new HardeningError(report);
    for (const finding of report.warnings) warn(finding.construct, describeFinding(finding));
    return [];
  }
}

/** Adds the rules to every stack that an app has so far; to be called when all stacks are there. */
export function applyHardening(root: IConstruct): void {
  const aspect = new HardeningAspect();
  for (const stack of root.node.findAll().filter(TerraformStack.isStack)) Aspects.of(stack).add(aspect);
}

/**
 * All warnings of a construct tree, those of rules and others, each with its path; for programs that run without the
 * command line of cdktf, which prints them by itself.
 */
export function warningsOf(root: IConstruct): string[] {
  return root.node
    .findAll()
    .flatMap(({ node }) =>
      node.metadata
        .filter(({ type }) => type === AnnotationMetadataEntryType.WARN)
        .map(({ data }) => `${node.path}: ${data}`),
    );
}

function warn(construct: IConstruct, message: string): void {
  const known = construct.node.metadata.some(({ data }) => data === message);
  if (!known) Annotations.of(construct).addWarning(message);
}
