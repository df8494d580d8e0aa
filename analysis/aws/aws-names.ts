import { ID_OF } from "./pattern";
import type { Json } from "../terraform/blocks";

/** Block of Terraform, as far as the analysis of AWS reads it. */
export interface AwsBlock {
  /** Kind of the block: resource, data or provider. */
  readonly kind: string;
  /** Name of the stack. */
  readonly stack: string;
  /** Type, for example aws_kms_key. */
  readonly type: string;
  /** Name of the block in its stack. */
  readonly name: string;
  /** Evaluated arguments, in which texts `{{terraform EXPRESSION}}` stand for unknown values. */
  readonly attributes: Json;
  /** Arguments as written. */
  readonly body: Json;
  /** Whether the block makes an object: `perhaps` if its `count` or `for_each` is unknown. */
  readonly existence: "yes" | "perhaps";
}

const EXPRESSION = /\{\{terraform (.*?)\}\}/gs;
const REFERENCE = /^(data\.)?(aws_[a-z0-9_]+)\.([\w-]+)(\[[^\]]*\])?\.([a-z_]+)$/;

/** Limit of nested references. */
const MAX_DEPTH = 8;

/** End of a secret's ARN, which AWS chooses: six characters. Policies write `-??????` for them. */
const SECRET_SUFFIX = "-AbCdEf";

/** Names and ARNs of the resources of one environment, as AWS will form them. */
export class AwsNames {
  private readonly byAddress = new Map<string, AwsBlock>();
  private readonly aliases = new Map<string, AwsBlock>();
  /** Account of the platform; an unknown expression if no provider says it. */
  readonly account: string;

  constructor(private readonly blocks: readonly AwsBlock[]) {
    for (const block of blocks) this.byAddress.set(addressOf(block), block);
    this.account = accountOf(blocks);
    for (const block of blocks) {
      if (block.type === "aws_kms_alias" && block.kind === "resource") {
        const key = this.targetOf(block);
        // The first alias by name identifies the key, so that another id of its construct changes nothing.
        const known = key && this.aliases.get(addressOf(key));
        if (key && (!known || textOf(block.attributes.name) < textOf(known.attributes.name)))
          this.aliases.set(addressOf(key), block);
      }
    }
  }

