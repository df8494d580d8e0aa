import { policyDocument } from "../aws/policy-document";
import type { Json } from "./blocks";

/** Content of the `cdk.tf.json` of one stack, as far as the analysis reads it. */
export interface StackJson {
  /** Resources by type and name. */
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Json>>>>;
  /** Data sources by type and name. */
  readonly data?: Readonly<Record<string, Readonly<Record<string, Json>>>>;
  /** Variables by name. */
  readonly variable?: Readonly<Record<string, Json>>;
  /** Local values by name. */
  readonly locals?: Json;
  /** Provider configurations by provider. */
  readonly provider?: Json;
  /** Modules by name. */
  readonly module?: Json;
  /** Blocks with the earlier and the current address of a resource. */
  readonly moved?: readonly Json[];
}

/** Limit of nested references; a deeper one stays symbolic. */
const MAX_DEPTH = 20;

/** Attributes that the Vault provider computes from other attributes. */
const COMPUTED: readonly [type: RegExp, attribute: RegExp, from: readonly string[]][] = [
  [/^vault_policy$/, /^id$/, ["name"]],
  [
    /^vault_(auth_backend|mount|[a-z]+_auth_backend|[a-z_]+_backend|kv_secret_backend_v2)$/,
    /^(id|path)$/,
    ["path", "type"],
  ],
  [/^vault_namespace$/, /^id$/, ["path"]],
];

/**
 * Resolves references between the resources of one stack, as far as the code holds their values.
 * A value that only Terraform knows becomes a template `{{terraform ...}}`, as symbolic as a Vault template.
 */
export class References {
  constructor(private readonly stack: StackJson) {}

  /**
   * Replaces the references in a value, also in nested lists and objects.
   * @param depth references followed so far @default 0
   */
  resolve(value: unknown, depth = 0): unknown {
    if (typeof value === "string") return this.resolveText(value, depth);
    if (Array.isArray(value)) return value.map((item) => this.resolve(item, depth));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.resolve(item, depth)]));
  }

  private resolveText(text: string, depth: number): unknown {
    const parts = templateParts(text);
    if (parts.length === 1 && typeof parts[0] === "object") return this.evaluate(parts[0].expression, depth);
    let result = "";
    for (const part of parts) {
      if (typeof part === "string") result += part;
      else {
        const value = this.evaluate(part.expression, depth);
        // A Vault template cannot contain another template.
        const inTemplate = result.lastIndexOf("{{") > result.lastIndexOf("}}");
        result += inTemplate ? String(value).replace(/^\{\{terraform (.*)\}\}$/s, "$1") : String(value);
      }
    }
    return result;
  }

  private evaluate(expression: string, depth: number): unknown {
    const value = depth > MAX_DEPTH ? undefined : this.find(expression.trim().split(/\.|(?=\[)/), depth + 1);
    if (value !== undefined && value !== null) return value;
    // Braces and quotes would end the template, or the string that contains it.
    return `{{terraform ${expression
      .replace(/["\\]/g, "'")
      .replace(/[{}\s]+/g, " ")
      .trim()}}}`;
  }

  private find([first, ...path]: readonly string[], depth: number): unknown {
    switch (first) {
      case "var":
        return this.resolve(walk(this.stack.variable?.[path[0]]?.default, path.slice(1)), depth);
      case "local":
        return this.resolve(walk(this.stack.locals, path), depth);
      case "data":
        return this.findDocument(path, depth);
      default:
        return this.findAttribute([first, ...path], depth);
    }
  }

  private findDocument([type, name, attribute]: readonly string[], depth: number): unknown {
    const document = this.stack.data?.[type]?.[name];
    if (type !== "vault_policy_document" || attribute !== "hcl" || !document) return undefined;
    return policyDocument(this.resolve(document, depth) as Json);
  }

  private findAttribute([type, name, attribute, ...rest]: readonly string[], depth: number): unknown {
    const resource = this.stack.resource?.[type]?.[name];
    if (!resource || attribute === undefined) return undefined;
    if (resource[attribute] !== undefined) return this.resolve(walk(resource[attribute], rest), depth);
    if (type === "vault_namespace" && attribute === "path_fq") {
      // The path of the parent namespace comes first.
      const parts = [resource.namespace, resource.path].filter((part) => part !== undefined);
      return parts.map((part) => String(this.resolve(part, depth))).join("/");
    }
    const computed = COMPUTED.find(([types, attributes]) => types.test(type) && attributes.test(attribute));
    const source = computed?.[2].find((other) => resource[other] !== undefined);
    return source && this.resolve(resource[source], depth);
  }
}

/** Follows names and indices into a value. A single block may be written without a list. */
function walk(value: unknown, path: readonly string[]): unknown {
  return path.reduce((current, part) => {
    if (typeof current !== "object" || current === null) return undefined;
    const index = /^\[?(\d+)\]?$/.exec(part)?.[1];
    if (index === undefined) return (current as Json)[part];
    return Array.isArray(current) ? current[Number(index)] : index === "0" ? current : undefined;
  }, value);
}

/** Splits a Terraform template into text and `${ }` expressions. */
function templateParts(text: string): (string | { readonly expression: string })[] {
  const parts: (string | { expression: string })[] = [];
  let plain = "";
  for (let offset = 0; offset < text.length; offset++) {
    if (text.startsWith("$${", offset) || text.startsWith("%%{", offset)) {
      plain += text.slice(offset + 1, offset + 3);
      offset += 2;
    } else if (text.startsWith("${", offset)) {
      const end = endOfExpression(text, offset + 2);
      if (plain) parts.push(plain);
      plain = "";
      parts.push({ expression: text.slice(offset + 2, end) });
      offset = end;
    } else plain += text[offset];
  }
  return plain || parts.length === 0 ? [...parts, plain] : parts;
}

function endOfExpression(text: string, start: number): number {
  let braces = 1;
  let isQuoted = false;
  for (let offset = start; offset < text.length; offset++) {
    const character = text[offset];
    if (character === "\\") offset++;
    else if (character === '"') isQuoted = !isQuoted;
    else if (!isQuoted && character === "{") braces++;
    else if (!isQuoted && character === "}" && --braces === 0) return offset;
  }
  return text.length;
}
