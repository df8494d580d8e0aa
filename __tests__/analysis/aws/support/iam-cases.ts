import type { Random } from "../../../access/support/random";

/** Request with its policies, as JSON that AWS would accept. */
export interface IamCase {
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly resourceAccount: string;
  readonly context: Readonly<Record<string, string | string[]>>;
  readonly identity: readonly object[];
  readonly boundary?: object;
  readonly resourcePolicy?: object;
  readonly serviceControl: readonly object[];
}

type Json = Record<string, unknown>;

const OWN = "111111111111";
const OTHER = "222222222222";
const PRINCIPALS = [
  `arn:aws:iam::${OWN}:role/backup`,
  `arn:aws:iam::${OWN}:role/path/deploy`,
  `arn:aws:iam::${OWN}:user/anna`,
  `arn:aws:iam::${OTHER}:role/backup`,
  "s3.amazonaws.com",
  "anonymous",
];

/** Actions with resources and patterns of both. */
const SERVICES = [
  {
    actions: ["kms:Decrypt", "kms:PutKeyPolicy", "kms:CreateGrant", "kms:ScheduleKeyDeletion"],
    patterns: ["kms:*", "KMS:decrypt", "kms:De*", "kms:?reateGrant", "*", "kms:Put*", "s3:*", "kms:*Key*"],
    resources: [`arn:aws:kms:us-east-1:${OWN}:key/1234-ab`, `arn:aws:kms:eu-west-1:${OWN}:key/9999-cd`],
    covers: [
      "*",
      `arn:aws:kms:*:${OWN}:key/*`,
      `arn:aws:kms:us-east-1:${OWN}:key/1234-ab`,
      `arn:aws:kms:us-east-1:*:key/12?4-*`,
      `arn:aws:kms:us-*:${OWN}:key/${"${aws:PrincipalTag/key}"}`,
      `arn:aws:kms:us-east-1:${OTHER}:key/*`,
      "arn:aws:kms:*",
    ],
  },
  {
    actions: ["s3:GetObject", "s3:PutObject", "s3:DeleteObjectVersion"],
    patterns: ["s3:*", "s3:Get*", "S3:GETOBJECT", "s3:*Object*", "*", "kms:*", "s3:PutObjec?"],
    resources: ["arn:aws:s3:::snapshots/2026/a.snap", "arn:aws:s3:::state/anna/x", "arn:aws:s3:::state/axb"],
    covers: [
      "*",
      "arn:aws:s3:::snapshots/*",
      "arn:aws:s3:::*",
      "arn:aws:s3:::state/${aws:username}/*",
      "arn:aws:s3:::state/${aws:username, 'anna'}/*",
      "arn:aws:s3:::s*/*/?.snap",
      "arn:aws:s3:::state/a${*}b",
      "arn:*:s3:::snapshots/2026/a.snap",
    ],
  },
  {
    actions: ["secretsmanager:GetSecretValue", "secretsmanager:DeleteSecret"],
    patterns: [
      "secretsmanager:*",
      "secretsmanager:Get*",
      "*",
      "SecretsManager:DeleteSecret",
      "secretsmanager:*Secret",
    ],
    resources: [`arn:aws:secretsmanager:us-east-1:${OWN}:secret:prod/vault/key-1-AbCdEf`],
    covers: [
      "*",
      `arn:aws:secretsmanager:us-east-1:${OWN}:secret:prod/vault/*`,
      `arn:aws:secretsmanager:*:${OWN}:secret:prod/vault/key-?-??????`,
      `arn:aws:secretsmanager:us-east-1:${OWN}:secret:dev/*`,
    ],
  },
  {
    actions: ["sts:AssumeRole", "sts:TagSession"],
    patterns: ["sts:*", "sts:AssumeRole", "sts:Assume*", "*"],
    resources: [`arn:aws:iam::${OWN}:role/vault`],
    covers: [
      "*",
      `arn:aws:iam::${OWN}:role/*`,
      `arn:aws:iam::${OWN}:role/vault`,
      `arn:aws:iam::${OTHER}:role/vault`,
    ],
  },
  {
    actions: ["iam:PassRole", "iam:UpdateAssumeRolePolicy"],
    patterns: ["iam:*", "iam:PassRole", "iam:Update*", "*"],
    resources: [`arn:aws:iam::${OWN}:role/vault`],
    covers: ["*", `arn:aws:iam::${OWN}:role/*`, `arn:aws:iam::${OWN}:role/v?ult`],
  },
];

