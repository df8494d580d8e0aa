import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { KmsReplicaKey } from "@cdktf/provider-aws/lib/kms-replica-key";
import type { TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { Duration } from "../core/duration";
import { anyText, checkProps, object, text } from "../core/field";
import { duration, provider, serviceAccount } from "../core/fields";
import { received } from "../core/received";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";
import { partitionFields } from "./fields";
import { IrsaRole, type ServiceAccountReference } from "./irsa-role";
import { type PartitionProps, partitionAt } from "./partition";
import { EVERYONE, keyPolicyJson, unlessCalledBy } from "./policy-document";
import { requirePrincipal } from "./principal";

/** The only KMS actions that Vault's awskms seal calls. */
export const SEAL_ACTIONS: readonly string[] = ["kms:Encrypt", "kms:Decrypt", "kms:DescribeKey"];

/**
 * Actions that can make the key unusable. Without the key, Vault's data is lost permanently: recovery keys cannot
 * unseal.
 */
const DESTRUCTIVE_ACTIONS = [
  "kms:ScheduleKeyDeletion",
  "kms:DisableKey",
  "kms:DisableKeyRotation",
  "kms:PutKeyPolicy",
  "kms:DeleteAlias",
  "kms:UpdateAlias",
  "kms:UpdatePrimaryRegion",
  "kms:DeleteImportedKeyMaterial",
];

/** Properties of `KmsAutoUnseal`. */
export interface KmsAutoUnsealProps extends Pick<PartitionProps, "partition"> {
  /** AWS account number, 12 digits. */
  readonly account: string;
  /** Alias of the key. @default alias/vault-unseal-key */
  readonly alias?: string;
  /**
   * Waiting period of a deletion, 7 to 30 days. @default - 30 days, the longest time AWS gives to notice a wrong
   * deletion
   */
  readonly deletionWindow?: Duration;
  /** ARN of the one IAM role or user that may delete, disable or re-assign the key. */
  readonly breakGlassPrincipal: string;
  /** Name of the role that Vault's servers assume. */
  readonly roleName: string;
  /** Issuer of the cluster's ServiceAccount tokens, without https://. */
  readonly oidcProvider: string;
  /** ServiceAccount of Vault's servers. */
  readonly serviceAccount: ServiceAccountReference;
  /**
   * Provider of a second region, which gets a replica of the key under the same alias. Snapshots can then be restored
   * there. A key cannot become multi-Region later.
   * @default - a key of one region
   */
  readonly replicaProvider?: TerraformProvider;
}

const PROPS = object<KmsAutoUnsealProps>(() => ({
  partition: partitionFields.partition,
  account: text,
  alias: anyText.optional(),
  deletionWindow: duration.optional(),
  breakGlassPrincipal: anyText,
  roleName: text,
  oidcProvider: anyText,
  serviceAccount,
  replicaProvider: provider.optional(),
}));

/**
 * KMS key that unseals Vault, and the IAM role with which Vault's servers use it.
 *
 * The key policy denies deletion, disabling, policy changes and alias changes to everyone except the break-glass
 * principal. This includes administrators of the account. Terraform can therefore create the key, but the break-glass
 * principal must apply later changes of its policy. The construct also bypasses the lockout check of AWS, which
 * requires that the creator can change the policy.
 * @see https://developer.hashicorp.com/vault/docs/configuration/seal/awskms
 * @throws ValidationError for an alias reserved by AWS, a window outside 7 to 30 days, a principal with wildcards
 */
export class KmsAutoUnseal extends LibraryConstruct {
  /** KMS key that unseals Vault. */
  readonly key: KmsKey;
  /** Alias of the key, and of its replica. */
  readonly aliasName: string;
  /** IAM role of Vault's servers. */
  readonly irsaRole: IrsaRole;

  constructor(scope: Construct, id: string, props: KmsAutoUnsealProps) {
    super(scope, id);
    checkProps(this, PROPS, props);
    this.aliasName = props.alias ?? "alias/vault-unseal-key";
    const deletionWindowInDays =
      (props.deletionWindow ?? Duration.days(30)).toSeconds() / Duration.days(1).toSeconds();
    this.validate(props, deletionWindowInDays);

    const replica = props.replicaProvider;
    const policy = this.keyPolicy(props);
    const protectedKey = {
      deletionWindowInDays,
      policy,
      bypassPolicyLockoutSafetyCheck: true,
      lifecycle: { preventDestroy: true },
    };
    this.key = new KmsKey(this, "Resource", {
      ...protectedKey,
      description: "Unseals Vault; without it Vault's data cannot be read again",
      enableKeyRotation: true,
      multiRegion: replica && true,
    });
    new KmsAlias(this, "Alias", {
      name: this.aliasName,
      targetKeyId: this.key.keyId,
      lifecycle: { preventDestroy: true },
    });
    const keyArns = [this.key.arn];
    if (replica) {
      const replicaKey = new KmsReplicaKey(this, "Replica", {
        ...protectedKey,
        description: "Replica of the key that unseals Vault",
        primaryKeyArn: this.key.arn,
        provider: replica,
      });
      new KmsAlias(this, "ReplicaAlias", {
        name: this.aliasName,
        targetKeyId: replicaKey.keyId,
        provider: replica,
        lifecycle: { preventDestroy: true },
      });
      keyArns.push(replicaKey.arn);
    }
    this.irsaRole = new IrsaRole(this, "Role", {
      roleName: props.roleName,
      account: props.account,
      oidcProvider: props.oidcProvider,
      partition: props.partition,
      serviceAccount: props.serviceAccount,
      statements: [{ sid: "Unseal", actions: [...SEAL_ACTIONS], resources: keyArns }],
    });
  }

  private validate(props: KmsAutoUnsealProps, days: number): void {
    if (isLiteral(this.aliasName) && !/^alias\/(?!aws\/)[\w/-]+$/.test(this.aliasName)) {
      throw new ValidationError(
        this,
        `alias must start with alias/ and not with alias/aws/, got ${received(this.aliasName)}`,
      );
    }
    if (!Number.isInteger(days) || days < 7 || days > 30) {
      throw new ValidationError(
        this,
        `deletionWindow must be 7 to 30 whole days, got ${received(props.deletionWindow)}`,
      );
    }
    requirePrincipal(this, "breakGlassPrincipal", props.breakGlassPrincipal, partitionAt(this, props));
  }

  private keyPolicy({ account, partition, breakGlassPrincipal }: KmsAutoUnsealProps): string {
    const onlyBreakGlass = {
      sid: "OnlyBreakGlassDestroys",
      effect: "Deny",
      principals: EVERYONE,
      actions: DESTRUCTIVE_ACTIONS,
      resources: ["*"],
      condition: unlessCalledBy(breakGlassPrincipal),
    };
    return keyPolicyJson(this, "KeyPolicy", { account, partition, statements: [onlyBreakGlass] });
  }
}
