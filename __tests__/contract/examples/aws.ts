import * as api from "../../../constructs";
import { type Example, type World, call, construct } from "./world";

const { Duration } = api;
const ACCOUNT = "111111111111";
const ROLE = `arn:aws:iam::${ACCOUNT}:role/break-glass`;

const statement = () => ({
  sid: "Statement",
  effect: "Allow",
  actions: ["s3:GetObject"],
  resources: ["*"],
  principals: [{ type: "AWS", identifiers: [ROLE] }],
  condition: [{ test: "StringEquals", variable: "aws:SourceAccount", values: [ACCOUNT] }],
});

const others = () => ({
  notActions: ["s3:GetObject"],
  notResources: ["arn:aws:s3:::other"],
  notPrincipals: [{ type: "AWS", identifiers: [ROLE] }],
});

const statements = () => [statement(), others()];

const serviceAccount = () => ({ namespace: "vault", name: "vault" });

const ISSUER = "oidc.eks.us-east-1.amazonaws.com/id/0123456789ABCDEF";

const bucket = (world: World) =>
  new api.PrivateBucket(world.stack, world.nextId(), {
    bucketName: "log",
    keepOldVersions: Duration.days(30),
  });

/** Examples of constructs for AWS. */
export const awsExamples: Readonly<Record<string, Example>> = {
  accessLogBucket: call(
    (world, props: never) => api.accessLogBucket(world.stack, world.nextId(), props),
    (world) => [
      { account: ACCOUNT, bucketName: "log", sourceBucket: "data", partition: "aws", provider: world.aws },
    ],
  ),
  "AwsRegion.find": call(
    (_, name: never) => api.AwsRegion.find(name),
    () => ["us-east-1"],
  ),
  "AwsRegion.isHost": call(
    (_, host: never) => api.AwsRegion.isHost(host),
    () => ["s3.amazonaws.com"],
  ),
  "AwsRegion.hasHost": call(
    (_, host: never) => api.AwsRegion.find("us-east-1")!.hasHost(host),
    () => ["s3.us-east-1.amazonaws.com"],
  ),
  EncryptionKey: construct(api.EncryptionKey, (world) => ({
    account: ACCOUNT,
    alias: "alias/snapshots",
    description: "Encrypts snapshots",
    statements: statements(),
    partition: "aws",
    provider: world.aws,
  })),
  IrsaRole: construct(api.IrsaRole, () => ({
    roleName: "vault",
    account: ACCOUNT,
    oidcProvider: ISSUER,
    serviceAccount: serviceAccount(),
    statements: statements(),
    partition: "aws",
  })),
  KmsAutoUnseal: construct(api.KmsAutoUnseal, (world) => ({
    account: ACCOUNT,
    alias: "alias/vault-unseal-key",
    deletionWindow: Duration.days(30),
    breakGlassPrincipal: ROLE,
    roleName: "vault",
    oidcProvider: ISSUER,
    serviceAccount: serviceAccount(),
    replicaProvider: world.aws,
    partition: "aws",
  })),
  PipelineIamRole: construct(api.PipelineIamRole, () => ({
    roleName: "plan",
    oidcProviderArn: `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`,
    subjects: ["repo:example/platform:pull_request"],
    statements: statements(),
    clusterAccess: { clusterName: "production", access: { group: "plan" } },
  })),
  PrivateBucket: construct(api.PrivateBucket, (world) => ({
    bucketName: "data",
    keyArn: `arn:aws:kms:us-east-1:${ACCOUNT}:key/1`,
    objectLock: true,
    expiry: Duration.days(30),
    keepOldVersions: Duration.days(1),
    accessLog: bucket(world),
    statements: () => [],
    provider: world.aws,
  })),
  RecoveryKeySecrets: construct(api.RecoveryKeySecrets, () => ({
    account: ACCOUNT,
    region: "us-east-1",
    keyAlias: "alias/shares",
    secretName: (share: number) => `share-${share}`,
    custodians: [1, 2].map((it) => `arn:aws:iam::${ACCOUNT}:role/custodian-${it}`),
    writer: `arn:aws:iam::${ACCOUNT}:role/bootstrap`,
    breakGlassPrincipal: ROLE,
  })),
  SnapshotBucket: construct(api.SnapshotBucket, (world) => ({
    account: ACCOUNT,
    bucketName: "snapshots",
    accessLogBucketName: "snapshots-log",
    keyAlias: "alias/snapshots",
    retention: Duration.days(30),
    replication: {
      provider: world.aws,
      bucketName: "copies",
      accessLogBucketName: "copies-log",
      roleName: "replication",
    },
    partition: "aws",
  })),
};