const STRINGS = ["anna", "bob", "prod", "Prod", "a*b", "prod/x"];
const STRING_PATTERNS = [
  ...STRINGS,
  "*",
  "p*",
  "?nna",
  "${aws:username}",
  "${aws:username, 'bob'}",
  "${*}",
  "a${*}b",
];
const ARNS = [
  `arn:aws:iam::${OWN}:role/backup`,
  `arn:aws:iam::${OWN}:user/anna`,
  `arn:aws:iam::${OTHER}:role/backup`,
];
const ARN_PATTERNS = [
  ...ARNS,
  `arn:aws:iam::${OWN}:role/*`,
  "arn:aws:iam::*:role/backup",
  `arn:aws:iam::${OWN}:*/?nna`,
  `arn:aws:iam::${OWN}:user/${"${aws:username}"}`,
];
const NUMBERS = ["1", "1.2", "1.3", "10", "010"];
const DATES = ["2026-01-01T00:00:00Z", "2025-06-01T12:00:00Z", "1700000000000", "2026-01-01"];
const ADDRESSES = ["10.0.0.1", "10.1.2.3", "192.168.0.9", "2001:db8::1"];
// The simulator shifts by 32 bits for /0, so that 0.0.0.0/0 contains no address there; and it compares an address
// without a length with no address of the other version.
const RANGES = ["10.0.0.0/8", "10.0.0.1/32", "0.0.0.0/1", "192.168.0.0/24", "2001:db8::/32", "10.0.0.0/31"];
const BOOLEANS = ["true", "false", "True"];

/** Condition keys with operators, values of requests and values of policies. */
const KEYS: readonly [
  key: string,
  operators: readonly string[],
  values: readonly string[],
  expected: readonly string[],
][] = [
  [
    "aws:username",
    [
      "StringEquals",
      "StringNotEquals",
      "StringLike",
      "StringNotLike",
      "StringEqualsIgnoreCase",
      "StringNotEqualsIgnoreCase",
    ],
    STRINGS,
    STRING_PATTERNS,
  ],
  [
    "aws:PrincipalTag/key",
    ["StringEquals", "StringLike", "stringnotlike"],
    ["1234-ab", ...STRINGS],
    STRING_PATTERNS,
  ],
  ["aws:PrincipalArn", ["ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"], ARNS, ARN_PATTERNS],
  [
    "s3:TlsVersion",
    [
      "NumericEquals",
      "NumericNotEquals",
      "NumericLessThan",
      "NumericLessThanEquals",
      "NumericGreaterThan",
      "NumericGreaterThanEquals",
    ],
    NUMBERS,
    NUMBERS,
  ],
  [
    "aws:CurrentTime",
    [
      "DateEquals",
      "DateNotEquals",
      "DateLessThan",
      "DateLessThanEquals",
      "DateGreaterThan",
      "DateGreaterThanEquals",
    ],
    DATES,
    DATES,
  ],
  ["aws:SourceIp", ["IpAddress", "NotIpAddress"], ADDRESSES, RANGES],
  ["aws:SecureTransport", ["Bool"], BOOLEANS, BOOLEANS],
  ["kms:EncryptionContext", ["BinaryEquals"], ["QmFzZTY0", "b3RoZXI="], ["QmFzZTY0", "b3RoZXI="]],
];

/** Keys with several values. */
const LISTS: typeof KEYS = [
  [
    "aws:TagKeys",
    ["StringEquals", "StringNotEquals", "StringLike", "StringNotLike"],
    STRINGS,
    STRING_PATTERNS,
  ],
  ["kms:ResourceAliases", ["StringEquals", "StringLike", "StringEqualsIgnoreCase"], STRINGS, STRING_PATTERNS],
];

