import { IamOpenidConnectProvider } from "@cdktf/provider-aws/lib/iam-openid-connect-provider";
import type { Construct } from "constructs";
import { EncryptionKey } from "../constructs/aws/encryption-key";
import { allowLogDelivery } from "../constructs/aws/policy-document";
import { PrivateBucket } from "../constructs/aws/private-bucket";
import { Duration } from "../constructs/core/duration";
import { accountNames } from "../environments/names";
import { PlatformStack } from "./platform-stack";

export interface AccountStackProps {
  readonly account: string;
  /** Region of the state bucket. */
  readonly region: string;
}

/** What every environment of an AWS account needs first: the state bucket and GitHub's OIDC provider. */
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
    const accessLog = new PrivateBucket(this, "StateAccessLog", {
      bucketName: names.stateAccessLogBucket,
      expiry: Duration.days(365),
      keepOldVersions: Duration.days(30),
      statements: (arn) => [allowLogDelivery(arn, names.stateBucket, account)],
    });
    new PrivateBucket(this, "State", {
      bucketName: names.stateBucket,
      keyArn: key.arn,
      keepOldVersions: Duration.days(90),
      accessLog,
    });
    new IamOpenidConnectProvider(this, "GithubOidc", {
      url: "https://token.actions.githubusercontent.com",
      clientIdList: ["sts.amazonaws.com"],
    });
  }
}
