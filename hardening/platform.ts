import { TerraformStack } from "cdktf";
import { type Element, elementsOf } from "./element";
import { type EnvironmentFacts, environmentOf, joinFacts } from "./environment-facts";

/**
 * All stacks of one environment. They are evaluated together, because for example the backup and its data are in
 * different layers.
 */
export class Platform {
  /** Discriminator of Subject. */
  readonly kind = "platform";
  /** Blocks of all stacks. */
  readonly elements: readonly Element[];
  private readonly byType = new Map<string, Element[]>();

  constructor(
    /** Declared facts about the environment. @default - none: stacks without a declaration */
    readonly facts: EnvironmentFacts | undefined,
    /** Stacks of the environment. */
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

  /** Resources of the given types, in the order of the types. */
  resources(...types: readonly string[]): Element[] {
    return types.flatMap((type) => this.byType.get(`resource.${type}`) ?? []);
  }

  /** Data sources of the given types, in the order of the types. */
  data(...types: readonly string[]): Element[] {
    return types.flatMap((type) => this.byType.get(`data.${type}`) ?? []);
  }
}

/** Groups stacks into platforms, in the order of their first stacks. Stacks without a declaration form one platform. */
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
