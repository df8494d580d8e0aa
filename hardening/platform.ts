import { TerraformStack } from "cdktf";
import { type Element, elementsOf } from "./element";
import { type EnvironmentFacts, environmentOf, joinFacts } from "./environment-facts";

/** All stacks of one environment, judged together: a backup is in one layer and what it saves in another. */
export class Platform {
  readonly kind = "platform";
  readonly elements: readonly Element[];
  private readonly byType = new Map<string, Element[]>();

  constructor(
    /** What was declared of the environment. @default - nothing: stacks that no declaration names */
    readonly facts: EnvironmentFacts | undefined,
    readonly stacks: readonly TerraformStack[],
  ) {
    this.elements = stacks.flatMap((stack) => elementsOf(stack, stack.toTerraform() as object, this));
    for (const element of this.elements) {
      const key = `${element.block}.${element.type}`;
      const known = this.byType.get(key);
      if (known) known.push(element);
      else this.byType.set(key, [element]);
    }
  }

  /** Resources of some types, in the order of the types. */
  resources(...types: readonly string[]): Element[] {
    return types.flatMap((type) => this.byType.get(`resource.${type}`) ?? []);
  }

  data(...types: readonly string[]): Element[] {
    return types.flatMap((type) => this.byType.get(`data.${type}`) ?? []);
  }
}

/** The platforms that stacks make, in the order of their first ones. Stacks of which nothing was declared are one. */
export function platformsOf(all: readonly TerraformStack[]): Platform[] {
  const groups = new Map<string | undefined, { facts?: EnvironmentFacts; stacks: TerraformStack[] }>();
  for (const stack of all) {
    const facts = environmentOf(stack);
    const group = groups.get(facts?.name);
    if (!group) groups.set(facts?.name, { facts, stacks: [stack] });
    else {
      group.facts = joinFacts(group.facts, facts);
      group.stacks.push(stack);
    }
  }
  return [...groups.values()].map(({ facts, stacks }) => new Platform(facts, stacks));
}
