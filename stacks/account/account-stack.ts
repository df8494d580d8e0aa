import { IamOpenidConnectProvider } from "@cdktf/provider-aws/lib/iam-openid-connect-provider";
import type { Construct } from "constructs";
import { EncryptionKey } from "../../constructs/aws/encryption-key";
import { PrivateBucket, accessLogBucket } from "../../constructs/aws/private-bucket";
import { suppressCheckov } from "../../constructs/core/checkov";
import { Duration } from "../../constructs/core/duration";
import { accountNames } from "../../platform/names";
import { PlatformStack } from "../platform-stack";

/** Properties of `AccountStack`. */
export interface AccountStackProps {
  /** AWS account number. */
  readonly account: string;
  /** Region of the state bucket. */
  readonly region: string;
}

/** Prerequisites of all environments of an AWS account: the state bucket and GitHub's OIDC provider. */
export class AccountStack extends PlatformStack {
  constructor(scope: Construct, { account, region }: AccountStackProps) {
    super(scope, `account-${account}`, { account, region, stateRegion: region, state: "s3" });
    this.addAwsProvider();
    const names = accountNames(account, region);

    const key = new EncryptionKey(this, "StateKey", {
      account,
      alias: names.stateKeyAlias,
      description: "Encrypts Terraform state",
    });
    const accessLog = accessLogBucket(this, "StateAccessLog", {
      account,
      bucketName: names.stateAccessLogBucket,
      sourceBucket: names.stateBucket,
    });
    const state = new PrivateBucket(this, "State", {
      bucketName: names.stateBucket,
      keyArn: key.arn,
      keepOldVersions: Duration.days(90),
      accessLog,
    });
    suppressCheckov(state.bucket, "CKV_AWS_144", "state describes its own region and is rebuilt by import");
    new IamOpenidConnectProvider(this, "GithubOidc", {
      url: "https://token.actions.githubusercontent.com",
      clientIdList: ["sts.amazonaws.com"],
    });
  }
}
