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

/** Reference to the Secrets Manager secrets of the hand-over. */
export interface DrHandoverReference {
  /** AWS region of the secrets. */
  readonly region: string;
  /** Secrets Manager secret with the secondary's public key. Give its ARN if it is in another account. */
  readonly publicKeySecret: string;
  /** Secrets Manager secret with the encrypted token. Give its ARN if it is in another account. */
  readonly tokenSecret: string;
}

/** Location of the hand-over's secrets, by account and names. */
export interface DrHandoverLocation {
  /** AWS account of the secrets, 12 digits. */
  readonly account: string;
  /** AWS region of the secrets. */
  readonly region: string;
  /** Alias of the key that encrypts the secrets. */
  readonly keyAlias: string;
  /** Name of the secret with the secondary's public key. */
  readonly publicKeySecret: string;
  /** Name of the secret with the encrypted token. */
  readonly tokenSecret: string;
}

/** Properties of DrHandover. */
export interface DrHandoverProps extends DrHandoverLocation, EnterpriseProps {
  /** ARN of the role of the primary's Job, the only writer of the token. */
  readonly primaryRoleArn: string;
  /** ARN of the role of the secondary's Job, the only writer of the public key. */
  readonly secondaryRoleArn: string;
  /** ARN of the one IAM role or user that can change the writers. */
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
  // The accounts are parsed from the ARNs.
  primaryRoleArn: anyText.known(),
  secondaryRoleArn: anyText.known(),
  breakGlassPrincipal: anyText,
}));

const READS = ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"];

/** Actions that change the value of a secret. */
const WRITES = [
  "secretsmanager:PutSecretValue",
  "secretsmanager:UpdateSecret",
  "secretsmanager:UpdateSecretVersionStage",
  "secretsmanager:RotateSecret",
];

/**
 * Two Secrets Manager secrets without a value, for the hand-over between the two sides of DR replication. One holds the
 * secondary's public key, the other the token that is encrypted for it. Planned by Terraform, but not tested on Vault
 * Enterprise: that requires a licence.
 *
 * Neither value is confidential. But the writer of the public key decides which key can decrypt the token, and the
 * token gives access to all of Vault's data. So each secret has one writer, and only the break-glass principal can
 * change it.
 * @see https://developer.hashicorp.com/vault/api-docs/system/replication/replication-dr#generate-dr-secondary-public-key
 * @throws ValidationError without a licence, for a principal that is a pattern, for a role with an account that is
 * unknown at synthesis, and for one role on both sides
 */
export class DrHandover extends LibraryConstruct {
  /** Reference for the Jobs of both sides. */
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

/**
 * Accounts of the roles. AWS rejects a policy that names a role which does not exist yet, so policies name accounts.
 */
function accountsOf(...roles: readonly string[]): string[] {
  const accounts = roles.map((arn) => {
    const { partition, account } = parsePrincipal(arn)!;
    return accountArn(partition, account);
  });
  return [...new Set(accounts)].sort();
}

/** AWS permissions of the role of one side's Job. */
export function drHandoverStatements(
  side: "primary" | "secondary",
  location: DrHandoverLocation,
): PolicyStatement[] {
  checkArguments("drHandoverStatements", {
    side: [side, oneOf("primary", "secondary")],
    location: [location, LOCATION],
  });
  const { account, region, keyAlias, publicKeySecret, tokenSecret } = location;
  // Secrets Manager appends a hyphen and six characters to an ARN.
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
