import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecretsmanagerSecretPolicy } from "@cdktf/provider-aws/lib/secretsmanager-secret-policy";
import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { arnOf, parsePrincipal } from "../aws/arn";
import { EncryptionKey } from "../aws/encryption-key";
import { partitionAt } from "../aws/partition";
import {
  EVERYONE,
  type PolicyStatement,
  accountArn,
  policyJson,
  unlessCalledBy,
  viaService,
} from "../aws/policy-document";
import { requirePrincipal } from "../aws/principal";
import { partitionOf } from "../aws/region";
import { suppressCheckov } from "../core/checkov";
import { type Fields, anyText, checkArguments, checkProps, object, oneOf, text } from "../core/field";
import { received } from "../core/received";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";
import { type EnterpriseProps, requireLicence, licenceFields } from "./licence";

/** Where the containers of the hand-over are. */
export interface DrHandoverReference {
  /** AWS region of the containers. */
  readonly region: string;
  /** Secrets Manager secret with the secondary's public key; its ARN where it is another account's. */
  readonly publicKeySecret: string;
  /** Secrets Manager secret with the encrypted token; its ARN where it is another account's. */
  readonly tokenSecret: string;
}

/** Where the containers are, for who knows them by their names. */
export interface DrHandoverLocation {
  /** AWS account of the containers, 12 digits. */
  readonly account: string;
  /** AWS region of the containers. */
  readonly region: string;
  /** Alias of the key that encrypts them. */
  readonly keyAlias: string;
  /** Name of the secret with the secondary's public key. */
  readonly publicKeySecret: string;
  /** Name of the secret with the encrypted token. */
  readonly tokenSecret: string;
}

export interface DrHandoverProps extends DrHandoverLocation, EnterpriseProps {
  /** ARN of the role of the primary's Job: the only one that writes the token. */
  readonly primaryRoleArn: string;
  /** ARN of the role of the secondary's Job: the only one that writes the public key. */
  readonly secondaryRoleArn: string;
  /** ARN of the one IAM role or user that may change who writes. */
  readonly breakGlassPrincipal: string;
}

const locationFields: Fields<DrHandoverLocation> = {
  account: text,
  region: text,
  keyAlias: text,
  publicKeySecret: text,
  tokenSecret: text,
};

const LOCATION = object<DrHandoverLocation>(() => locationFields);

const PROPS = object<DrHandoverProps>(() => ({
  ...licenceFields,
  ...locationFields,
  // The accounts are read from them.
  primaryRoleArn: anyText.known(),
  secondaryRoleArn: anyText.known(),
  breakGlassPrincipal: anyText,
}));

const READS = ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"];

/** Ways to change what a container holds. */
const WRITES = [
  "secretsmanager:PutSecretValue",
  "secretsmanager:UpdateSecret",
  "secretsmanager:UpdateSecretVersionStage",
  "secretsmanager:RotateSecret",
];

/**
 * Two Secrets Manager containers, without a value, by which the two sides of DR replication leave each other the
 * secondary's public key and the token that is encrypted for it. Planned, not proven without a licence.
 *
 * Neither value is a secret. But whoever writes the public key decides who can read the token, and by it gets all of
 * Vault's data: so each container has one writer, and only the break-glass principal can name another.
 * @see https://developer.hashicorp.com/vault/api-docs/system/replication/replication-dr#generate-dr-secondary-public-key
 * @throws ValidationError without a licence, for a principal that is a pattern, a role whose account is not known yet,
 * and one role on both sides
 */
