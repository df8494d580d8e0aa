import type { AwsIdentity, AwsModel, AwsTarget } from "./aws-model";
import { ADMINISTRATOR } from "./aws-model";
import { type Decision, evaluate, type Principal } from "./evaluate";
import { type IamPolicy, NO_POLICY } from "./iam-policy";

/** Kinds of objects outside Vault. The loss or disclosure of the first ones loses or discloses everything in Vault. */
export type Guarded =
  | "unseal key"
  | "recovery share"
  | "recovery key"
  | "snapshots"
  | "state"
  | "key"
  | "secret"
  | "bucket"
  | "role";

const KEY = [
  "Decrypt",
  "ReEncryptFrom",
  "CreateGrant",
  "PutKeyPolicy",
  "ReplicateKey",
  "UpdatePrimaryRegion",
  "ScheduleKeyDeletion",
  "DisableKey",
  "ImportKeyMaterial",
  "DeleteImportedKeyMaterial",
  "UpdateAlias",
  "DeleteAlias",
  "RevokeGrant",
  "RetireGrant",
  "DisableKeyRotation",
  "TagResource",
  "UntagResource",
];
const SECRET = [
  "GetSecretValue",
  "PutSecretValue",
  "UpdateSecret",
  "UpdateSecretVersionStage",
  "DeleteSecret",
  "PutResourcePolicy",
  "DeleteResourcePolicy",
  "ReplicateSecretToRegions",
  "RemoveRegionsFromReplication",
  "StopReplicationToReplica",
  "RotateSecret",
];
const BUCKET = [
  "PutBucketPolicy",
  "DeleteBucketPolicy",
  "PutBucketAcl",
  "PutBucketPublicAccessBlock",
  "PutBucketOwnershipControls",
  "PutLifecycleConfiguration",
  "PutReplicationConfiguration",
  "PutBucketObjectLockConfiguration",
  "PutBucketVersioning",
  "PutEncryptionConfiguration",
  "DeleteBucket",
];
const OBJECT = [
  "GetObject",
  "GetObjectVersion",
  "PutObject",
  "DeleteObject",
  "DeleteObjectVersion",
  "PutObjectRetention",
  "PutObjectLegalHold",
  "BypassGovernanceRetention",
  "PutObjectAcl",
  "ReplicateObject",
];
const ROLE = [
  "UpdateAssumeRolePolicy",
  "PutRolePolicy",
  "DeleteRolePolicy",
  "AttachRolePolicy",
  "DeleteRolePermissionsBoundary",
  "PutRolePermissionsBoundary",
  "PassRole",
];

/** Actions to watch, by kind of object. */
export const GRAVE_ACTIONS = {
  key: KEY.map((it) => `kms:${it}`),
  secret: SECRET.map((it) => `secretsmanager:${it}`),
  bucket: BUCKET.map((it) => `s3:${it}`),
  object: OBJECT.map((it) => `s3:${it}`),
  role: ROLE.map((it) => `iam:${it}`),
  trust: ["sts:AssumeRole"],
} as const;

/** One action on one object. */
export interface GraveRequest {
  /** Kind of the object. */
  readonly guarded: Guarded;
  /** Name of the object, for example `alias/vault-unseal-key`. */
  readonly object: string;
  /** ARN that the action is evaluated for. */
  readonly arn: string;
  readonly action: string;
  /** Policy of the object. @default - none */
  readonly policy?: IamPolicy;
  /** Aliases of a key. */
  readonly aliases: readonly string[];
}

/** Identity that may make requests. */
export interface Actor {
  /** Name for reports, for example `role backup`, `any administrator of the account`. */
  readonly name: string;
  readonly principal: Principal;
  readonly policy: IamPolicy;
  readonly boundary?: IamPolicy;
  /** Kind: an identity of the environment, another one of the account, or one from elsewhere. */
  readonly origin: "environment" | "account" | "elsewhere";
}

/** Name of an identity of the account that may do everything which nothing denies to it. */
export const ANY_ADMINISTRATOR = "any administrator of the account";

const GENERIC_ACCOUNT = "000000000000";

/** Kind of a key, a secret or a bucket, by its alias, name, description or use. */
export function guardedKind(target: AwsTarget, unsealKeys: ReadonlySet<string>): Guarded {
  const { attributes, name } = target.block;
  const words = [target.name, ...target.aliases, name, attributes.description].join(" ").toLowerCase();
  if (target.kind === "key") {
    if (
      unsealKeys.has(target.arn) ||
      target.aliases.some((it) => unsealKeys.has(it)) ||
      /unseal|auto-?unseal/.test(words)
    )
      return "unseal key";
    if (/recover|share/.test(words)) return "recovery key";
  }
  if (target.kind === "secret" && /recover|share|unseal|root/.test(words)) return "recovery share";
  // The log of a bucket holds no content of the bucket.
  if (target.kind === "bucket" && /access[-_ ]?log/.test(words)) return "bucket";
  if (/snapshot|backup/.test(words)) return "snapshots";
  return /state/.test(words) ? "state" : target.kind;
}

/** Aliases and ids of the keys that servers are told to unseal with. */
export function unsealKeysOf({ blocks, names }: AwsModel): Set<string> {
  const found = new Set<string>();
  for (const { type, kind, attributes, stack } of blocks) {
    if (kind !== "resource" || !/^(helm_release|kubernetes_(config_map|secret|manifest))/.test(type))
      continue;
    const text = JSON.stringify(names.resolve(attributes, stack));
    for (const [, key] of text.matchAll(/(?:kms_key_id|VAULT_AWSKMS_SEAL_KEY_ID)[\s\\"=:]+([^\s\\",}]+)/g))
      found.add(key);
  }
  return found;
}

