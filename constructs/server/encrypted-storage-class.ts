import { StorageClassV1 } from "@cdktf/provider-kubernetes/lib/storage-class-v1";
import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { parseArn } from "../aws/arn";
import { AwsRegion } from "../aws/region";
import { anyText, checkProps, object, text } from "../core/field";
import { claimObject } from "../core/kubernetes-claims";
import { received } from "../core/received";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";

/** Properties of `EncryptedStorageClass`. */
export interface EncryptedStorageClassProps {
  /** Name of the StorageClass. @default gp3 */
  readonly name?: string;
  /** ARN of the KMS key that encrypts the volumes. @default - the account's default key for EBS, `aws/ebs` */
  readonly kmsKeyId?: string;
}

const PROPS = object<EncryptedStorageClassProps>(() => ({
  name: text.optional(),
  kmsKeyId: anyText.optional(),
}));

/**
 * StorageClass for encrypted gp3 volumes of Amazon EBS. A volume is created in the zone of the first pod that uses it,
 * can be expanded, and is retained when its claim is deleted.
 * @see https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/parameters.md
 * @throws ValidationError if kmsKeyId is not an ARN: the driver accepts nothing else
 */
export class EncryptedStorageClass extends LibraryConstruct {
  /** The StorageClass resource. */
  readonly storageClass: StorageClassV1;
  /** Name of the StorageClass, for `storageClass` of VaultHaCluster. */
  readonly name: string;

  constructor(scope: Construct, id: string, props: EncryptedStorageClassProps = {}) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const { name = "gp3", kmsKeyId } = props;
    if (isLiteral(kmsKeyId) && !isKeyArn(kmsKeyId)) {
      throw new ValidationError(
        this,
        `kmsKeyId must be the ARN of a key, with its region and account, got ${received(kmsKeyId)}`,
      );
    }
    claimObject(this, "StorageClass", { name });
    this.name = name;
    this.storageClass = new StorageClassV1(this, "Resource", {
      metadata: { name },
      storageProvisioner: "ebs.csi.aws.com",
      parameters: { type: "gp3", encrypted: "true", ...(kmsKeyId && { kmsKeyId }) },
      volumeBindingMode: "WaitForFirstConsumer",
      reclaimPolicy: "Retain",
      allowVolumeExpansion: true,
    });
  }
}

function isKeyArn(text: string): boolean {
  const arn = parseArn(text);
  return (
    arn?.service === "kms" &&
    AwsRegion.find(arn.region)?.partition === arn.partition &&
    /^\d{12}$/.test(arn.account) &&
    /^key\/[\w-]+$/.test(arn.resource)
  );
}
