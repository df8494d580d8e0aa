import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { LocalBackend, S3Backend, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { VAULT_CONTEXT } from "../constructs/core/vault-names";
import { accountNames } from "../platform/names";

/**
 * Regions that AWS has and that Terraform 1.11 or the AWS provider 5.100 do not know yet: they skip their own check
 * there, because definitions name known regions only.
 */
export const NEWER_THAN_TERRAFORM: readonly string[] = [
  "ap-east-2",
  "ap-southeast-6",
  "eusc-de-east-1",
  "me-west-1",
  "sa-west-1",
  "us-isob-west-1",
];

/** Where a stack lives and keeps its state. */
export interface PlatformStackProps {
  readonly account: string;
  readonly region: string;
  /** Region of the account's state bucket. */
  readonly stateRegion: string;
  /** `s3`: the account's bucket, encrypted and with native locking; `local`: a file beside the checkout. */
  readonly state: "s3" | "local";
  /** The environment, as a tag; the account's own stack has none. */
  readonly environment?: string;
}

/** A stack with its backend set explicitly and without an absolute path: two checkouts give the same bytes. */
export abstract class PlatformStack extends TerraformStack {
  /** Path of the state file from the folder of the synthesized stack. @default - the state is in a bucket */
  readonly stateFile?: string;

  /** What the stack is put together as, between its rules and its file. @default "anew" */
  private output: unknown = "anew";

  constructor(
    scope: Construct,
    id: string,
    private readonly placement: PlatformStackProps,
  ) {
    super(scope, id);
    const { account, stateRegion, state, environment } = placement;
    // All layers and shards of an environment configure one Vault, so a name is taken in all of them.
    if (environment) this.node.setContext(VAULT_CONTEXT, environment);
    if (state === "local") {
      this.stateFile = `../../../.${environment}/state/${id}.tfstate`;
      new LocalBackend(this, { path: this.stateFile });
      return;
    }
    const names = accountNames(account, stateRegion);
    new S3Backend(this, {
      bucket: names.stateBucket,
      key: `${id}.tfstate`,
      region: stateRegion,
      encrypt: true,
      kmsKeyId: names.stateKeyAlias,
    });
    // Native locking is newer than the typed backend.
    this.addOverride("terraform.backend.s3.use_lockfile", true);
    if (NEWER_THAN_TERRAFORM.includes(stateRegion)) {
      this.addOverride("terraform.backend.s3.skip_region_validation", true);
    }
  }

  /** cdktf calls this when a synthesis begins. */
  override prepareStack(): void {
    this.output = "once";
    super.prepareStack();
  }

  /** The rules read what is written: in one synthesis the stack is put together once for both. */
  override toTerraform(): ReturnType<TerraformStack["toTerraform"]> {
    const { output } = this;
    if (typeof output === "object") {
      this.output = "anew";
      return output;
    }
    const json = super.toTerraform();
    if (output === "once") this.output = json;
    return json;
  }

  /**
   * The AWS provider of this stack; credentials come from its own environment.
   * The constraint admits 5.100 beside 6.x, and another account than the definition's is refused.
   */
  protected addAwsProvider(config: { readonly alias?: string; readonly region?: string } = {}): AwsProvider {
    const { account, region, state, environment } = this.placement;
    this.addOverride("terraform.required_providers.aws.version", ">= 5.100.0, < 7.0.0");
    const settings = { region, ...config };
    return new AwsProvider(this, config.alias ? `Aws-${config.alias}` : "Aws", {
      ...settings,
      skipRegionValidation: NEWER_THAN_TERRAFORM.includes(settings.region) || undefined,
      allowedAccountIds: [account],
      // An emulator on an IP address cannot have the bucket in its host name.
      s3UsePathStyle: state === "local" || undefined,
      defaultTags: [
        {
          tags: {
            "vault-platform:managed-by": "terraform",
            ...(environment && { "vault-platform:environment": environment }),
          },
        },
      ],
    });
  }
}