export class DrHandover extends LibraryConstruct {
  readonly reference: DrHandoverReference;
  private readonly accounts: { type: string; identifiers: string[] }[];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: DrHandoverProps,
  ) {
    super(scope, id);
    checkProps(this, PROPS, props);
    requireLicence(this, "the hand-over of DR replication", props);
    const { primaryRoleArn, secondaryRoleArn, breakGlassPrincipal, region } = props;
    const partition = isLiteral(region) ? partitionOf(region) : partitionAt(this);
    for (const [property, arn] of Object.entries({ primaryRoleArn, secondaryRoleArn, breakGlassPrincipal })) {
      requirePrincipal(this, property, arn, partition);
    }
    if (primaryRoleArn === secondaryRoleArn) {
      throw new ValidationError(
        this,
        `primaryRoleArn and secondaryRoleArn must differ, so that each container has one writer, got ${received(primaryRoleArn)} for both`,
      );
    }
    this.accounts = [{ type: "AWS", identifiers: accountsOf(primaryRoleArn, secondaryRoleArn) }];
    const key = new EncryptionKey(this, "Key", {
      account: props.account,
      partition,
      alias: props.keyAlias,
      description: "Encrypts what Vault clusters hand over for DR replication",
      statements: [
        {
          sid: "BothSidesUse",
          principals: this.accounts,
          actions: ["kms:GenerateDataKey", "kms:Decrypt"],
          resources: ["*"],
          condition: [
            { test: "ArnEquals", variable: "aws:PrincipalArn", values: [primaryRoleArn, secondaryRoleArn] },
            viaService("secretsmanager", region),
          ],
        },
      ],
    });
    this.reference = {
      region,
      publicKeySecret: this.addContainer("PublicKey", props.publicKeySecret, secondaryRoleArn, key),
      tokenSecret: this.addContainer("Token", props.tokenSecret, primaryRoleArn, key),
    };
  }

  private addContainer(id: string, name: string, writer: string, key: EncryptionKey): string {
    const { primaryRoleArn, secondaryRoleArn, breakGlassPrincipal } = this.props;
    const secret = new SecretsmanagerSecret(this, id, {
      name,
      description: `Hand-over between Vault clusters, written by ${writer}`,
      kmsKeyId: key.arn,
      recoveryWindowInDays: 30,
    });
    suppressCheckov(secret, "CKV2_AWS_57", "what is handed over is used once and then worth nothing");
    const calledBy = (...values: string[]) => [{ test: "ArnEquals", variable: "aws:PrincipalArn", values }];
    new SecretsmanagerSecretPolicy(this, `${id}Policy`, {
      secretArn: secret.arn,
      blockPublicPolicy: true,
      policy: policyJson(this, `${id}PolicyDocument`, [
        {
          sid: "BothSidesRead",
          principals: this.accounts,
          actions: READS,
          resources: [secret.arn],
          condition: calledBy(primaryRoleArn, secondaryRoleArn),
        },
        {
          sid: "OneSideWrites",
          principals: this.accounts,
          actions: ["secretsmanager:PutSecretValue"],
          resources: [secret.arn],
          condition: calledBy(writer),
        },
        {
          sid: "NobodyElseWrites",
          effect: "Deny",
          principals: EVERYONE,
          actions: WRITES,
          resources: [secret.arn],
          condition: unlessCalledBy(writer),
        },
        {
          sid: "OnlyBreakGlassChangesWriters",
          effect: "Deny",
          principals: EVERYONE,
          actions: ["secretsmanager:PutResourcePolicy", "secretsmanager:DeleteResourcePolicy"],
          resources: [secret.arn],
          condition: unlessCalledBy(breakGlassPrincipal),
        },
      ]),
    });
    return secret.arn;
  }
}

/** Accounts and not roles: AWS refuses a policy that names a role which does not exist yet. */
function accountsOf(...roles: readonly string[]): string[] {
  const accounts = roles.map((arn) => {
    const { partition, account } = parsePrincipal(arn)!;
    return accountArn(partition, account);
  });
  return [...new Set(accounts)].sort();
}

/** All that the role of one side's Job needs in AWS. */
export function drHandoverStatements(
  side: "primary" | "secondary",
  location: DrHandoverLocation,
): PolicyStatement[] {
  checkArguments("drHandoverStatements", {
    side: [side, oneOf("primary", "secondary")],
    location: [location, LOCATION],
  });
  const { account, region, keyAlias, publicKeySecret, tokenSecret } = location;
  // Secrets Manager ends an ARN with six characters of its own.
  const place = { partition: partitionOf(region), region, account };
  const arn = (name: string) =>
    arnOf({ ...place, service: "secretsmanager", resource: `secret:${name}-??????` });
  const [written, read] =
    side === "primary" ? [tokenSecret, publicKeySecret] : [publicKeySecret, tokenSecret];
  return [
    { sid: "ReadTheOthersContainer", actions: READS, resources: [arn(read)] },
    {
      sid: "WriteItsOwn",
      actions: ["secretsmanager:DescribeSecret", "secretsmanager:PutSecretValue"],
      resources: [arn(written)],
    },
    {
      sid: "UseTheirKey",
      actions: ["kms:GenerateDataKey", "kms:Decrypt"],
      resources: [arnOf({ ...place, service: "kms", resource: "key/*" })],
      condition: [
        { test: "ForAnyValue:StringEquals", variable: "kms:ResourceAliases", values: [keyAlias] },
        viaService("secretsmanager", region),
      ],
    },
  ];
}
