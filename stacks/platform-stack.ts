import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { LocalBackend, S3Backend, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { VAULT_CONTEXT } from "../constructs/core/vault-names";
import { accountNames } from "../platform/names";

/**
 * AWS regions that Terraform 1.11 or the AWS provider 5.100 do not know yet. Their own check is skipped for these
 * regions, because definitions contain only known regions.
 */
export const NEWER_THAN_TERRAFORM: readonly string[] = [
  "ap-east-2",
  "ap-southeast-6",
  "eusc-de-east-1",
  "me-west-1",
  "sa-west-1",
  "us-isob-west-1",
];

/** Location of a stack and of its state. */
export interface PlatformStackProps {
  /** AWS account number. */
  readonly account: string;
  /** AWS region of the stack's resources. */
  readonly region: string;
  /** Region of the account's state bucket. */
  readonly stateRegion: string;
  /** State backend. `s3`: the account's bucket, encrypted and with native locking; `local`: a file in the checkout. */
  readonly state: "s3" | "local";
  /** Name of the environment, which is also a tag. @default - none: the stack belongs to the account */
  readonly environment?: string;
}

/** Stack with an explicit backend and without absolute paths: two checkouts are synthesized to the same bytes. */
export abstract class PlatformStack extends TerraformStack {
  /** Path of the state file from the folder of the synthesized stack. @default - the state is in a bucket */
  readonly stateFile?: string;

  /**
   * Cache of the synthesized stack, which rules and file share: "anew" renders it again, "once" stores the next result.
   * @default "anew"
   */
  private output: unknown = "anew";

  constructor(
    scope: Construct,
    id: string,
    private readonly placement: PlatformStackProps,
  ) {
    super(scope, id);
    const { account, stateRegion, state, environment } = placement;
    // All layers and shards of an environment configure one Vault, so its names are unique across them.
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

  /** Starts a synthesis. cdktf calls this method. */
  override prepareStack(): void {
    this.output = "once";
    super.prepareStack();
  }

  /** Renders the stack once per synthesis, so that hardening rules evaluate exactly the written output. */
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
   * Adds the AWS provider. Credentials come from the environment in which the provider runs.
   * The version constraint allows 5.100 and 6.x. Credentials of an account other than the definition's are rejected.
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
