import { arnOf } from "../constructs/aws/arn";
import { partitionOf } from "../constructs/aws/region";
import type { Environment } from "./schema";

/** KV path of the canary, a value by which a restored copy is verified. The value is not confidential. */
export const CANARY = "vault-platform/canary";

/** ServiceAccounts of Vault's namespace. Jobs log in to Vault with a role of the same name. */
export const SERVICE_ACCOUNTS = {
  server: "vault",
  bootstrap: "vault-bootstrap",
  backup: "vault-backup",
  drill: "vault-drill",
  restore: "vault-restore",
  rollout: "vault-rollout",
  drReplication: "vault-dr-replication",
};

/** Namespace of Vault's servers and jobs. */
export const VAULT_NAMESPACE = "vault";

/** Namespaces of Vault and of the operators. */
export const PLATFORM_NAMESPACES: readonly string[] = [VAULT_NAMESPACE, "cert-manager", "external-secrets"];

/** Prefix of all IAM role names of an environment. No other role may have it. */
export function rolePrefixOf(environment: string): string {
  return `${environment}-vault`;
}

/**
 * Names that follow from the environment alone. A layer finds the resources of earlier layers by these names, not by
 * remote state. You can therefore plan every layer before the first deployment.
 */
export function platformNames(environment: Pick<Environment, "name" | "aws" | "recovers">) {
  const { name, aws, recovers } = environment;
  const role = (suffix: string) => rolePrefixOf(name) + suffix;
  const partition = partitionOf(aws.region);
  const iam = (resource: string) => arnOf({ partition, service: "iam", account: aws.account, resource });
  const bucket = (purpose: string, region: string, owner = name) =>
    `vault-${purpose}-${owner}-${aws.account}-${region}`;
  const snapshotKey = (owner: string) => `alias/${owner}-vault-snapshots`;
  const roles = {
    server: role(""),
    bootstrap: role("-bootstrap"),
    backup: role("-backup"),
    drill: role("-drill"),
    restore: role("-restore"),
    replication: role("-replication"),
    drReplication: drRoleName(name),
    plan: role("-plan"),
    deploy: role("-deploy"),
  };
  return {
    roles,
    roleArn: (which: keyof typeof roles) => iam(`role/${roles[which]}`),
    /** IAM role of a team's pipeline: the name of its Vault role after the environment's prefix. */
    teamDeployRole: (team: string) => role(`-${teamDeployName(team)}`),
    teamDeployRoleArn: (team: string) => iam(`role/${role(`-${teamDeployName(team)}`)}`),
    boundary: role("-boundary"),
    boundaryArn: iam(`policy/${role("-boundary")}`),
    rolePrefix: role(""),
    get unsealKeyAlias() {
      return aws.unsealKeyAlias;
    },
    snapshotKeyAlias: snapshotKey(name),
    recoveryKeyAlias: `alias/${name}-vault-recovery-keys`,
    snapshotBucket: bucket("snapshots", aws.region),
    get snapshotReplicaBucket() {
      return aws.replica && bucket("snapshots", aws.replica.region);
    },
    accessLogBucket: bucket("access-logs", aws.region),
    /** Access log bucket of the copies: S3 writes an access log only within one region. */
    get replicaAccessLogBucket() {
      return aws.replica && bucket("access-logs", aws.replica.region);
    },
    /** Copies of the original, from its foundation layer. @default - none: the environment recovers no other */
    recovered: recovers && {
      snapshotBucket: bucket("snapshots", aws.region, recovers.environment),
      snapshotKeyAlias: snapshotKey(recovers.environment),
    },
    /** Value of the canary: name of the environment from which the data originates. */
    canary: recovers?.environment ?? name,
    recoverySecret: (share: number) => `${name}/vault/recovery-key-${share}`,
    namespace: VAULT_NAMESPACE,
    serviceAccounts: SERVICE_ACCOUNTS,
  };
}

/** Name of the Vault role of a team's pipeline, and of its policy. */
export function teamDeployName(team: string): string {
  return `deploy-${team}`;
}

/** Parent of the teams' Vault Enterprise namespaces: rules for all of them are on `teams/+/...`. */
const TEAM_NAMESPACES = "teams";

/** Parent namespace of the teams' namespaces. @returns undefined if the teams share the root namespace */
export function teamNamespaces({ vault }: Pick<Environment, "vault">): string | undefined {
  return vault.enterprise?.namespaces ? TEAM_NAMESPACES : undefined;
}

/** Path of a team's namespace, with its parent. @returns undefined if the teams share the root namespace */
export function teamNamespace(environment: Pick<Environment, "vault">, team: string): string | undefined {
  const parent = teamNamespaces(environment);
  return parent && `${parent}/${team}`;
}

/** Teams of the services, sorted and each once. */
export function teamsOf({ services }: Pick<Environment, "services">): string[] {
  return [...new Set(services.map(({ team }) => team))].sort();
}

/** GitHub environment in which the jobs of a team's pipeline run. */
export function teamGithubEnvironment(environment: string, team: string): string {
  return `${environment}-${team}`;
}

/** Teams with their own pipeline identity. */
export function teamsWithIdentities(environment: Pick<Environment, "pipeline" | "services">): string[] {
  return environment.pipeline.teamIdentities ? teamsOf(environment) : [];
}

/** Names of the secondary's key and secrets, by which DR replication hands over its token. */
export function drNames(secondary: string) {
  return {
    keyAlias: `alias/${secondary}-vault-dr`,
    publicKeySecret: `${secondary}/vault/dr-public-key`,
    tokenSecret: `${secondary}/vault/dr-token`,
  };
}

/** IAM role of an environment's side of DR replication. The other side refers to it. */
export function drRoleName(environment: string): string {
  return `${rolePrefixOf(environment)}-dr-replication`;
}

/** Names that `platformNames` derives from an environment. */
export type PlatformNames = ReturnType<typeof platformNames>;

/** Names of the resources that all environments of an AWS account share. */
export function accountNames(account: string, region: string) {
  return {
    stateBucket: `vault-platform-state-${account}-${region}`,
    stateAccessLogBucket: `vault-platform-logs-${account}-${region}`,
    stateKeyAlias: "alias/vault-platform-state",
    githubOidcProviderArn: arnOf({
      partition: partitionOf(region),
      service: "iam",
      account,
      resource: "oidc-provider/token.actions.githubusercontent.com",
    }),
  };
}

/** Path of the auth mount at which GitHub workflows log in to Vault. */
export const GITHUB_AUTH_PATH = "github";

/** Group and policy in Vault of the users that write secrets. */
export const SECRET_WRITERS = "secret-writers";

/** Password policy for all database users that Vault creates. */
export const DATABASE_PASSWORDS = "database";