/** All grave requests of an environment. */
export function graveRequests(model: AwsModel): GraveRequest[] {
  const unsealKeys = unsealKeysOf(model);
  const of = (target: AwsTarget, actions: readonly string[], arn = target.arn): GraveRequest[] => {
    const guarded = guardedKind(target, unsealKeys);
    return actions.map((action) => ({
      guarded,
      object: target.name,
      arn,
      action,
      policy: target.policy,
      aliases: target.aliases,
    }));
  };
  return [
    ...model.targets.flatMap((target) =>
      target.kind === "bucket"
        ? [
            ...of(target, GRAVE_ACTIONS.bucket),
            ...of(target, GRAVE_ACTIONS.object, `${target.arn}/{{terraform any object}}`),
          ]
        : of(target, GRAVE_ACTIONS[target.kind]),
    ),
    ...model.identities
      .filter(({ kind, block }) => kind === "role" && block)
      .flatMap(({ name, arn, trust }) => {
        const role = { guarded: "role", object: name, arn, aliases: [] } as const;
        return [
          ...GRAVE_ACTIONS.role.map((action): GraveRequest => ({ ...role, action })),
          ...GRAVE_ACTIONS.trust.map((action): GraveRequest => ({
            ...role,
            action,
            policy: trust ?? NO_POLICY,
          })),
        ];
      }),
  ];
}

/** Identities of the environment, those that policies name, any administrator, another account, and anyone. */
export function actorsOf(model: AwsModel): Actor[] {
  const { account } = model.names;
  const own = model.identities.map(({ kind, name, arn, policy, boundary }: AwsIdentity): Actor => ({
    name: `${kind} ${name}`,
    principal: { kind: kind === "role" ? "role" : "user", arn, account },
    policy,
    ...(boundary ? { boundary } : {}),
    origin: "environment",
  }));
  const known = new Set(model.identities.map(({ arn }) => arn));
  const named = [...namedPrincipals(model)].filter((arn) => !known.has(arn)).sort();
  const other = (arn: string, name: string, of: string): Actor => ({
    name,
    principal: { kind: arn.includes(":user/") ? "user" : "role", arn, account: of },
    policy: ADMINISTRATOR,
    origin: of === account ? "account" : "elsewhere",
  });
  return [
    ...own,
    ...named.map((arn) => {
      const of = arn.split(":")[4];
      return arn.endsWith(":root")
        ? other(`arn:aws:iam::${of}:role/any-administrator`, `account ${of}`, of)
        : other(arn, arn, of);
    }),
    other(`arn:aws:iam::${account}:role/any-administrator`, ANY_ADMINISTRATOR, account),
    other(`arn:aws:iam::${GENERIC_ACCOUNT}:role/any-administrator`, "any other account", GENERIC_ACCOUNT),
    { name: "anyone", principal: { kind: "anonymous" }, policy: NO_POLICY, origin: "elsewhere" },
  ];
}

/** ARNs of roles, users and foreign accounts that policies name as principals, or that conditions compare with. */
function namedPrincipals(model: AwsModel): Set<string> {
  const found = new Set<string>();
  const policies = [
    ...model.targets.map(({ policy }) => policy),
    ...model.identities.flatMap(({ policy, trust, boundary }) => [policy, trust, boundary]),
  ];
  for (const { principals, conditions } of policies.flatMap((it) => it?.statements ?? [])) {
    const compared = conditions
      .filter(({ key }) => /^aws:principalarn$/i.test(key))
      .flatMap(({ values }) => values);
    const texts = [...(principals?.values ?? []).map((it) => it.replace(/^AWS:/, "")), ...compared];
    for (const text of texts) {
      if (/^arn:[\w-]+:iam::\d{12}:(role|user)\/[^*?{]+$/.test(text)) found.add(text);
      const [, account] = /^arn:[\w-]+:iam::(\d{12}):root$/.exec(text) ?? [];
      if (account !== undefined && account !== model.names.account) found.add(text);
    }
  }
  return found;
}

/** Decides whether an identity may do something. Attributes of a request that it can choose count as chosen. */
export function decide(
  model: AwsModel,
  actor: Actor,
  request: GraveRequest,
  serviceControl: readonly IamPolicy[] = [],
): Decision {
  const { account } = model.names;
  const values = new Map<string, string | readonly string[]>([
    ["aws:securetransport", "true"],
    ["s3:tlsversion", "1.3"],
    ["aws:principalisawsservice", "false"],
    ["aws:resourceaccount", account],
  ]);
  if (actor.principal.kind === "role" || actor.principal.kind === "user") {
    values.set("aws:principalarn", actor.principal.arn);
    values.set("aws:principalaccount", actor.principal.account);
  }
  if (request.aliases.length > 0) values.set("kms:resourcealiases", request.aliases);
  return evaluate(
    {
      principal: actor.principal,
      action: request.action,
      resource: request.arn,
      resourceAccount: account,
      context: { values, isComplete: false },
    },
    {
      identity: actor.policy,
      boundary: actor.boundary,
      resource: request.policy,
      serviceControl: actor.origin === "elsewhere" ? [] : serviceControl,
    },
  );
}
