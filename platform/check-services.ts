import { SYSTEM_MAX_TTL_HOURS } from "../constructs/auth/ttl";
import { Duration } from "../constructs/core/duration";
import { RESERVED_NAMESPACES } from "../constructs/core/vault-reserved";
import { type Check, type Path, type Report, allReadable, firstOf, repeated } from "./check";
import { keyValuePrefix } from "./fields";
import { policiesOfPlatform } from "./policies";
import { whereReadable } from "./readable";
import type { Environment } from "./schema";
import { type Service, type ServiceDatabase, servicesOf } from "./service";

type Database = Environment["databases"][number];

/** Maximum TTL of a token. */
const LONGEST = Duration.hours(SYSTEM_MAX_TTL_HOURS);
/** Interval at which agents render secrets without a lease. */
const RENDERED_EVERY = Duration.minutes(5);

/** Check of one service. Its report takes paths below the service. */
type ServiceCheck = (service: Service, report: Report, environment: Environment) => void;

/** Reports a duration above the limit. `most` describes the limit. */
function atMost(report: Report, path: Path, value: Duration, limit: Duration, most: string): void {
  if (value.isLongerThan(limit)) report(path, value.toString(), `at most ${most}`);
}

/** Applies a check to each database of a service. Its report takes paths below the database. */
function ofEachDatabase(
  check: (database: ServiceDatabase, report: Report, environment: Environment) => void,
): ServiceCheck {
  return ({ databases }, report, environment) => {
    for (const database of databases) {
      whereReadable(() => {
        const below: Report = (path, ...rest) => report(["databases", database.index, ...path], ...rest);
        check(database, below, environment);
      });
    }
  };
}

const times: readonly ServiceCheck[] = [
  ({ definition: { token } }, report) =>
    atMost(report, ["token", "ttl"], token.ttl, token.maxTtl, `token.maxTtl, which is ${token.maxTtl}`),
  ({ definition: { token } }, report) =>
    atMost(report, ["token", "maxTtl"], token.maxTtl, LONGEST, `${LONGEST}, where Vault ends every login`),
  ofEachDatabase(({ definition: { maxTtl }, service }, report) => {
    const { token } = service.definition;
    const most = `token.maxTtl, which is ${token.maxTtl}: a login that ends takes its leases with it`;
    atMost(report, ["maxTtl"], maxTtl, token.maxTtl, most);
  }),
  ofEachDatabase(({ definition: { defaultTtl, maxTtl } }, report) => {
    atMost(report, ["defaultTtl"], defaultTtl, maxTtl, `maxTtl, which is ${maxTtl}`);
  }),
  ofEachDatabase(({ definition: { defaultTtl, secret }, service }, report) => {
    if (!secret) return;
    const { token } = service.definition;
    const most = `token.ttl, which is ${token.ttl}, because nothing renews the login by which the Secret ${secret} is kept`;
    atMost(report, ["defaultTtl"], defaultTtl, token.ttl, most);
  }),
  ofEachDatabase(({ definition: { defaultTtl }, service }, report) => {
    if (service.definition.deployment && RENDERED_EVERY.isLongerThan(defaultTtl)) {
      const allowed = `at least ${RENDERED_EVERY}, as often as the agents of a deployment render secrets`;
      report(["defaultTtl"], defaultTtl.toString(), allowed);
    }
  }),
];

const access: readonly ServiceCheck[] = [
  ofEachDatabase(({ name }, report, { databases }) => {
    const known = databases.map((it) => it.name);
    if (known.includes(name)) return;
    const allowed = known.length > 0 ? known.join(", ") : "none, because databases is empty";
    report(["name"], name, `a database of this environment: ${allowed}`);
  }),
  ({ databases }, report) => {
    // Databases without an alias also share a name.
    for (const index of repeated(databases, ({ alias }) => alias ?? "")) {
      const { alias } = databases[index];
      const allowed =
        alias === undefined
          ? "a name, such as ledger, for every database of the service but one"
          : "an alias that no other database of the service has";
      report(["databases", index, "alias"], alias, allowed);
    }
  },
  ({ definition: { deployment }, databases }, report) => {
    const variables = deployment?.config?.variables ?? [];
    const taken = databases.flatMap((database) => Object.keys(database.variables));
    for (const [index, { name }] of variables.entries()) {
      if (!taken.includes(name)) continue;
      const path = ["deployment", "config", "variables", index, "name"];
      report(path, name, `another name than ${taken.join(", ")}, which hold the credentials of databases`);
    }
  },
  ({ definition: { reads }, ownPrefix }, report) => {
    if (!reads && !keyValuePrefix.safeParse(ownPrefix).success) {
      const allowed = `prefixes: ${ownPrefix} is no path below the mount of a KV engine`;
      report(["reads"], reads, allowed);
    }
  },
  (service, report) => {
    const secret = service.definition.deployment?.config?.secret;
    if (secret) requireRead(secret, service, ["deployment", "config", "secret"], report);
  },
  (service, report) => {
    for (const [index, { secret }] of service.definition.secrets.entries()) {
      requireRead(secret, service, ["secrets", index, "secret"], report);
    }
  },
  ({ definition: { reads, databases, certificates, encryptionKey } }, report) => {
    if (reads?.length === 0 && databases.length === 0 && certificates.length === 0 && !encryptionKey) {
      const allowed =
        "at least one prefix, or else a database, certificates or an encryptionKey: Vault refuses an empty policy";
      report(["reads"], reads, allowed);
    }
  },
];

/** Requires that the service can read a secret: its pods would otherwise wait for it indefinitely. */
function requireRead(secret: string, service: Service, path: Path, report: Report): void {
  if (service.canRead(secret)) return;
  report(path, secret, `a path below what the service reads: ${service.reads.join(", ") || "nothing"}`);
}

