import { AwsNames, type AwsBlock } from "./aws-names";
import {
  type IamPolicy,
  type IamStatement,
  NO_POLICY,
  joinPolicies,
  parsePolicy,
  principalText,
} from "./iam-policy";
import { documentPolicy, unusedDocuments } from "./unused-documents";

/** Role, user or group. */
export interface AwsIdentity {
  readonly kind: "role" | "user" | "group";
  /** Name, unique for the kind. */
  readonly name: string;
  readonly arn: string;
  /** All its policies, and those of its groups. */
  readonly policy: IamPolicy;
  /** Permissions boundary. @default - none */
  readonly boundary?: IamPolicy;
  /** Trust policy of a role. @default - none */
  readonly trust?: IamPolicy;
  /** Block that creates the identity. @default - none: it is created elsewhere, and has more policies there */
  readonly block?: AwsBlock;
}

/** Key, secret or bucket with its policy. */
export interface AwsTarget {
  readonly kind: "key" | "secret" | "bucket";
  readonly name: string;
  readonly arn: string;
  /** Policy of the resource. @default - none */
  readonly policy?: IamPolicy;
  /** Aliases of a key. */
  readonly aliases: readonly string[];
  readonly block: AwsBlock;
}

const EVERYTHING = parsePolicy({
  Version: "2012-10-17",
  Statement: { Effect: "Allow", Action: "*", Resource: "*" },
});

/** Policy that allows everything. */
export const ADMINISTRATOR: IamPolicy = EVERYTHING;

const KEY = /^aws_kms_(replica_|external_|replica_external_)?key$/;

/** Identities, keys, secrets and buckets of one environment, with the policies that decide about them. */
export class AwsModel {
  readonly names: AwsNames;
  readonly identities: readonly AwsIdentity[];
  readonly targets: readonly AwsTarget[];
  /** Policies that no identity and no resource of the environment has, with their blocks. */
  readonly loose: readonly { readonly block: AwsBlock; readonly policy: IamPolicy }[];
  private readonly resources: readonly AwsBlock[];
  private readonly used = new Set<AwsBlock>();

  /** @param blocks all blocks of the environment */
  constructor(readonly blocks: readonly AwsBlock[]) {
    this.names = new AwsNames(blocks);
    this.resources = blocks.filter(({ kind, type }) => kind === "resource" && type.startsWith("aws_"));
    this.targets = this.findTargets();
    this.identities = this.findIdentities();
    this.loose = this.findLoose();
  }

  /** Resources of a type. */
  of(...types: readonly string[]): AwsBlock[] {
    return this.resources.filter(({ type }) => types.includes(type));
  }

  /** Policy of an argument, which is JSON. A document that perhaps exists permits, and does not deny. */
  private policyOf(
    { attributes, stack, existence, type, name }: AwsBlock,
    value = attributes.policy,
  ): IamPolicy {
    const policy = parsePolicy(this.names.resolve(value, stack));
    if (existence === "yes") return policy;
    const statements = policy.statements.filter(({ effect }) => effect === "Allow");
    return { statements, unread: [...policy.unread, `${type}.${name}, which perhaps exists`] };
  }

  /** Policy of a document. */
  documentOf({ attributes, stack }: AwsBlock): IamPolicy {
    return documentPolicy(attributes, stack, this.names);
  }

  private findTargets(): AwsTarget[] {
    const grants = this.of("aws_kms_grant");
    return [
      ...this.resources
        .filter(({ type }) => KEY.test(type))
        .map((block) =>
          this.target("key", block, [
            ...this.attached(block, "aws_kms_key_policy", "key_id"),
            ...grants
              .filter((it) => this.refers(it.attributes.key_id, it, block))
              .map((it) => this.grant(it)),
          ]),
        ),
      ...this.of("aws_secretsmanager_secret").map((block) =>
        this.target("secret", block, this.attached(block, "aws_secretsmanager_secret_policy", "secret_arn")),
      ),
      ...this.of("aws_s3_bucket").map((block) =>
        this.target("bucket", block, this.attached(block, "aws_s3_bucket_policy", "bucket")),
      ),
    ];
  }

