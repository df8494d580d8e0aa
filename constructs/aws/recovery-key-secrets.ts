import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecretsmanagerSecretPolicy } from "@cdktf/provider-aws/lib/secretsmanager-secret-policy";
import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { suppressCheckov } from "../core/checkov";
import { anyText, checkProps, list, object, text } from "../core/field";
import { method } from "../core/fields";
import { received } from "../core/received";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";
import { EncryptionKey } from "./encryption-key";
import { partitionAt } from "./partition";
import { EVERYONE, policyJson, unlessCalledBy, viaService } from "./policy-document";
import { requirePrincipal } from "./principal";
import { partitionOf } from "./region";

/** Properties of `RecoveryKeySecrets`. */
export interface RecoveryKeySecretsProps {
  /** AWS account number, 12 digits. */
  readonly account: string;
  /** Region of the secrets. */
  readonly region: string;
  /** Alias of the key that encrypts the shares. */
  readonly keyAlias: string;
  /** Returns the name of the secret for a share; shares count from 1. */
  readonly secretName: (share: number) => string;
  /**
   * ARN of one IAM role or user per share. Only this principal can read the share, and it stores the new share after a
   * rekey.
   */
  readonly custodians: readonly string[];
  /** ARN of the bootstrap Job's role, the only principal besides the custodian that can write a share. */
  readonly writer: string;
  /** ARN of the one IAM role or user that may change the readers of a share. */
  readonly breakGlassPrincipal: string;
}

const PROPS = object<RecoveryKeySecretsProps>(() => ({
  account: text,
  region: text,
  keyAlias: text,
  secretName: method,
  custodians: list(anyText).known(),
  writer: anyText,
  breakGlassPrincipal: anyText,
}));

/** Other actions that change a share, or copy it beyond its policy: a replica has a separate policy. */
const OTHER_WRITES = [
  "secretsmanager:UpdateSecret",
  "secretsmanager:UpdateSecretVersionStage",
  "secretsmanager:RotateSecret",
  "secretsmanager:ReplicateSecretToRegions",
];

/** Actions that allow privilege escalation: a principal could make itself a reader. */
const POLICY_CHANGES = ["secretsmanager:PutResourcePolicy", "secretsmanager:DeleteResourcePolicy"];

/**
 * One Secrets Manager secret per recovery key share, created without a value. The bootstrap Job writes the value from
 * inside the cluster, so that no share passes through Terraform.
 *
 * Only its custodian can read a secret; administrators of the account cannot. After a rekey, each custodian stores the
 * new share in the same secret.
 *
 * Only the break-glass principal may change the policy of an existing secret. A change of custodians is therefore
 * applied by that principal and not by a pipeline.
 * @see https://developer.hashicorp.com/vault/docs/concepts/seal#recovery-key
 * @throws ValidationError if a custodian would hold two shares, or a principal is a pattern
 */
export class RecoveryKeySecrets extends LibraryConstruct {
  /** Secrets in the order of the custodians. */
  readonly secrets: readonly SecretsmanagerSecret[];
  /** Key that encrypts the shares. */
  readonly encryptionKey: EncryptionKey;

  constructor(scope: Construct, id: string, props: RecoveryKeySecretsProps) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const literal = props.custodians.filter((custodian) => isLiteral(custodian));
    const twice = literal.find((custodian, index) => literal.indexOf(custodian) < index);
    if (twice !== undefined) {
      throw new ValidationError(
        this,
        `custodians must be different principals, one per share, got ${received(twice)} twice`,
      );
    }
    if (props.custodians.length === 0) {
      throw new ValidationError(this, "custodians must name one principal per share, got none");
    }
    const partition = isLiteral(props.region) ? partitionOf(props.region) : partitionAt(this);
    const require = (property: string, arn: string) => requirePrincipal(this, property, arn, partition);
    props.custodians.forEach((custodian) => require("custodians", custodian));
    require("writer", props.writer);
    require("breakGlassPrincipal", props.breakGlassPrincipal);
    this.encryptionKey = new EncryptionKey(this, "Key", {
      account: props.account,
      partition,
      alias: props.keyAlias,
      description: "Encrypts Vault recovery key shares",
      // The secret policies admit each custodian. Without this statement, custodians would also need an IAM policy.
      statements: [
        {
          sid: "CustodiansReadAndStore",
          principals: [{ type: "AWS", identifiers: [...props.custodians] }],
          // A new version of a share is encrypted with a data key. Secrets Manager decrypts the earlier one as a check.
          actions: ["kms:Decrypt", "kms:GenerateDataKey"],
          resources: ["*"],
          condition: [viaService("secretsmanager", props.region)],
        },
      ],
    });
    this.secrets = props.custodians.map((custodian, index) => this.addContainer(index + 1, custodian, props));
  }

  private addContainer(
    share: number,
    custodian: string,
    props: RecoveryKeySecretsProps,
  ): SecretsmanagerSecret {
    const secret = new SecretsmanagerSecret(this, `Share${share}`, {
      name: props.secretName(share),
      description: `Vault recovery key, share ${share} of ${props.custodians.length}`,
      kmsKeyId: this.encryptionKey.arn,
      recoveryWindowInDays: 30,
      lifecycle: { preventDestroy: true },
    });
    suppressCheckov(secret, "CKV2_AWS_57", "a share changes only when Vault is rekeyed by its custodians");
    new SecretsmanagerSecretPolicy(this, `Share${share}Policy`, {
      secretArn: secret.arn,
      blockPublicPolicy: true,
      policy: policyJson(this, `Share${share}PolicyDocument`, [
        {
          sid: "CustodianReads",
          principals: [{ type: "AWS", identifiers: [custodian] }],
          actions: ["secretsmanager:GetSecretValue"],
          resources: [secret.arn],
        },
        {
          sid: "CustodianStoresAfterRekey",
          principals: [{ type: "AWS", identifiers: [custodian] }],
          actions: ["secretsmanager:PutSecretValue"],
          resources: [secret.arn],
        },
        {
          sid: "NobodyElseReads",
          effect: "Deny",
          principals: EVERYONE,
          actions: ["secretsmanager:GetSecretValue", "secretsmanager:BatchGetSecretValue"],
          resources: [secret.arn],
          condition: unlessCalledBy(custodian),
        },
        {
          sid: "OnlyBootstrapAndCustodianPut",
          effect: "Deny",
          principals: EVERYONE,
          actions: ["secretsmanager:PutSecretValue"],
          resources: [secret.arn],
          condition: unlessCalledBy(props.writer, custodian),
        },
        {
          sid: "OnlyBootstrapWrites",
          effect: "Deny",
          principals: EVERYONE,
          actions: OTHER_WRITES,
          resources: [secret.arn],
          condition: unlessCalledBy(props.writer),
        },
        {
          sid: "OnlyBreakGlassChangesReaders",
          effect: "Deny",
          principals: EVERYONE,
          actions: POLICY_CHANGES,
          resources: [secret.arn],
          condition: unlessCalledBy(props.breakGlassPrincipal),
        },
      ]),
    });
    return secret;
  }
}
