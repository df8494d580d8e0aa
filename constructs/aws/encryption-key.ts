import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { checkProps, object, text } from "../core/field";
import { partitionFields, statements } from "./fields";
import type { PartitionProps } from "./partition";
import { type PolicyStatement, keyPolicyJson } from "./policy-document";

export interface EncryptionKeyProps extends PartitionProps {
  /** AWS account number, 12 digits. */
  readonly account: string;
  readonly alias: string;
  /** What the key encrypts. */
  readonly description: string;
  /** Statements of the key policy beyond the account's own. @default - none: IAM policies decide */
  readonly statements?: PolicyStatement[];
}

const PROPS = object<EncryptionKeyProps>(() => ({
  ...partitionFields,
  account: text,
  alias: text,
  description: text,
  statements: statements.optional(),
}));

/** A rotating customer key for data at rest, never the one that unseals Vault. */
export class EncryptionKey extends LibraryConstruct {
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

  get arn(): string {
    return this.key.arn;
  }
}