/** One random case: policies of all kinds with all elements that AWS knows. */
export function randomCase(random: Random): IamCase {
  const service = random.pick(SERVICES);
  const principal = random.pick(PRINCIPALS);
  const isIdentity = principal.startsWith("arn:");
  const make = (kind: "identity" | "resource" | "control") => policy(random, service, kind);
  return {
    principal,
    action: random.pick(service.actions),
    resource: random.pick(service.resources),
    resourceAccount: OWN,
    context: context(random),
    identity: isIdentity ? random.times(random.between(0, 2), () => make("identity")) : [],
    boundary: isIdentity && random.chance(0.3) ? make("identity") : undefined,
    resourcePolicy: random.chance(0.65) ? make("resource") : undefined,
    serviceControl:
      isIdentity && random.chance(0.25) ? random.times(random.between(1, 2), () => make("control")) : [],
  };
}

function context(random: Random): IamCase["context"] {
  const result: Record<string, string | string[]> = {};
  for (const [key, , values] of KEYS) if (random.chance(0.6)) result[key] = random.pick(values);
  for (const [key, , values] of LISTS) {
    if (random.chance(0.6)) result[key] = random.times(random.between(1, 3), () => random.pick(values));
  }
  return result;
}

function policy(
  random: Random,
  service: (typeof SERVICES)[number],
  kind: "identity" | "resource" | "control",
): object {
  const statements = random.times(random.between(1, 3), () => statement(random, service, kind));
  return {
    Version: "2012-10-17",
    Statement: statements.length === 1 && random.chance(0.5) ? statements[0] : statements,
  };
}

function statement(random: Random, service: (typeof SERVICES)[number], kind: string): Json {
  const isDeny = random.chance(0.25);
  const result: Json = { Effect: isDeny ? "Deny" : "Allow" };
  result[random.chance(0.85) ? "Action" : "NotAction"] = oneOrMany(random, [
    ...service.patterns,
    ...service.actions,
  ]);
  if (kind === "control") {
    result.Resource = oneOrMany(
      random,
      service.covers.filter((it) => it.split(":").length >= 6 || it === "*"),
    );
  } else {
    const isNot = random.chance(0.12);
    // The simulator does not invert a mismatch with an incomplete ARN, which no identity policy should have.
    const covers = isNot ? service.covers.filter((it) => it.split(":").length >= 6) : service.covers;
    result[isNot ? "NotResource" : "Resource"] = oneOrMany(random, covers);
  }
  if (kind === "resource") result[random.chance(0.92) ? "Principal" : "NotPrincipal"] = principals(random);
  if (random.chance(0.45)) result.Condition = conditions(random);
  return result;
}

function principals(random: Random): unknown {
  if (random.chance(0.2)) return "*";
  return random.pick<unknown>([
    { AWS: "*" },
    { AWS: OWN },
    { AWS: `arn:aws:iam::${OWN}:root` },
    { AWS: [`arn:aws:iam::${OTHER}:root`, PRINCIPALS[0]] },
    { AWS: random.pick(PRINCIPALS.slice(0, 4)) },
    { AWS: random.times(2, () => random.pick(PRINCIPALS.slice(0, 4))) },
    { Service: "s3.amazonaws.com" },
    { Service: ["ec2.amazonaws.com", "s3.amazonaws.com"], AWS: PRINCIPALS[2] },
  ]);
}

function conditions(random: Random): Json {
  const result: Record<string, Json> = {};
  for (let count = random.between(1, 2); count > 0; count--) {
    if (random.chance(0.15)) {
      (result.Null ??= {})[random.pick([...KEYS, ...LISTS])[0]] = random.pick(["true", "false"]);
      continue;
    }
    const isList = random.chance(0.35);
    const [key, operators, , expected] = random.pick(isList ? LISTS : KEYS);
    const set = isList && random.chance(0.85) ? random.pick(["ForAnyValue:", "ForAllValues:"]) : "";
    // The simulator ignores IfExists behind a set operator; AWS documents it for every operator.
    const suffix = set === "" && random.chance(0.25) ? "IfExists" : "";
    const written = random.chance(0.2) ? key.toLowerCase() : key;
    const operator = random.pick(operators);
    // The simulator replaces ${*} for operators with wildcards only; AWS documents it wherever variables are.
    const values = /like/i.test(operator) ? expected : expected.filter((it) => !it.includes("${*}"));
    (result[`${set}${operator}${suffix}`] ??= {})[written] = oneOrMany(random, values);
  }
  return result;
}

function oneOrMany(random: Random, values: readonly string[]): string | string[] {
  return random.chance(0.5)
    ? random.pick(values)
    : random.times(random.between(1, 3), () => random.pick(values));
}
