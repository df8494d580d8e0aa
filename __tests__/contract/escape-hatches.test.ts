import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type TerraformElement, TerraformResource, TerraformStack, Testing } from "cdktf";
import type { IConstruct } from "constructs";
import { constructExamples } from "../../scripts/contract/logical-ids";

/** Constructs of several resources without a main one, with children of their examples. */
const CHILDREN: Readonly<Record<string, readonly string[]>> = {
  AuditDevices: ["stdout"],
  CaBundle: ["production"],
  DrHandover: ["Key", "PublicKey", "PublicKeyPolicy", "Token", "TokenPolicy"],
  JobPod: ["ServiceAccount", "Scripts"],
  RecoveryKeySecrets: ["Key", "Share1", "Share1Policy"],
};

/** Constructs that create no resource. */
const NO_RESOURCE = ["AgentInjection", "EphemeralVariable"];

const examples = constructExamples();
const withDefaultChild = [...examples].filter(([name]) => !CHILDREN[name] && !NO_RESOURCE.includes(name));
const children = Object.entries(CHILDREN).flatMap(([name, ids]) => ids.map((id) => [name, id] as const));

/** Resource that an override of the construct changes: the construct itself, or that of its default child. */
function resourceOf(node: IConstruct | undefined): TerraformResource | undefined {
  return !node || TerraformResource.isTerraformResource(node) ? node : resourceOf(node.node.defaultChild);
}

const child = (name: string, id: string) => resourceOf(examples.get(name)!.node.findChild(id));

// All overrides come before the first synthesis, as a stack is synthesized once. Some resources belong to two
// constructs.
const titled: [string, TerraformResource | undefined][] = [
  ...withDefaultChild.map(([name, example]): [string, TerraformResource | undefined] => [
    name,
    resourceOf(example),
  ]),
  ...children.map(([name, id]): [string, TerraformResource | undefined] => [
    `${name} ${id}`,
    child(name, id),
  ]),
];
for (const [title, resource] of titled) resource?.addOverride(`through ${title}`, "changed");

type Bodies = Record<string, Record<string, Record<string, unknown>>>;
const synthesized = new Map<TerraformStack, Bodies>();

/** Body of the resource in the synthesized stack. */
function rendered(resource: TerraformResource): Record<string, unknown> {
  const stack = TerraformStack.of(resource);
  if (!synthesized.has(stack)) synthesized.set(stack, JSON.parse(Testing.synth(stack)).resource);
  return synthesized.get(stack)![resource.terraformResourceType][resource.friendlyUniqueId];
}

test.each(withDefaultChild)("%s allows overrides through node.defaultChild", (name, example) => {
  const resource = resourceOf(example)!;
  expect(resource).toBeDefined();
  expect(rendered(resource)[`through ${name}`]).toBe("changed");
});

test.each(children)("%s has no default child, and allows overrides of its child %s", (name, id) => {
  expect(examples.get(name)!.node.defaultChild).toBeUndefined();
  expect(rendered(child(name, id)!)[`through ${name} ${id}`]).toBe("changed");
});

test.each(NO_RESOURCE)("%s creates no resource", (name) => {
  const below = examples.get(name)!.node.findAll();
  expect(below.filter((it) => TerraformResource.isTerraformResource(it))).toEqual([]);
});

test("allows overrides of an EphemeralVariable itself", () => {
  const variable = examples.get("EphemeralVariable") as TerraformElement;
  variable.addOverride("nullable", false);
  const { variable: variables } = JSON.parse(Testing.synth(TerraformStack.of(variable)));
  expect(variables[variable.friendlyUniqueId].nullable).toBe(false);
});

test("documents the constructs without a default child, and their children", () => {
  const page = readFileSync(join(__dirname, "../../docs/library.md"), "utf8");
  const table = /^\| Without a default child \|.*\n\|.*\n((?:\|.*\n)+)/m.exec(page)![1];
  const rows = new Map(
    table
      .trim()
      .split("\n")
      .map((row) => [/^\| `(\w+)`/.exec(row)![1], row]),
  );
  expect([...rows.keys()].sort()).toEqual([...Object.keys(CHILDREN), ...NO_RESOURCE].sort());
  for (const [name, id] of children) expect(rows.get(name)).toContain(`\`${id}\``);
});
