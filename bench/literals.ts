import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { App, LocalBackend, TerraformElement, TerraformStack } from "cdktf";

/*
 * A plain cdktf app that writes the stacks of another synthesis as literals. It measures the cost of cdktf itself,
 * without tokens, rules or constructs. The argument is the folder of those stacks.
 */
type Blocks = Readonly<Record<string, Record<string, Record<string, unknown>>>>;
type Constructor<T> = new (scope: TerraformStack, id: string, config: object) => T;

const load = createRequire(__filename);
function addAll(stack: TerraformStack, blocks: Blocks, prefix: string): void {
  for (const [type, byName] of Object.entries(blocks)) {
    const Class = classOf(prefix + type);
    for (const [name, body] of Object.entries(byName)) {
      add(Class, stack, `${prefix}${type}-${name}`, body).overrideLogicalId(name);
    }
  }
}

/** Meta-arguments, which every block may have besides the arguments of its type. */
const COMMON = ["//", "count", "depends_on", "for_each", "lifecycle", "provider"];

function add<T extends TerraformElement>(
  Class: Constructor<T>,
  stack: TerraformStack,
  id: string,
  body: Readonly<Record<string, unknown>>,
): T {
  const own = Object.entries(body).filter(([key]) => !COMMON.includes(key));
  const element = new Class(stack, id, asConfig(Object.fromEntries(own)) as object);
  for (const key of COMMON) {
    if (key !== "//" && body[key] !== undefined) element.addOverride(key, body[key]);
  }
  return element;
}

/** Attributes that are maps. Their keys are data and stay unchanged. */
const MAPS =
  /(^|_)(labels|annotations|tags|data|limits|requests|node_selector|options|parameters|metadata_map|variables|mappings|config)$/;

function asConfig(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asConfig);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, it]) => [
      key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
      MAPS.test(key) && !Array.isArray(it) ? it : asConfig(it),
    ]),
  );
}

function providerOf(type: string): Constructor<TerraformElement> {
  const module = load(`@cdktf/provider-${type}/lib/provider`) as Record<
    string,
    Constructor<TerraformElement>
  >;
  return Object.values(module).find((it) => it.name.endsWith("Provider"))!;
}

/** The class of a type, such as vault_policy or data_aws_caller_identity. */
function classOf(type: string): Constructor<TerraformElement> {
  const [, data = "", provider, name] = /^(data_)?([a-z]+)_(.+)$/.exec(type)!;
  const file = `${data ? `data-${provider}-` : ""}${name.replaceAll("_", "-")}`;
  const module = load(`@cdktf/provider-${provider}/lib/${file}`) as Record<
    string,
    { tfResourceType?: string }
  >;
  const found = Object.values(module).find((it) => it.tfResourceType === type.replace(/^data_/, ""));
  return found as unknown as Constructor<TerraformElement>;
}

const [folder] = process.argv.slice(2);
const app = new App();
for (const name of readdirSync(folder)) {
  const json = JSON.parse(readFileSync(join(folder, name, "cdk.tf.json"), "utf8"));
  const stack = new TerraformStack(app, name);
  new LocalBackend(stack, {});
  const { resource = {}, data = {}, provider = {}, ...others } = json;
  for (const [type, bodies] of Object.entries(provider as Record<string, object[]>)) {
    bodies.forEach((body, index) => add(providerOf(type), stack, `${type}-${index}`, body as Blocks));
  }
  addAll(stack, resource as Blocks, "");
  addAll(stack, data as Blocks, "data_");
  for (const [section, value] of Object.entries(others)) {
    if (section !== "//") stack.addOverride(section, value);
  }
}
app.synth();
