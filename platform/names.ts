import { arnOf } from "../constructs/aws/arn";
import { partitionOf } from "../constructs/aws/region";
import type { Environment } from "./schema";

/** Secret that a restored copy is tried with. It is none: everybody may know it. */
export const CANARY = "vault-platform/canary";

/** ServiceAccounts of Vault's namespace. Jobs log in to Vault by a role of the same name. */
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

/** Those of Vault and of the operators beside it. */
export const PLATFORM_NAMESPACES: readonly string[] = [VAULT_NAMESPACE, "cert-manager", "external-secrets"];

/** What every role of an environment starts with; nobody else's role may. */
export function rolePrefixOf(environment: string): string {
  return `${environment}-vault`;
}

/**
 * Names that follow from the environment alone. A later layer finds what an earlier one made by these
 * and not by remote state, so that every layer can be planned before the first deploy.
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
    /** Of the pipeline of one team, the same in AWS as in Vault but for the environment. */
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
    /** Of the copies: S3 writes an access log only within one region. */
    get replicaAccessLogBucket() {
      return aws.replica && bucket("access-logs", aws.replica.region);
    },
    /** Copies of what it stands by for, which that one's foundation makes. @default - it stands by for none */
    recovered: recovers && {
      snapshotBucket: bucket("snapshots", aws.region, recovers.environment),
      snapshotKeyAlias: snapshotKey(recovers.environment),
    },
    /** What the canary says. Restored data says of whom it is. */
    canary: recovers?.environment ?? name,
    recoverySecret: (share: number) => `${name}/vault/recovery-key-${share}`,
    namespace: VAULT_NAMESPACE,
    serviceAccounts: SERVICE_ACCOUNTS,
  };
}

/** Role in Vault of a team's pipeline, and its policy. */
export function teamDeployName(team: string): string {
  return `deploy-${team}`;
}

/** Namespace of Vault Enterprise that holds those of the teams: rules for all of them are on `teams/+/...`. */
const TEAM_NAMESPACES = "teams";

/** Where each team has a namespace of its own. @returns nothing where they share the root namespace */
export function teamNamespaces({ vault }: Pick<Environment, "vault">): string | undefined {
  return vault.enterprise?.namespaces ? TEAM_NAMESPACES : undefined;
}

/** Namespace of a team, with that of all teams. @returns nothing where teams share the root namespace */
export function teamNamespace(environment: Pick<Environment, "vault">, team: string): string | undefined {
  const parent = teamNamespaces(environment);
  return parent && `${parent}/${team}`;
}

/** Teams of the services. */
export function teamsOf({ services }: Pick<Environment, "services">): string[] {
  return [...new Set(services.map(({ team }) => team))].sort();
}

/** GitHub environment whose jobs are a team's pipeline. */
export function teamGithubEnvironment(environment: string, team: string): string {
  return `${environment}-${team}`;
}

/** Teams whose pipelines have identities of their own. */
export function teamsWithIdentities(environment: Pick<Environment, "pipeline" | "services">): string[] {
  return environment.pipeline.teamIdentities ? teamsOf(environment) : [];
}

/** What the secondary of DR replication has for the hand-over. */
export function drNames(secondary: string) {
  return {
    keyAlias: `alias/${secondary}-vault-dr`,
    publicKeySecret: `${secondary}/vault/dr-public-key`,
    tokenSecret: `${secondary}/vault/dr-token`,
  };
}

/** Role of an environment's side of DR replication, which the other side has to know. */
export function drRoleName(environment: string): string {
  return `${rolePrefixOf(environment)}-dr-replication`;
}

export type PlatformNames = ReturnType<typeof platformNames>;

/** Names of what an AWS account has once, for all its environments. */
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

/** Auth mount of Vault at which GitHub workflows log in. */
export const GITHUB_AUTH_PATH = "github";

/** Password policy of all users that Vault makes in databases. */
export const DATABASE_PASSWORDS = "database";
