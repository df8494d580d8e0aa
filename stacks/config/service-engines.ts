import type { Construct } from "constructs";
import type { IConfigured } from "../../constructs/auth/configured";
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
import type { OutsideAddresses } from "../outside-addresses";
import type { SharedEngines } from "./service-access";

/** What jobs and services use alike. */
export interface Basics {
  readonly auth: KubernetesAuth;
  readonly keyValue: KeyValueEngine;
}

/** Logins of ServiceAccounts and static secrets. */
export function addBasics(scope: Construct, outside: OutsideAddresses | undefined): Basics {
  return {
    auth: new KubernetesAuth(scope, "KubernetesAuth", outside?.kubernetes),
    keyValue: new KeyValueEngine(scope, "KeyValue"),
  };
}

/**
 * The most logins of ServiceAccounts that one address may make.
 * @param scope outside of namespaces, where Vault has all quotas
 * @param team whose namespace the logins are in @default - none: the root namespace
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

export interface ServiceEnginesProps {
  readonly basics: Basics;
  readonly vault: IVault;
  /** Name of the organization in certificates of CAs. */
  readonly organization: string;
  /** Services that use the engines, those of other stacks included. */
  readonly services: readonly Service[];
  /** Databases that Vault connects to. */
  readonly databases: Environment["databases"];
  /** @default - Vault runs in the cluster */
  readonly outside?: OutsideAddresses;
}

/** All that services use. */
export interface ServiceEngines {
  readonly engines: SharedEngines;
  /** The parts of it that policies speak of. */
  readonly parts: readonly IConfigured[];
  readonly mounts: ServiceMounts;
}

/** The engines of services: the root namespace's, or those of a team that has a namespace of its own. */
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
    // Services of other stacks use the connection, too.
    allowedRoles: services
      .flatMap((service) => service.databases.filter((used) => used.name === name))
      .map(({ roleName }) => roleName)
      .sort(),
  });
}
