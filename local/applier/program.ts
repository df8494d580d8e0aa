import { readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../constructs/core/user-error";
import { type Expression, type Reference, parseReference, parseValue } from "./expressions";

/** Values by the name of the argument or field. */
export type Values = Readonly<Record<string, unknown>>;

/** One resource of the stack. */
export interface Resource {
  /** Terraform's address of the resource: `vault_mount.Database_B269D8BB`. */
  readonly address: string;
  readonly type: string;
  /** Arguments of the resource, without meta-arguments. */
  readonly attributes: Expression;
  /** Values that make Terraform replace the resource when they change. */
  readonly triggers: Expression;
}

interface Variable {
  readonly value: unknown;
  readonly isSecret: boolean;
}

interface Synthesized {
  readonly resource?: Record<string, Record<string, Record<string, unknown>>>;
  readonly variable?: Record<string, VariableDefinition>;
  readonly provider?: Record<string, readonly unknown[]>;
  readonly ephemeral?: Record<string, Record<string, unknown>>;
}

interface VariableDefinition {
  readonly type: string;
  readonly default?: unknown;
  readonly sensitive?: boolean;
  readonly ephemeral?: boolean;
}

/** Arguments that Terraform itself interprets. */
const META = ["//", "depends_on", "lifecycle"];
/** Unsupported arguments, such as those that change the number of resources or the provider. */
const UNKNOWN_META = ["count", "for_each", "provider", "dynamic", "provisioner", "connection"];

/** The parts of a synthesized stack that the applier reads. */
export class Program {
  /** In write order: each resource after those that it refers to, otherwise by address. */
  readonly resources: readonly Resource[];
  private readonly variables: Readonly<Record<string, Variable>>;

  /**
   * Reads a synthesized stack.
   * @param folder - folder of the stack
   * @param env - environment with the `TF_VAR_` variables
   */
  static read(folder: string, env: NodeJS.ProcessEnv): Program {
    return new Program(JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8")), env);
  }

  constructor(
    private readonly stack: Synthesized,
    env: NodeJS.ProcessEnv,
  ) {
    const definitions = Object.entries(stack.variable ?? {});
    this.variables = Object.fromEntries(
      definitions.map(([name, definition]) => [name, variable(name, definition, env[`TF_VAR_${name}`])]),
    );
    this.resources = inOrder(
      Object.entries(stack.resource ?? {}).flatMap(([type, resources]) =>
        Object.entries(resources).map(([name, content]) => parseResource(type, name, content)),
      ),
    );
  }

  /** Secret values, which must not appear in any output. */
  get secrets(): string[] {
    return Object.values(this.variables).flatMap(({ value, isSecret }) =>
      isSecret && typeof value === "string" && value !== "" ? [value] : [],
    );
  }

  /** Configuration of the provider. It may contain any expression; the applier reads only simple ones. */
  provider(name: string): unknown {
    return this.stack.provider?.[name]?.[0];
  }

  /** Content of an ephemeral resource, or undefined if there is none. */
  ephemeral(type: string, name: string): unknown {
    return this.stack.ephemeral?.[type]?.[name];
  }

  /** Evaluates an expression. @param attributes - of the resources written so far, by address */
  evaluate(expression: Expression, attributes: ReadonlyMap<string, Values> = new Map()): unknown {
    return expression.evaluate((reference) => this.lookUp(reference, attributes));
  }

  private lookUp(reference: Reference, attributes: ReadonlyMap<string, Values>): unknown {
    const [first, second, ...rest] = reference;
    if (first === "var") {
      if (!Object.hasOwn(this.variables, second)) throw new UserError(`there is no variable ${second}`);
      return follow(this.variables[second].value, rest, reference);
    }
    const known = attributes.get(`${first}.${second}`);
    if (!known) throw new UserError(`${show(reference)} is not among the resources that the applier writes`);
    return follow(known, rest, reference);
  }
}

/** Follows a path as Terraform does, where one block also counts as a list of one. */
function follow(start: unknown, path: Reference, reference: Reference): unknown {
  return path.reduce((value: unknown, step) => {
    const isBlock = step === 0 && typeof value === "object" && value !== null && !Array.isArray(value);
    const next = isBlock ? value : (value as Record<string | number, unknown> | null)?.[step];
    if (next === undefined) throw new UserError(`${show(reference)} is not known`);
    return next;
  }, start);
}

function show(reference: Reference): string {
  return reference
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`))
    .join("")
    .slice(1);
}

function variable(name: string, definition: VariableDefinition, given: string | undefined): Variable {
  const isSecret = definition.sensitive === true || definition.ephemeral === true;
  if (given === undefined) {
    if (definition.default === undefined) throw new UserError(`The variable ${name} has no value.`);
    return { value: definition.default, isSecret };
  }
  switch (definition.type) {
    case "string":
      return { value: given, isSecret };
    case "number":
      return { value: Number(given), isSecret };
    case "bool":
      return { value: given === "true", isSecret };
    default:
      throw new UserError(
        `The variable ${name} is of type ${definition.type}; the applier takes string, number and bool.`,
      );
  }
}

function parseResource(
  type: string,
  name: string,
  content: Record<string, unknown>,
): Resource & { after: string[] } {
  const address = `${type}.${name}`;
  const unknown = UNKNOWN_META.filter((argument) => argument in content);
  if (unknown.length > 0)
    throw new UserError(`${address} has ${unknown.join(", ")}, which the applier does not know.`);
  const lifecycle = (content.lifecycle ?? {}) as { replace_triggered_by?: string[] };
  const own = Object.entries(content).filter(([argument]) => !META.includes(argument));
  try {
    const attributes = parseValue(Object.fromEntries(own));
    const triggers = parseValue((lifecycle.replace_triggered_by ?? []).map((it) => `\${${it}}`));
    const dependsOn = ((content.depends_on ?? []) as string[]).map(parseReference);
    const after = [...attributes.references, ...triggers.references, ...dependsOn]
      .filter(([first]) => first !== "var")
      .map(([first, second]) => `${first}.${second}`);
    return { address, type, attributes, triggers, after };
  } catch (error) {
    throw error instanceof UserError ? new UserError(`${address}: ${error.message}`) : error;
  }
}

function inOrder(resources: (Resource & { after: string[] })[]): Resource[] {
  const left = new Map(
    [...resources].sort((a, b) => (a.address < b.address ? -1 : 1)).map((it) => [it.address, it]),
  );
  const order: Resource[] = [];
  while (left.size > 0) {
    const next = [...left.values()].find(({ after }) => !after.some((address) => left.has(address)));
    if (!next)
      throw new UserError(`These resources refer to each other in a circle: ${[...left.keys()].join(", ")}`);
    left.delete(next.address);
    order.push(next);
  }
  return order;
}
