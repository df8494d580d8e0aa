import { AnnotationMetadataEntryType, type IAspect, TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { checkArguments } from "../constructs/core/field";
import { construct } from "../constructs/core/fields";
import { evaluate } from "./evaluate";
import { HardeningError, describeFinding } from "./hardening-error";

/**
 * Runs all rules on all stacks of the app when its first stack is validated, which is before anything is written.
 * Errors stop synthesis; warnings become annotations.
 *
 * Error annotations are not enough: the cdktf CLI makes apps write their output in spite of them. cdktf ignores aspects
 * of an app, so this one is added to every stack: see `applyHardening`.
 */
export class HardeningAspect implements IAspect {
  private readonly guarded = new WeakSet<IConstruct>();
  private first?: TerraformStack;

  /** Adds the validation to a stack; other constructs are ignored. */
  visit(node: IConstruct): void {
    checkArguments("HardeningAspect.visit", { node: [node, construct] });
    if (!TerraformStack.isStack(node) || this.guarded.has(node)) return;
    this.guarded.add(node);
    this.first ??= node;
    node.node.addValidation({ validate: () => this.validate(node) });
  }

  /**
   * Evaluates the rules once, before the first stack is written.
   * @throws HardeningError with all errors of all stacks
   */
  private validate(stack: TerraformStack): string[] {
    // Stacks are validated one after the other, each just before it is written.
    if (this.first !== stack) return [];
    const report = evaluate(stack.node.root);
    if (report.errors.length > 0) throw new HardeningError(report);
    for (const finding of report.warnings) warn(finding.construct, describeFinding(finding));
    return [];
  }
}

/** Adds the rules to every stack that the app has so far. Call it after you have created all stacks. */
export function applyHardening(root: IConstruct): void {
  checkArguments("applyHardening", { root: [root, construct] });
  const aspect = new HardeningAspect();
  // Called directly and not as an aspect: cdktf would call it for every construct of every stack.
  for (const stack of root.node.findAll().filter(TerraformStack.isStack)) aspect.visit(stack);
}

/**
 * All warnings of a construct tree, from rules and others, each with its path. Use it in CDK apps that run without the
 * cdktf CLI, which prints the warnings itself.
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
  // Annotations.of() would write local file paths into the manifest.
  if (!known) construct.node.addMetadata(AnnotationMetadataEntryType.WARN, message);
}
