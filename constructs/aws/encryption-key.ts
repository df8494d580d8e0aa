import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { checkProps, object, text } from "../core/field";
import { partitionFields, statements } from "./fields";
import type { PartitionProps } from "./partition";
import { type PolicyStatement, keyPolicyJson } from "./policy-document";

/** Properties of `EncryptionKey`. */
export interface EncryptionKeyProps extends PartitionProps {
  /** AWS account number, 12 digits. */
  readonly account: string;
  /** Alias of the key, such as `alias/production-vault-snapshots`. */
  readonly alias: string;
  /** Description of the data that the key encrypts. */
  readonly description: string;
  /** Statements of the key policy in addition to the account's own. @default - none: IAM policies decide */
  readonly statements?: PolicyStatement[];
}

const PROPS = object<EncryptionKeyProps>(() => ({
  ...partitionFields,
  account: text,
  alias: text,
  description: text,
  statements: statements.optional(),
}));

/** Customer-managed KMS key for data at rest, with rotation. It is never the key that unseals Vault. */
export class EncryptionKey extends LibraryConstruct {
  /** The KMS key. */
  readonly key: KmsKey;

  constructor(scope: Construct, id: string, props: EncryptionKeyProps) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const { provider } = props;
    this.key = new KmsKey(this, "Resource", {
      description: props.description,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      provider,
      policy: keyPolicyJson(this, "KeyPolicy", props),
      lifecycle: { preventDestroy: true },
    });
    new KmsAlias(this, "Alias", { name: props.alias, targetKeyId: this.key.keyId, provider });
  }

  /** ARN of the key. */
  get arn(): string {
    return this.key.arn;
  }
}