  private target(kind: AwsTarget["kind"], block: AwsBlock, attached: readonly IamPolicy[]): AwsTarget {
    const arn = this.names.arnOf(block)!;
    const aliases = kind === "key" ? this.names.aliasesOf(block) : [];
    const inline = block.attributes.policy;
    const own = inline === undefined || inline === null ? [] : [this.policyOf(block)];
    const policies = [...own, ...attached];
    // AWS gives a key without a policy one that trusts the account.
    if (kind === "key" && policies.every(({ statements, unread }) => statements.length + unread.length === 0))
      policies.push(this.accountPolicy());
    const name = kind === "key" ? (aliases[0] ?? `${block.type}.${block.name}`) : this.names.nameOf(block);
    return {
      kind,
      name,
      arn,
      aliases,
      block,
      policy: policies.length > 0 ? joinPolicies(policies) : undefined,
    };
  }

  private accountPolicy(): IamPolicy {
    const statement = {
      Effect: "Allow",
      Principal: { AWS: this.names.account },
      Action: "kms:*",
      Resource: "*",
    };
    return parsePolicy({ Version: "2012-10-17", Statement: statement });
  }

  private attached(block: AwsBlock, type: string, argument: string): IamPolicy[] {
    return this.of(type)
      .filter((it) => this.refers(it.attributes[argument], it, block))
      .map((it) => this.policyOf(it));
  }

  /** Returns true if an argument names a resource, by its ARN, its id or its name. */
  private refers(value: unknown, { stack }: AwsBlock, target: AwsBlock): boolean {
    const text = this.names.resolve(String(value), stack);
    const arn = this.names.arnOf(target);
    return (
      text === arn ||
      text === this.names.nameOf(target) ||
      (KEY.test(target.type) && text === arn?.split(":key/")[1])
    );
  }

  /** Grant as the statement of a key policy that it amounts to. */
  private grant({ attributes, stack }: AwsBlock): IamPolicy {
    const { grantee_principal: grantee, operations, constraints } = this.names.resolve(attributes, stack);
    const statement: IamStatement = {
      sid: "grant",
      effect: "Allow",
      actions: { isNot: false, values: [operations].flat().map((it) => `kms:${String(it)}`) },
      principals: { isNot: false, values: [principalText("AWS", String(grantee))] },
      conditions: [constraints]
        .flat()
        .filter((it) => it !== undefined)
        .map((it) => ({
          operator: "GrantConstraint",
          key: "kms:EncryptionContext",
          values: [JSON.stringify(it)],
        })),
      hasVariables: true,
    };
    return { statements: [statement], unread: [] };
  }

