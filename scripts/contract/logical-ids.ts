import { type App, TerraformElement, TerraformStack, Testing } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import * as api from "../../constructs";
import { definitions } from "../../environments";
import { buildPlatform } from "../../stacks";
import { ContractExamples } from "./contract-examples";

/** Constructs that no environment uses in the form with several resources. Their examples are in contract-examples.ts. */
const RARE_FORMS: readonly string[] = ["CaBundle"];

/**
 * One example of each construct of the public API, by the name of its class.
 * @throws Error for a construct without an example
 */
export function constructExamples(): Map<string, IConstruct> {
  const app = Testing.app() as App;
  buildPlatform(app, definitions);
  const rare = new ContractExamples(app, "rare");
  const nodes = app.node.findAll();
  return new Map(
    exportedConstructs().map(([name, type]) => {
      const candidates = RARE_FORMS.includes(name) ? rare.node.findAll() : nodes;
      const all = candidates.filter((node) => node.constructor === type);
      // Prefer an example with its own resources to one that shares those of another construct.
      const example = all.find((node) => elementsOf(node).length > 0) ?? all.at(0);
      if (!example)
        throw new Error(`contract-examples.ts must have an example of ${name}, which no environment has`);
      return [name, example];
    }),
  );
}

/**
 * Logical ids of the Terraform resources of each construct, from one example of each construct. Terraform identifies a
 * resource by this name only: a changed name destroys and recreates the resource in every user's deploy.
 */
export function logicalIds(): string {
  const sections = [...constructExamples()].map(([name, example]) =>
    [`${name} ${JSON.stringify(example.node.id)}`, ...elementsOf(example)].join("\n  "),
  );
  return `${sections.join("\n")}\n`;
}

/** Classes of constructs, without base classes. */
function exportedConstructs(): [string, unknown][] {
  const classes = Object.entries(api).filter(
    ([, value]) => typeof value === "function" && value.prototype instanceof Construct,
  ) as unknown as [string, abstract new () => unknown][];
  const isBase = (type: abstract new () => unknown) =>
    classes.some(([, other]) => other.prototype instanceof type);
  return classes.filter(([, type]) => !isBase(type)).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Path below the construct, and address in the stack, of each resource and data source. */
function elementsOf(example: IConstruct): string[] {
  return example.node
    .findAll()
    .filter((node): node is TerraformElement => TerraformElement.isTerraformElement(node))
    .filter((node) => !TerraformStack.isStack(node) && "terraformResourceType" in node)
    .map((node) => {
      const path = node.node.path.slice(example.node.path.length + 1) || ".";
      const { terraformResourceType: type } = node as unknown as { terraformResourceType: string };
      // The type of a data source contains the prefix already, as cdktf writes it.
      return `${path} -> ${type}.${node.friendlyUniqueId}`;
    });
}
