import type { Construct } from "constructs";
import type { IPolicyTarget } from "../../constructs/auth/policy-target";
import { type IKubernetesAuth, KubernetesAuth } from "../../constructs/auth/kubernetes-auth";
import { PasswordPolicy } from "../../constructs/auth/password-policy";
import { RateLimitQuota } from "../../constructs/auth/rate-limit-quota";
import type { IVault } from "../../constructs/server/vault";
import { DatabaseEngine } from "../../constructs/engines/database-engine";
import { KeyValueEngine } from "../../constructs/engines/key-value-engine";
import { PkiEngine } from "../../constructs/engines/pki-engine";
import { PostgresDatabase } from "../../constructs/engines/postgres-database";
import { TransitEngine } from "../../constructs/engines/transit-engine";
import type { IEnterpriseNamespace } from "../../constructs/enterprise/enterprise-namespace";
import { DATABASE_PASSWORDS } from "../../platform/names";
import type { Environment } from "../../platform/schema";
import type { Service, ServiceMounts } from "../../platform/service";
import type { ExternalAddresses } from "../external-addresses";
import type { SharedEngines } from "./service-access";

/** Mounts that jobs and services share. */
export interface SharedMounts {
  /** Auth mount for ServiceAccounts. */
  readonly auth: KubernetesAuth;
  /** Secrets engine for static secrets. */
  readonly keyValue: KeyValueEngine;
}

/** Adds the auth mount for ServiceAccounts and the secrets engine for static secrets. */
export function addSharedMounts(scope: Construct, outside: ExternalAddresses | undefined): SharedMounts {
  return {
    auth: new KubernetesAuth(scope, "KubernetesAuth", outside?.kubernetes),
    keyValue: new KeyValueEngine(scope, "KeyValue"),
  };
}

/**
 * Limits the logins of ServiceAccounts per client address.
 * @param scope construct in the root namespace, where Vault has all quotas
 * @param team team with the namespace of the logins. @default - none: the root namespace
 */
export function addLoginQuota(
  scope: Construct,
  auth: IKubernetesAuth,
  team?: { readonly name: string; readonly namespace: IEnterpriseNamespace },
): void {
  const login = `auth/${auth.pathReference}/login`;
  new RateLimitQuota(scope, team ? `LoginQuota-${team.name}` : "LoginQuota", {
    quotaName: team ? `kubernetes-logins-${team.name}` : "kubernetes-logins",
    path: team ? `${team.namespace.pathReference}/${login}` : login,
    rate: 100,
  });
}

/** Properties of `addServiceEngines`. */
export interface ServiceEnginesProps {
  /** Shared mounts of the same namespace. */
  readonly basics: SharedMounts;
  /** Vault in which the engines are enabled. */
  readonly vault: IVault;
  /** Name of the organization in certificates of CAs. */
  readonly organization: string;
  /** Services that use the engines, including services of other stacks. */
  readonly services: readonly Service[];
  /** Databases that Vault connects to. */
  readonly databases: Environment["databases"];
  /** Addresses for a Vault outside the cluster. @default - none: Vault runs in the cluster */
  readonly outside?: ExternalAddresses;
}

/** Secrets engines and mounts of services. */
export interface ServiceEngines {
  /** Engines for the constructs of services. */
  readonly engines: SharedEngines;
  /** Policy targets: mounts with the paths to which policies refer. */
  readonly parts: readonly IPolicyTarget[];
  /** Paths of the mounts. */
  readonly mounts: ServiceMounts;
}

/** Adds the secrets engines of services, in the root namespace or in the namespace of a team. */
export function addServiceEngines(scope: Construct, props: ServiceEnginesProps): ServiceEngines {
  const { auth, keyValue } = props.basics;
  const database = new DatabaseEngine(scope, "Database");
  const pki = new PkiEngine(scope, "Pki", { vault: props.vault, organization: props.organization });
  const transit = new TransitEngine(scope, "Transit");
  return {
    engines: {
      auth,
      keyValue,
      pki,
      transit,
      passwords: new PasswordPolicy(scope, "DatabasePasswords", { passwordPolicyName: DATABASE_PASSWORDS }),
      databases: new Map(props.databases.map((it) => [it.name, addDatabase(scope, database, it, props)])),
    },
    parts: [auth, keyValue, database, pki, transit],
    mounts: { auth: `auth/${auth.path}`, database: database.path, pki: pki.path, transit: transit.path },
  };
}

function addDatabase(
  scope: Construct,
  engine: DatabaseEngine,
  database: Environment["databases"][number],
  { services, outside }: ServiceEnginesProps,
): PostgresDatabase {
  const { name, host, port, schemas, owner, adminUser, caCertificate } = database;
  return new PostgresDatabase(scope, `Database-${name}`, {
    engine,
    connectionName: name,
    host,
    port,
    database: database.database,
    schemas,
    owners: [owner],
    adminUser,
    caCertificate,
    ...outside?.database(database),
    // Services of other stacks use the connection as well.
    allowedRoles: services
      .flatMap((service) => service.databases.filter((used) => used.name === name))
      .map(({ roleName }) => roleName)
      .sort(),
  });
}
