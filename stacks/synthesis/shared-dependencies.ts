import type { ITerraformDependable } from "cdktf";
import type * as Expressions from "cdktf/lib/tfExpression";
import { engineModule, withFunctions } from "./engine-module";

const expressions = engineModule<typeof Expressions>("tfExpression");

/**
 * Has all that depends on one resource name it by one reference, which is resolved once. The engine makes a reference
 * for each, and what belongs to a service depends on its ServiceAccount throughout.
 */
export function withSharedDependencies<T>(work: () => T): T {
  const { dependable } = expressions;
  const references = new WeakMap<ITerraformDependable, string>();
  const shared = (dependency: ITerraformDependable): string => {
    const known = references.get(dependency) ?? dependable(dependency);
    references.set(dependency, known);
    return known;
  };
  return withFunctions(expressions, { dependable: shared }, work);
}