  /** Replaces expressions by the names and ARNs that AWS will form, also in lists and objects. */
  resolve<T>(value: T, stack: string, depth = 0): T {
    if (typeof value === "string") return this.resolveText(value, stack, depth) as T;
    if (Array.isArray(value)) return value.map((item: unknown) => this.resolve(item, stack, depth)) as T;
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, this.resolve(item as unknown, stack, depth)]),
    ) as T;
  }

  private resolveText(text: string, stack: string, depth: number): string {
    if (!text.includes("{{terraform ")) return text;
    return text.replace(EXPRESSION, (whole, expression: string) => {
      const [, data = "", type, name, key = "", attribute] = REFERENCE.exec(expression.trim()) ?? [];
      if (type === undefined || depth > MAX_DEPTH) return whole;
      const address = `${stack} ${data}${type}.${name}`;
      const block = this.byAddress.get(address + key) ?? this.byAddress.get(address);
      return (
        (block && this.attributeOf(block, attribute, depth + 1)) ??
        this.ofAccount(type, attribute, stack) ??
        whole
      );
    });
  }

  private ofAccount(type: string, attribute: string, stack: string): string | undefined {
    if (type === "aws_caller_identity" && attribute === "account_id") return this.account;
    if (type === "aws_partition" && attribute === "partition") return this.partition(stack);
    if (type === "aws_region" && /^(name|id|region)$/.test(attribute)) return this.region(stack, "aws");
    return undefined;
  }

  /** Value of an attribute that AWS computes, or undefined if it cannot be known. */
  private attributeOf(block: AwsBlock, attribute: string, depth: number): string | undefined {
    const { type } = block;
    const isArn = attribute === "arn";
    if (/^aws_kms_(replica_|external_|replica_external_)?key$/.test(type))
      return isArn ? this.arnOf(block) : /^(key_id|id)$/.test(attribute) ? this.keyId(block) : undefined;
    if (type === "aws_kms_alias") {
      const target = attribute.startsWith("target_key") ? this.targetOf(block) : undefined;
      if (target) return attribute.endsWith("arn") ? this.arnOf(target) : this.keyId(target);
      return isArn
        ? this.arnOf(block)
        : /^(name|id)$/.test(attribute)
          ? this.nameOf(block, depth)
          : undefined;
    }
    if (/^aws_(secretsmanager_secret|iam_policy)$/.test(type) && attribute === "id") return this.arnOf(block);
    if (isArn) return this.arnOf(block);
    if (/^(id|name|bucket)$/.test(attribute) && NAMED.test(type)) return this.nameOf(block, depth);
    return undefined;
  }

  /** ARN of a resource, or undefined for a type that is not known. */
  arnOf(block: AwsBlock): string | undefined {
    const { stack, type, attributes } = block;
    const partition = this.partition(stack);
    const global = (service: string, rest: string) => `arn:${partition}:${service}::${this.account}:${rest}`;
    const here = (service: string, rest: string) =>
      `arn:${partition}:${service}:${this.region(stack, providerOf(block))}:${this.account}:${rest}`;
    const name = this.nameOf(block);
    switch (type) {
      case "aws_s3_bucket":
        return `arn:${partition}:s3:::${name}`;
      case "aws_secretsmanager_secret":
        return here("secretsmanager", `secret:${name}${SECRET_SUFFIX}`);
      case "aws_kms_alias":
        return here("kms", name);
      case "aws_iam_role":
      case "aws_iam_user":
      case "aws_iam_group":
      case "aws_iam_policy":
        return global("iam", `${type.slice("aws_iam_".length)}${textOf(attributes.path ?? "/")}${name}`);
      case "aws_iam_openid_connect_provider":
        return global(
          "iam",
          `oidc-provider/${this.resolve(textOf(attributes.url), stack).replace(/^https:\/\//, "")}`,
        );
      default:
        return /^aws_kms_.*key$/.test(type) ? here("kms", `key/${this.keyId(block)}`) : undefined;
    }
  }

  /** Name of a resource; an expression if Terraform or AWS chooses it. */
  nameOf(block: AwsBlock, depth = 0): string {
    const { attributes, stack } = block;
    const name = attributes.bucket ?? attributes.name;
    if (typeof name === "string") return this.resolve(name, stack, depth + 1);
    return `{{terraform ${block.type}.${block.name}.name}}`;
  }

  private keyId(block: AwsBlock): string {
    const alias = this.aliases.get(addressOf(block));
    return `${ID_OF}${alias ? this.nameOf(alias) : `${block.type}.${block.name}`}}}`;
  }

  /** Names of the aliases of a key. */
  aliasesOf(key: AwsBlock): string[] {
    return this.blocks
      .filter((it) => it.type === "aws_kms_alias" && it.kind === "resource" && this.targetOf(it) === key)
      .map((it) => this.nameOf(it));
  }

  private targetOf({ attributes, stack }: AwsBlock): AwsBlock | undefined {
    const [, type, name] =
      /(aws_kms_\w*key)\.([\w-]+(?:\[[^\]]*\])?)/.exec(textOf(attributes.target_key_id)) ?? [];
    return type === undefined ? undefined : this.byAddress.get(`${stack} ${type}.${name}`);
  }

  private region(stack: string, provider: string): string {
    const [, alias = ""] = provider.split(".");
    const found = this.blocks.find(
      (it) =>
        it.kind === "provider" &&
        it.type === "aws" &&
        it.stack === stack &&
        textOf(it.attributes.alias ?? "") === alias,
    );
    const region = found?.attributes.region;
    return typeof region === "string" ? region : "{{terraform region}}";
  }

  private partition(stack: string): string {
    const region = this.region(stack, "aws");
    return region.startsWith("cn-") ? "aws-cn" : region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
  }
}

const NAMED = /^aws_(s3_bucket|iam_(role|user|group)|secretsmanager_secret|kms_alias)$/;

/** Address of a block with its stack. */
export function addressOf({ kind, stack, type, name }: AwsBlock): string {
  // Quotes would end the symbol of an unknown value, which has apostrophes for them.
  return `${stack} ${kind === "data" ? "data." : ""}${type}.${name.replaceAll('"', "'")}`;
}

function providerOf({ attributes }: AwsBlock): string {
  return textOf(attributes.provider ?? "aws");
}

/** Account that the providers are limited to, or that all ARNs name. */
function accountOf(blocks: readonly AwsBlock[]): string {
  const limited = blocks
    .filter(({ kind, type }) => kind === "provider" && type === "aws")
    .flatMap(({ attributes }) => [attributes.allowed_account_ids].flat())
    .filter((it): it is string => typeof it === "string" && /^\d{12}$/.test(it));
  if (new Set(limited).size === 1) return limited[0];
  const named = new Set<string>();
  for (const { type, attributes } of blocks) {
    if (!type.startsWith("aws_")) continue;
    for (const [, account] of JSON.stringify(attributes).matchAll(/arn:[\w-]+:\w+:[\w-]*:(\d{12}):/g))
      named.add(account);
  }
  return named.size === 1 ? [...named][0] : "{{terraform account}}";
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value);
}
