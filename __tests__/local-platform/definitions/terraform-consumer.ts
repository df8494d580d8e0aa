import { join } from "node:path";
import { type Provider, type TerraformStacks, terraformFor } from "../../support/terraform";
import type { StackJson } from "./stack-json";
import type { Accepted } from "./synthesis";

/** Layers by their providers. */
const LAYERS: readonly { readonly providers: readonly Provider[]; readonly stacks: RegExp }[] = [
  { providers: ["aws"], stacks: /^account-|-foundation$/ },
  { providers: ["kubernetes", "vault"], stacks: /-config(-.+)?$|-replication$/ },
  { providers: ["helm", "kubernetes"], stacks: /-cluster$|-workloads(-.+)?$/ },
];

/** Terraform with the real providers: validates every stack and can plan those of AWS. */
export class TerraformConsumer {
  private readonly layers = LAYERS.map((layer) => ({ ...layer, terraform: terraformFor(layer.providers) }));

  private readonly validated = new Set<string>();

  /** Missing providers; layers that need them are not validated. */
  get missing(): string[] {
    return this.layers.filter(({ terraform }) => !terraform).flatMap(({ providers }) => providers);
  }

  /**
   * Validates the stacks of all definitions, each distinct stack once.
   * @returns the problems of each definition, in the order of the definitions
   */
  validate(definitions: readonly Accepted[]): string[][] {
    const problems: string[][] = definitions.map(() => []);
    for (const { terraform, stacks: ofLayer } of this.layers) {
      if (!terraform) continue;
      const stacks = definitions.flatMap(({ stacks }, index) =>
        Object.entries(stacks)
          .filter(([name, stack]) => ofLayer.test(name) && this.isNew(stack))
          .map(([name, stack]) => [`definition-${index}-${name}`, stack] as const),
      );
      if (stacks.length === 0) continue;
      for (const [name, errors] of Object.entries(terraform.validate(Object.fromEntries(stacks)))) {
        const index = Number(/^definition-(\d+)-/.exec(name)?.[1]);
        if (!problems[index]) throw new Error(`terraform validate: ${errors.join("; ")}`);
        problems[index].push(...errors.map((error) => `${name}: ${error}`));
      }
    }
    return problems;
  }

  private isNew(stack: StackJson): boolean {
    const content = JSON.stringify(stack);
    if (this.validated.has(content)) return false;
    this.validated.add(content);
    return true;
  }

  /** Plans the stacks of the account and the foundation. */
  plan({ folder, stacks }: Accepted): string[] {
    const [{ terraform, stacks: ofLayer }] = this.layers;
    if (!terraform) return [];
    return Object.keys(stacks)
      .filter((name) => ofLayer.test(name))
      .flatMap((name) => planProblem(terraform, folder, name));
  }
}

function planProblem(terraform: TerraformStacks, folder: string, name: string): string[] {
  const problem = terraform.plan(join(folder, name));
  return problem === undefined ? [] : [`${name}: ${problem}`];
}
