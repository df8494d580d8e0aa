import * as api from "../../../constructs";
import { type Example, type World, call, construct, scoped } from "./world";

const { Duration } = api;
const licence = () => ({ secretName: "vault-licence", key: "licence" });
const ACCOUNT = "111111111111";
const arn = (role: string) => `arn:aws:iam::${ACCOUNT}:role/${role}`;

const location = () => ({
  account: ACCOUNT,
  region: "us-west-2",
  keyAlias: "alias/dr-vault-handover",
  publicKeySecret: "dr/vault/dr-public-key",
  tokenSecret: "dr/vault/dr-token",
});

const side = (world: World) => ({
  licence: licence(),
  vault: world.vault,
  images: { vault: "hashicorp/vault:1.21.0", awsCli: "public.ecr.aws/aws-cli/aws-cli:2.31.0" },
  secondaryId: "dr",
  handover: { region: "us-west-2", publicKeySecret: "dr-public-key", tokenSecret: "dr-token" },
  roleArn: arn("dr"),
  peerRanges: ["10.8.0.0/16"],
  awsRanges: ["10.9.0.0/16"],
  dns: api.ClusterDns.pods(),
  timeout: Duration.hours(1),
  serviceAccountName: "vault-dr-replication",
  imagePullSecrets: ["registry"],
  proxy: world.proxy,
  auth: world.kubernetesAuth,
});

const code = "main = rule { true }";

/** Construct within a namespace. */
const within = (_: World, namespace: never) => new api.TransitEngine(namespace, "Transit");

/** Examples of Vault Enterprise features. */
export const enterpriseExamples: Readonly<Record<string, Example>> = {
  DrHandover: construct(api.DrHandover, () => ({
    ...location(),
    licence: licence(),
    primaryRoleArn: arn("primary"),
    secondaryRoleArn: arn("secondary"),
    breakGlassPrincipal: arn("break-glass"),
  })),
  drHandoverStatements: call(
    (world, which: never, where: never) =>
      new api.EncryptionKey(world.stack, world.nextId(), {
        account: ACCOUNT,
        alias: "alias/key",
        description: "A key",
        statements: api.drHandoverStatements(which, where),
      }),
    () => ["primary", location()],
  ),
  drPrimaryRules: call(
    (world, secondaryId: never) => api.drPrimaryRules(secondaryId).map((rule) => world.policy.grant(rule)),
    () => ["dr"],
  ),
  DrReplicationPrimary: construct(api.DrReplicationPrimary, (world) => ({
    ...side(world),
    clusterAddress: "https://vault-cluster.us-east-1.example.com:8201",
  })),
  DrReplicationSecondary: construct(api.DrReplicationSecondary, (world) => ({
    ...side(world),
    replacesCluster: "6d8b6a8e-1c2d-3e4f-5a6b-7c8d9e0f1a2b",
  })),
  EnterpriseNamespace: construct(
    api.EnterpriseNamespace,
    () => ({ licence: licence(), path: "payments" }),
    within,
  ),
  "EnterpriseNamespace.fromAttributes": scoped(
    (scope, id, attributes: never) => api.EnterpriseNamespace.fromAttributes(scope, id, attributes),
    () => [{ path: "teams/payments" }],
    within,
  ),
  "EnterpriseNamespace.pathOf": call(
    (_, scope: never) => api.EnterpriseNamespace.pathOf(scope),
    (world) => [world.stack],
  ),
  LeaseCountQuota: construct(api.LeaseCountQuota, () => ({
    licence: licence(),
    quotaName: "database",
    maxLeases: 1000,
    path: "database/",
  })),
  SentinelEndpointPolicy: construct(api.SentinelEndpointPolicy, () => ({
    licence: licence(),
    policyName: "endpoint",
    paths: ["secret/*"],
    code,
    enforcementLevel: "advisory",
  })),
  SentinelRolePolicy: construct(api.SentinelRolePolicy, () => ({
    licence: licence(),
    policyName: "role",
    code,
    enforcementLevel: "advisory",
  })),
};
