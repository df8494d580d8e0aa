import {
  Aspects,
  type IAspect,
  TerraformDataSource,
  TerraformModule,
  TerraformResource,
  TerraformStack,
  Tokenization,
  dependable,
} from "cdktf";
import { Dependable, type IConstruct } from "constructs";
import { received } from "./received";
import { ValidationError } from "./validation-error";

/** Elements that can have `depends_on`. */
type Ordered = TerraformResource | TerraformDataSource | TerraformModule;

/** One call of `from.node.addDependency(to)`. */
interface Declaration {
  readonly from: IConstruct;
  readonly to: IConstruct;
}

/** Stacks that already have the aspect. */
const STACKS = new WeakSet<IConstruct>();

/** Number of `dependsOn` entries that an aspect inserted before the original entries of the element. */
const ADDED = new WeakMap<Ordered, number>();

/**
 * Turns `node.addDependency` into `depends_on`, for all constructs of one stack.
 *
 * After `a.node.addDependency(b)`, every resource, data source and module in `a` depends on the last elements of `b`.
 * An element is last if no other element of `b` has it in its `depends_on`. If `b` is in another stack, the stack of
 * `a` depends on that stack.
 *
 * cdktf ignores aspects of an app, so each stack has a separate one.
 */
export class DependencyAspect implements IAspect {
  /** Adds the aspect to the stack of a construct, unless the stack already has it. */
  static addTo(construct: IConstruct): void {
    const stack = construct.node.scopes.reverse().find((it) => TerraformStack.isStack(it));
    if (!stack || STACKS.has(stack)) return;
    STACKS.add(stack);
    const aspect = new DependencyAspect(stack as TerraformStack);
    Aspects.of(stack).add(aspect);
    stack.node.addValidation({ validate: () => aspect.validate() });
  }

  private constructor(private readonly stack: TerraformStack) {}

  /**
   * Adds the missing `depends_on` entries of a construct.
   * @throws ValidationError for a dependency on a value that is not a construct, between nested constructs, and in a
   * circle
   */
  visit(node: IConstruct): void {
    // An earlier aspect may add dependencies during the visit. They are read at their own construct.
    const declarations = node === this.stack ? this.declarations() : declarationsOf(node);
    for (const [from, to] of this.missing(declarations)) {
      insert(from, to);
      requireNoCircle(from);
    }
  }

  private validate(): string[] {
    return [...this.missing(this.declarations())].map(
      ([from, to]) =>
        `${pathOf(from)} must depend on ${pathOf(to)}, but an aspect called node.addDependency when dependencies had been read: call it before synthesis`,
    );
  }

  /**
   * Declarations, innermost constructs first. The order within a construct is then known before other constructs depend
   * on it.
   */
  private declarations(): Declaration[] {
    const above = this.stack.node.scopes.slice(0, -1);
    const depth = ({ node }: IConstruct) => node.scopes.length;
    return [...above, ...this.stack.node.findAll()]
      .flatMap(declarationsOf)
      .sort((a, b) => depth(b.from) - depth(a.from));
  }

  /** Pairs of elements: the first does not have the second in `dependsOn` yet. */
  private *missing(declarations: readonly Declaration[]) {
    for (const { from, to } of declarations) {
      requireApart(from, to);
      const later = elementsOf(from).filter((it) => it.cdktfStack === this.stack);
      const earlier = elementsOf(to);
      if (later.length === 0) continue;
      for (const { cdktfStack } of earlier) this.dependOn(cdktfStack, from);
      for (const last of lastOf(earlier.filter((it) => it.cdktfStack === this.stack))) {
        for (const it of later) if (!namedBy(it).includes(last)) yield [it, last] as const;
      }
    }
  }

  private dependOn(other: TerraformStack, from: IConstruct): void {
    if (other === this.stack) return;
    if (other.dependsOn(this.stack)) {
      throw new ValidationError(
        from,
        `node.addDependency must not lead in a circle of stacks, got ${received([this.stack, other, this.stack].map(pathOf).join(" -> "))}`,
      );
    }
    this.stack.addDependency(other);
  }
}

function pathOf({ node }: IConstruct): string {
  return node.path;
}

function declarationsOf(from: IConstruct): Declaration[] {
  try {
    return from.node.dependencies.map((to) => ({ from, to }));
  } catch (error) {
    throw new ValidationError(
      from,
      `node.addDependency must be called with constructs only: ${(error as Error).message}`,
    );
  }
}

function requireApart(from: IConstruct, to: IConstruct): void {
  if (!from.node.scopes.includes(to) && !to.node.scopes.includes(from)) return;
  throw new ValidationError(
    from,
    `node.addDependency must be called with a construct that neither contains this one nor is in it, got ${received(pathOf(to))}`,
  );
}

/** Elements of a construct and of its dependency roots, such as a release that it shares. */
function elementsOf(construct: IConstruct): Ordered[] {
  const all = new Set<IConstruct>();
  const collect = (root: IConstruct) => {
    for (const it of root.node.findAll()) {
      if (all.has(it)) continue;
      all.add(it);
      Dependable.of(it).dependencyRoots.forEach(collect);
    }
  };
  collect(construct);
  return [...all].filter(isOrdered);
}

function isOrdered(construct: IConstruct): construct is Ordered {
  return (
    TerraformResource.isTerraformResource(construct) ||
    TerraformDataSource.isTerraformDataSource(construct) ||
    construct instanceof TerraformModule
  );
}

/** Elements that no other element of the list depends on. */
function lastOf(elements: readonly Ordered[]): Ordered[] {
  const awaited = new Set(elements.flatMap(namedBy));
  return elements.filter((it) => !awaited.has(it));
}

/**
 * Elements that `dependsOn` of an element contains. Entries that are plain text are ignored: their elements are
 * unknown.
 */
function namedBy({ dependsOn = [] }: Ordered): Ordered[] {
  return dependsOn.flatMap((entry) => {
    const token = Tokenization.reverseString(entry).firstToken as
      { readonly dependable?: Ordered } | undefined;
    return token?.dependable ?? [];
  });
}

/** Inserts a dependency before the original entries of the element, in the order of the calls. */
function insert(from: Ordered, to: Ordered): void {
  const added = ADDED.get(from) ?? 0;
  const entries = from.dependsOn ?? [];
  from.dependsOn = [...entries.slice(0, added), dependable(to), ...entries.slice(added)];
  ADDED.set(from, added + 1);
}

function requireNoCircle(start: Ordered): void {
  const seen = new Set<Ordered>();
  const pathBack = (at: Ordered): Ordered[] | undefined => {
    for (const next of namedBy(at)) {
      if (next === start) return [at, start];
      if (seen.has(next)) continue;
      seen.add(next);
      const path = pathBack(next);
      if (path) return [at, ...path];
    }
    return undefined;
  };
  const circle = pathBack(start);
  if (!circle) return;
  throw new ValidationError(
    start,
    `node.addDependency must not lead in a circle, got ${received(circle.map(pathOf).join(" -> "))}`,
  );
}