const deployed: ServiceCheck = ({ definition: { deployment, databases, certificates } }, report) => {
  if (deployment && !deployment.config && databases.length === 0 && certificates.length === 0) {
    const allowed =
      "variables of a secret, unless the service has a database or certificates: agents without a secret would not start";
    report(["deployment", "config"], undefined, allowed);
  }
};

const names: readonly ServiceCheck[] = [
  ({ name, policyName }, report, environment) => {
    const writers = allReadable(environment.vault.secretWriters, (writer) => writer.name);
    const taken = [...policiesOfPlatform(environment), ...writers];
    if (taken.includes(policyName)) {
      report(["name"], name, `none of ${taken.join(", ")}, which are policies of others in Vault`);
    }
  },
  ({ team }, report, { vault: { enterprise } }) => {
    if (enterprise?.namespaces && RESERVED_NAMESPACES.includes(team)) {
      const allowed = `none of ${RESERVED_NAMESPACES.join(", ")}, which cannot be the namespace of a team in Vault`;
      report(["team"], team, allowed);
    }
  },
];

/** Checks of each service. They run even if other services are invalid. */
const ofEachService = [...times, ...access, deployed, ...names].map((check): Check => {
  return (environment, report) => {
    for (const service of servicesOf(environment)) {
      whereReadable(() => {
        const below: Report = (path, ...rest) => report(service.path(...path), ...rest);
        check(service, below, environment);
      });
    }
  };
});

/** Checks of database connections. Each changes the password of its login, which would lock out a second one. */
const connections: readonly Check[] = [
  ({ databases }, report) => {
    const login = ({ host, port, adminUser }: Database) => `${adminUser} at ${host}:${port}`;
    for (const index of repeated(databases, login)) {
      const database = databases[index];
      const other = firstOf(databases, (it) => login(it) === login(database))!;
      const allowed = `another user than that of ${other.name}, which is on the same server: each connection changes the password of its user`;
      report(["databases", index, "adminUser"], database.adminUser, allowed);
    }
  },
  (environment, report) => {
    if (!environment.vault.enterprise?.namespaces) return;
    const services = servicesOf(environment);
    for (const service of services) {
      whereReadable(() => {
        for (const database of service.databases) {
          // A service with a flaw does not say which databases it uses.
          const owner = firstOf(services, (it) => it.usesDatabase(database.name))?.team;
          if (owner === undefined || owner === service.team) continue;
          const allowed = `a database that services of no other team use: the namespace of ${owner} has the connection, which changes the password of Vault's user`;
          report(database.path("name"), database.name, allowed);
        }
      });
    }
  },
];

/** Checks for names that would collide in Vault, in Terraform or in Kubernetes. */
const apart: readonly Check[] = [
  ({ databases }, report) => {
    for (const index of repeated(databases, ({ name }) => name)) {
      report(["databases", index, "name"], databases[index].name, "a name that no other database has");
    }
  },
  (environment, report) => {
    const services = servicesOf(environment);
    for (const index of repeated(services, ({ policyName }) => policyName)) {
      const { name } = services[index];
      const allowed =
        "a name that no other service has, in whichever namespace: its role and policy in Vault are named after it";
      report(services[index].path("name"), name, allowed);
    }
  },
  (environment, report) => {
    const services = servicesOf(environment);
    for (const index of repeated(services, ({ id }) => id)) {
      const { id, name } = services[index];
      const other = firstOf(services, (it) => it.id === id);
      // Duplicate names have been reported already.
      if (!other || other.name === name) continue;
      const allowed = `a name with which ${id} is not also service ${other.name} of namespace ${other.namespace}`;
      report(services[index].path("name"), name, allowed);
    }
  },
  (environment, report) => {
    const roles = allReadable(servicesOf(environment), ({ databases }) => databases).flat();
    for (const which of repeated(roles, ({ roleName }) => roleName)) {
      const role = roles[which];
      const { roleName, alias } = role;
      const other = firstOf(roles, (it) => it.roleName === roleName)!.service;
      // Duplicate aliases of one service have been reported already.
      if (other.name === role.service.name) continue;
      const allowed = `an alias with which the role ${roleName} is not also that of ${other.name}`;
      report(role.path("alias"), alias, allowed);
    }
  },
  (environment, report) => {
    const secrets = allReadable(servicesOf(environment), (it) => it.secrets).flat();
    const named = secrets.filter((it) => whereReadable(() => it.name) !== undefined);
    for (const index of repeated(named, ({ name, service }) => `${service.namespace}/${name}`)) {
      const { name, service, field } = named[index];
      report(service.path(...field), name, "a name that no other Secret of the namespace has");
    }
  },
];

const delivery: readonly Check[] = [
  (environment, report) => {
    const { externalSecrets } = environment.kubernetes.operators;
    const synced = firstOf(servicesOf(environment), ({ hasSecrets }) => hasSecrets);
    if (externalSecrets === "none" && synced) {
      const allowed = `install or existing, because ${synced.name} has Secrets that External Secrets keeps`;
      report(["kubernetes", "operators", "externalSecrets"], externalSecrets, allowed);
    }
  },
  (environment, report) => {
    const served = firstOf(servicesOf(environment), (it) => it.deploymentName !== undefined || it.hasSecrets);
    if (environment.vault.tls.mutual && served) {
      const allowed = `false while the platform delivers secrets to services such as ${served.name}: agents and External Secrets show no certificate`;
      report(["vault", "tls", "mutual"], true, allowed);
    }
  },
];

/** Checks that compare services and databases with each other and with the rest of their environment. */
export const serviceChecks: readonly Check[] = [...connections, ...apart, ...ofEachService, ...delivery];
