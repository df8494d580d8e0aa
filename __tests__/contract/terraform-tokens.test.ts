import { TerraformVariable } from "cdktf";
import { ValidationError } from "../../constructs";
import { examples } from "./examples";
import { type Path, pathsOf, valueAt, withValue } from "./examples/paths";
import { World } from "./examples/world";

/** Kind of token: a value that is unknown until Terraform runs. */
type Kind = "string" | "list" | "number";

/** Unresolved tokens of cdktf. In the output they mean that an expression was cut or changed. */
const UNRESOLVED = /tftoken|[-\d.]+e\+\d{3}/i;

/** Values that are only evaluated, or that are written in another form, and so are absent from the output. */
const NOT_WRITTEN: readonly string[] = [
  // Written as CIDR ranges and the pods' port.
  ...[".host", ".port"],
  // Licence of Enterprise constructs: only the servers read it.
  ...[".licence.secretName", ".licence.key"],
  // Written as a digest.
  "Rollout 0.revision",
  // Already a prefix of the rules' paths.
  ...["grant 0.namespace", "addCustomRule 0.namespace"],
  // Zones are counted; names are compared.
  "VaultHaCluster 0.zones.0",
  ...["1.dnsNames", "1.dnsNames.0", "1.ipAddresses", "1.ipAddresses.0"].map((it) => `Tls.validate ${it}`),
  // Attributes of a release that was created elsewhere.
  ...["namespace", "releaseName"].map((it) => `CustomResources.within 1.${it}`),
];

function kindAt(args: readonly unknown[], path: Path): Kind | undefined {
  const value = valueAt(args, path);
  if (typeof value === "string" || typeof value === "number") return typeof value as Kind;
  return Array.isArray(value) && value.every((it) => typeof it === "string") ? "list" : undefined;
}

/**
 * Problem with a call whose value at the path is a token.
 * @returns undefined if the call works, or if its error names the property
 */
function problem(title: string, path: Path, kind: Kind): string | undefined {
  const world = new World();
  const variable = new TerraformVariable(world.stack, "Given", {});
  const token = { string: variable.stringValue, list: variable.listValue, number: variable.numberValue }[
    kind
  ];
  const example = examples.get(title)!;
  try {
    example.call(world, withValue(example.args(world), path, token) as unknown[]);
    world.stack.prepareStack();
    const output = JSON.stringify(world.stack.toTerraform());
    if (UNRESOLVED.test(output)) return `a broken expression: ${around(output, UNRESOLVED)}`;
    if (/\$\$\{var\.Given/.test(output)) return `a literal text: ${around(output, /\$\$\{var/)}`;
    if (output.includes("var.Given")) return undefined;
    return NOT_WRITTEN.some((it) => `${title} ${path.join(".")}`.endsWith(it))
      ? undefined
      : "nothing of it is in the output";
  } catch (error) {
    if (!(error instanceof ValidationError)) return String(error).slice(0, 200);
    const name = path.filter((key) => typeof key === "string").at(-1);
    const isNamed = name === undefined || error.message.includes(String(name));
    const isRefused = error.message.includes("must be known at synthesis") && isNamed;
    return isRefused && !UNRESOLVED.test(error.message) ? undefined : error.message;
  }
}

function around(text: string, found: RegExp): string {
  const index = text.search(found);
  return text.slice(Math.max(0, index - 60), index + 60);
}

test.each([...examples.keys()])("%s accepts tokens, or names the value that must be known", (title) => {
  const args = examples.get(title)!.args(new World());
  const problems = pathsOf(args).flatMap((path) => {
    const kind = kindAt(args, path);
    const found = kind && problem(title, path, kind);
    return found === undefined ? [] : [`${path.join(".")}, a ${kind}: ${found}`];
  });
  expect(problems).toEqual([]);
});
