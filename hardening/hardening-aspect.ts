import { AnnotationMetadataEntryType, type IAspect, TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { checkArguments } from "../constructs/core/field";
import { construct } from "../constructs/core/fields";
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
  private first?: TerraformStack;

  visit(node: IConstruct): void {
    checkArguments("HardeningAspect.visit", { node: [node, construct] });
    if (!TerraformStack.isStack(node) || this.guarded.has(node)) return;
    this.guarded.add(node);
    this.first ??= node;
    node.node.addValidation({ validate: () => this.validate(node) });
  }

  /** @throws HardeningError with every error of every stack */
  private validate(stack: TerraformStack): string[] {
    // Stacks are validated one after the other, each just before it is written.
    if (this.first !== stack) return [];
    const report = evaluate(stack.node.root);
    if (report.errors.length > 0) throw new HardeningError(report);
    for (const finding of report.warnings) warn(finding.construct, describeFinding(finding));
    return [];
  }
}

/** Adds the rules to every stack that an app has so far; to be called when all stacks are there. */
export function applyHardening(root: IConstruct): void {
  checkArguments("applyHardening", { root: [root, construct] });
  const aspect = new HardeningAspect();
  // At once and not as an aspect: the engine would show it every construct of every stack.
  for (const stack of root.node.findAll().filter(TerraformStack.isStack)) aspect.visit(stack);
}

/**
 * All warnings of a construct tree, those of rules and others, each with its path; for programs that run without the
 * command line of cdktf, which prints them by itself.
 */
export function warningsOf(root: IConstruct): string[] {
  checkArguments("warningsOf", { root: [root, construct] });
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
  // The engine's own way would put paths of this machine into the manifest.
  if (!known) construct.node.addMetadata(AnnotationMetadataEntryType.WARN, message);
}
