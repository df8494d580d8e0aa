import { type App, TerraformElement, TerraformStack, Testing } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import * as api from "../../constructs";
import { definitions } from "../../environments";
import { buildPlatform } from "../../stacks";
import { RareConstructs } from "./rare-constructs";

/** Constructs whose form with several resources no environment has: their example is the rare one. */
const RARE_FORMS: readonly string[] = ["CaBundle"];

/**
 * One example of each construct of the public API, by its class.
 * @throws Error for a construct of which there is no example
 */
export function constructExamples(): Map<string, IConstruct> {
  const app = Testing.app() as App;
  buildPlatform(app, definitions);
  const rare = new RareConstructs(app, "rare");
  const nodes = app.node.findAll();
  return new Map(
    exportedConstructs().map(([name, type]) => {
      const candidates = RARE_FORMS.includes(name) ? rare.node.findAll() : nodes;
      const all = candidates.filter((node) => node.constructor === type);
      // Rather one whose resources are its own than one that shares those of another.
      const example = all.find((node) => elementsOf(node).length > 0) ?? all.at(0);
      if (!example)
        throw new Error(`rare-constructs.ts must have an example of ${name}, which no environment has`);
      return [name, example];
    }),
  );
}

/**
 * What each construct names the Terraform resources of which it is made, one example of each construct. Terraform
 * knows a resource by that name alone: another name destroys it and makes a new one in every user's deploy.
 */
export function logicalIds(): string {
  const sections = [...constructExamples()].map(([name, example]) =>
    [`${name} ${JSON.stringify(example.node.id)}`, ...elementsOf(example)].join("\n  "),
  );
  return `${sections.join("\n")}\n`;
}

/** Classes of constructs, without those that are there for others to inherit from. */
function exportedConstructs(): [string, unknown][] {
  const classes = Object.entries(api).filter(
    ([, value]) => typeof value === "function" && value.prototype instanceof Construct,
  ) as unknown as [string, abstract new () => unknown][];
  const isBase = (type: abstract new () => unknown) =>
    classes.some(([, other]) => other.prototype instanceof type);
  return classes.filter(([, type]) => !isBase(type)).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Path below the construct and address in the stack, of what Terraform keeps in its state or reads. */
function elementsOf(example: IConstruct): string[] {
  return example.node
    .findAll()
    .filter((node): node is TerraformElement => TerraformElement.isTerraformElement(node))
    .filter((node) => !TerraformStack.isStack(node) && "terraformResourceType" in node)
    .map((node) => {
      const path = node.node.path.slice(example.node.path.length + 1) || ".";
      const { terraformResourceType: type } = node as unknown as { terraformResourceType: string };
      // Data sources carry the prefix in their type, as cdktf writes them.
      return `${path} -> ${type}.${node.friendlyUniqueId}`;
    });
}