  private findIdentities(): AwsIdentity[] {
    const found = new Map<string, AwsBlock | undefined>();
    for (const kind of ["role", "user", "group"]) {
      for (const block of this.of(`aws_iam_${kind}`)) found.set(`${kind} ${this.names.nameOf(block)}`, block);
    }
    const policies = new Map<string, IamPolicy[]>();
    const add = (kind: string, name: unknown, stack: string, policy: IamPolicy) => {
      const key = `${kind} ${this.names.resolve(String(name), stack)}`;
      if (!found.has(key)) found.set(key, undefined);
      policies.set(key, [...(policies.get(key) ?? []), policy]);
    };
    for (const block of this.resources) {
      const { type, attributes, stack } = block;
      const [, kind, isAttached] = /^aws_iam_(role|user|group)_policy(_attachment)?$/.exec(type) ?? [];
      if (kind !== undefined)
        add(
          kind,
          attributes[kind],
          stack,
          isAttached ? this.managed(attributes.policy_arn, stack) : this.policyOf(block),
        );
      if (/^aws_iam_(policy_attachment|role_policy_attachments_exclusive)$/.test(type)) {
        const arns = [attributes.policy_arn ?? attributes.policy_arns].flat();
        for (const arn of arns) {
          for (const each of ["role", "user", "group"])
            for (const name of [
              attributes[`${each}s`] ?? (each === "role" ? attributes.role_name : undefined),
            ].flat())
              if (name !== undefined) add(each, name, stack, this.managed(arn, stack));
        }
      }
      if (type === "aws_iam_role" || type === "aws_iam_user") {
        const own = type.slice("aws_iam_".length);
        for (const inline of objects(attributes.inline_policy))
          if (inline.policy !== undefined)
            add(own, this.names.nameOf(block), stack, this.policyOf(block, inline.policy));
        for (const arn of [attributes.managed_policy_arns].flat())
          if (arn !== undefined && arn !== null)
            add(own, this.names.nameOf(block), stack, this.managed(arn, stack));
      }
    }
    const groups = this.memberships();
    return [...found].map(([key, block]): AwsIdentity => {
      const [kind, name] = [key.slice(0, key.indexOf(" ")), key.slice(key.indexOf(" ") + 1)];
      const inherited = (groups.get(name) ?? []).flatMap((group) => policies.get(`group ${group}`) ?? []);
      const boundary = block?.attributes.permissions_boundary;
      return {
        kind: kind as AwsIdentity["kind"],
        name,
        arn: (block && this.names.arnOf(block)) ?? `arn:aws:iam::${this.names.account}:${kind}/${name}`,
        policy: joinPolicies([...(policies.get(key) ?? []), ...(kind === "user" ? inherited : [])]),
        ...(block && boundary !== undefined && boundary !== null
          ? { boundary: this.managed(boundary, block.stack) }
          : {}),
        ...(kind === "role" && block
          ? { trust: this.policyOf(block, block.attributes.assume_role_policy) }
          : {}),
        block,
      };
    });
  }

  private memberships(): Map<string, string[]> {
    const groups = new Map<string, string[]>();
    const add = (user: unknown, group: unknown, stack: string) => {
      const name = this.names.resolve(String(user), stack);
      groups.set(name, [...(groups.get(name) ?? []), this.names.resolve(String(group), stack)]);
    };
    for (const { type, attributes, stack } of this.resources) {
      if (type === "aws_iam_user_group_membership")
        for (const group of [attributes.groups].flat()) add(attributes.user, group, stack);
      if (type === "aws_iam_group_membership")
        for (const user of [attributes.users].flat()) add(user, attributes.group, stack);
    }
    return groups;
  }

  /** Policy of an ARN. The content of AWS's own policies is not read, except that of the administrator. */
  private managed(arn: unknown, stack: string): IamPolicy {
    const text = this.names.resolve(String(arn), stack);
    if (/^arn:[\w-]+:iam::aws:policy\/AdministratorAccess$/.test(text)) return EVERYTHING;
    const own = this.of("aws_iam_policy").find((it) => this.names.arnOf(it) === text);
    if (!own) return { ...NO_POLICY, unread: [`the managed policy ${text}`] };
    this.used.add(own);
    return this.policyOf(own);
  }

  private findLoose(): { block: AwsBlock; policy: IamPolicy }[] {
    const policies = this.of("aws_iam_policy")
      .filter((block) => !this.used.has(block))
      .map((block) => ({ block, policy: this.policyOf(block) }));
    const attached = [
      ["aws_kms_key_policy", "key_id"],
      ["aws_secretsmanager_secret_policy", "secret_arn"],
      ["aws_s3_bucket_policy", "bucket"],
    ].flatMap(([type, argument]) =>
      this.of(type)
        .filter((it) => !this.targets.some(({ block }) => this.refers(it.attributes[argument], it, block)))
        .map((block) => ({ block, policy: this.policyOf(block) })),
    );
    const grants = this.of("aws_kms_grant")
      .filter((it) => !this.targets.some(({ block }) => this.refers(it.attributes.key_id, it, block)))
      .map((block) => ({ block, policy: this.grant(block) }));
    return [...policies, ...attached, ...grants, ...unusedDocuments(this.blocks, this.names)];
  }
}

type Json = Readonly<Record<string, unknown>>;

function objects(value: unknown): Json[] {
  return [value].flat(2).filter((it): it is Json => typeof it === "object" && it !== null);
}
