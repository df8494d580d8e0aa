import { SYSTEM_MAX_TTL_HOURS } from "../constructs/auth/ttl";
import { Duration } from "../constructs/core/duration";
import { RESERVED_NAMESPACES } from "../constructs/core/vault-reserved";
import { type Check, type Path, type Report, allReadable, firstOf, repeated } from "./check";
import { keyValuePrefix } from "./fields";
import { policiesOfPlatform } from "./policies";
import { whereReadable } from "./readable";
import type { Environment } from "./schema";
import { databaseRoleName, databaseVariables } from "./service-names";

type Service = Environment["services"][number];
type Database = Environment["databases"][number];

/** Longest life of a token, and how often agents render what has no lease. */
const LONGEST = Duration.hours(SYSTEM_MAX_TTL_HOURS);
const RENDERED_EVERY = Duration.minutes(5);

/** Checks of one service, whose paths are below it. */
type ServiceCheck = (service: Service, report: Report, environment: Environment) => void;

/** Reports when the one lasts longer than the other; `most` says what the other is. */
function atMost(report: Report, path: Path, value: Duration, limit: Duration, most: string): void {
  if (value.isLongerThan(limit)) report(path, value.toString(), `at most ${most}`);
}

/** The same for each database of a service, with paths below it. */
function ofEachDatabase(
  check: (
    database: Service["databases"][number],
    report: Report,
    service: Service,
    environment: Environment,
  ) => void,
): ServiceCheck {
  return (service, report, environment) => {
    for (const index of service.databases.keys()) {
      whereReadable(() => {
        const below: Report = (path, ...rest) => report(["databases", index, ...path], ...rest);
        check(service.databases[index], below, service, environment);
      });
    }
  };
}

const times: readonly ServiceCheck[] = [
  ({ token: { ttl, maxTtl } }, report) =>
    atMost(report, ["token", "ttl"], ttl, maxTtl, `token.maxTtl, which is ${maxTtl}`),
  ({ token: { maxTtl } }, report) =>
    atMost(report, ["token", "maxTtl"], maxTtl, LONGEST, `${LONGEST}, where Vault ends every login`),
  ofEachDatabase(({ maxTtl }, report, { token }) => {
    const most = `token.maxTtl, which is ${token.maxTtl}: a login that ends takes its leases with it`;
    atMost(report, ["maxTtl"], maxTtl, token.maxTtl, most);
  }),
  ofEachDatabase(({ defaultTtl, maxTtl }, report) => {
    atMost(report, ["defaultTtl"], defaultTtl, maxTtl, `maxTtl, which is ${maxTtl}`);
  }),
  ofEachDatabase(({ defaultTtl, secret }, report, { token }) => {
    if (!secret) return;
    const most = `token.ttl, which is ${token.ttl}, because nothing renews the login by which the Secret ${secret} is kept`;
    atMost(report, ["defaultTtl"], defaultTtl, token.ttl, most);
  }),
  ofEachDatabase(({ defaultTtl }, report, { deployment }) => {
    if (deployment && RENDERED_EVERY.isLongerThan(defaultTtl)) {
      const allowed = `at least ${RENDERED_EVERY}, as often as the agents of a deployment render secrets`;
      report(["defaultTtl"], defaultTtl.toString(), allowed);
    }
  }),
];

const access: readonly ServiceCheck[] = [
  ofEachDatabase(({ name }, report, _service, { databases }) => {
    const known = databases.map((it) => it.name);
    if (known.includes(name)) return;
    const allowed = known.length > 0 ? known.join(", ") : "none, because databases is empty";
    report(["name"], name, `a database of this environment: ${allowed}`);
  }),
  ({ databases }, report) => {
    // Those without an alias have one name, too.
    for (const index of repeated(databases, ({ alias }) => alias ?? "")) {
      const { alias } = databases[index];
      const allowed =
        alias === undefined
          ? "a name, such as ledger, for every database of the service but one"
          : "an alias that no other database of the service has";
      report(["databases", index, "alias"], alias, allowed);
    }
  },
  ({ databases, deployment }, report) => {
    const variables = deployment?.config?.variables ?? [];
    const taken = databases.flatMap(({ alias }) => Object.keys(databaseVariables(alias)));
    for (const [index, { name }] of variables.entries()) {
      if (!taken.includes(name)) continue;
      const path = ["deployment", "config", "variables", index, "name"];
      report(path, name, `another name than ${taken.join(", ")}, which hold the credentials of databases`);
    }
  },
  ({ name, reads }, report) => {
    if (!reads && !keyValuePrefix.safeParse(`${name}/*`).success) {
      const allowed = `prefixes: ${name}/* is no path below the mount of a KV engine`;
      report(["reads"], reads, allowed);
    }
  },
  ({ name, reads, deployment }, report) => {
    const secret = deployment?.config?.secret;
    if (secret) requireRead(secret, { name, reads }, ["deployment", "config", "secret"], report);
  },
  ({ name, reads, secrets }, report) => {
    for (const [index, { secret }] of secrets.entries()) {
      requireRead(secret, { name, reads }, ["secrets", index, "secret"], report);
    }
  },
  ({ reads, databases, certificates, encryptionKey }, report) => {
    if (reads?.length === 0 && databases.length === 0 && certificates.length === 0 && !encryptionKey) {
      const allowed =
        "at least one prefix, or else a database, certificates or an encryptionKey: Vault refuses an empty policy";
      report(["reads"], reads, allowed);
    }
  },
];

/** Pods would wait for ever for what Vault does not give their service. */
function requireRead(
  secret: string,
  { name, reads = [`${name}/*`] }: Pick<Service, "name" | "reads">,
  path: Path,
  report: Report,
): void {
  if (reads.some((prefix) => secret.startsWith(prefix.slice(0, -1)))) return;
  report(path, secret, `a path below what the service reads: ${reads.join(", ") || "nothing"}`);
}

const deployed: ServiceCheck = ({ deployment, databases, certificates }, report) => {
  if (deployment && !deployment.config && databases.length === 0 && certificates.length === 0) {
    const allowed =
      "variables of a secret, unless the service has a database or certificates: agents without a secret would not start";
    report(["deployment", "config"], undefined, allowed);
  }
};

const names: readonly ServiceCheck[] = [
  ({ name }, report, environment) => {
    const keepers = allReadable(environment.vault.secretKeepers, (keeper) => keeper.name);
    const taken = [...policiesOfPlatform(environment), ...keepers];
    if (taken.includes(name)) {
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

/** Each service has its checks, whatever is wrong with the others. */
const ofEachService = [...times, ...access, deployed, ...names].map((check): Check => {
  return (environment, report) => {
    for (const index of environment.services.keys()) {
      whereReadable(() => {
        const below: Report = (path, ...rest) => report(["services", index, ...path], ...rest);
        check(environment.services[index], below, environment);
      });
    }
  };
});

/** Each connection of Vault changes the password that it logs in with, so that a second one could not log in any more. */
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
  ({ services, vault: { enterprise } }, report) => {
    if (!enterprise?.namespaces) return;
    for (const index of services.keys()) {
      whereReadable(() => {
        const { team, databases } = services[index];
        for (const [at, { name }] of databases.entries()) {
          const users = (it: Service) => it.databases.some((other) => other.name === name);
          const owner = firstOf(services, users)!.team;
          if (owner === team) continue;
          const allowed = `a database that services of no other team use: the namespace of ${owner} has the connection, which changes the password of Vault's user`;
          report(["services", index, "databases", at, "name"], name, allowed);
        }
      });
    }
  },
];

/** Names that would be the same in Vault, in Terraform or in Kubernetes. */
const apart: readonly Check[] = [
  ({ databases }, report) => {
    for (const index of repeated(databases, ({ name }) => name)) {
      report(["databases", index, "name"], databases[index].name, "a name that no other database has");
    }
  },
  ({ services }, report) => {
    for (const index of repeated(services, ({ name }) => name)) {
      const allowed =
        "a name that no other service has, in whichever namespace: its role and policy in Vault are named after it";
      report(["services", index, "name"], services[index].name, allowed);
    }
  },
  ({ services }, report) => {
    const joined = ({ namespace, name }: Service) => `${namespace}-${name}`;
    for (const index of repeated(services, joined)) {
      const { namespace, name } = services[index];
      const other = firstOf(services, (it) => joined(it) === `${namespace}-${name}`);
      // Names that are the same have been told already.
      if (!other || other.name === name) continue;
      const allowed = `a name with which ${namespace}-${name} is not also service ${other.name} of namespace ${other.namespace}`;
      report(["services", index, "name"], name, allowed);
    }
  },
  ({ services }, report) => {
    const roles = [...services.keys()].flatMap((index) => {
      const databases = whereReadable(() => [...services[index].databases.keys()]) ?? [];
      return databases.map((at) => ({ index, at }));
    });
    const nameOf = ({ index, at }: (typeof roles)[number]) => {
      const { name, databases } = services[index];
      return { service: name, role: databaseRoleName(name, databases[at].alias) };
    };
    for (const which of repeated(roles, (role) => nameOf(role).role)) {
      const { service, role } = nameOf(roles[which]);
      const other = nameOf(firstOf(roles, (it) => nameOf(it).role === role)!);
      // Aliases of one service that are the same have been reported already.
      if (other.service === service) continue;
      const { index, at } = roles[which];
      const { alias } = services[index].databases[at];
      const allowed = `an alias with which the role ${role} is not also that of ${other.service}`;
      report(["services", index, "databases", at, "alias"], alias, allowed);
    }
  },
  (environment, report) => {
    const kept = keptSecrets(environment);
    for (const index of repeated(kept, ({ key }) => key)) {
      report(kept[index].path, kept[index].name, "a name that no other Secret of the namespace has");
    }
  },
];

/** Secrets of Kubernetes that the platform keeps, as far as they can be read. */
function keptSecrets({ services }: Environment): { key: string; name: string; path: Path }[] {
  return [...services.keys()].flatMap((index) => {
    const read = <T>(of: (service: Service) => T) => whereReadable(() => of(services[index]));
    const secret = (nameOf: (service: Service) => string | undefined, ...path: Path) => {
      const [namespace, name] = [read((it) => it.namespace), read(nameOf)];
      if (namespace === undefined || name === undefined) return [];
      return [{ key: `${namespace}/${name}`, name, path: ["services", index, ...path] }];
    };
    const secrets = read((it) => [...it.secrets.keys()]) ?? [];
    return [
      ...secrets.flatMap((at) => secret((it) => it.secrets[at].name, "secrets", at, "name")),
      ...(read((it) => [...it.databases.keys()]) ?? []).flatMap((at) =>
        secret((it) => it.databases[at].secret, "databases", at, "secret"),
      ),
    ];
  });
}

/** Whether External Secrets keeps Secrets for the service. */
function hasKeptSecrets({ secrets, databases }: Service): boolean {
  return secrets.length > 0 || databases.some(({ secret }) => secret !== undefined);
}

const delivery: readonly Check[] = [
  ({ kubernetes: { operators }, services }, report) => {
    const synced = firstOf(services, hasKeptSecrets);
    if (operators.externalSecrets === "none" && synced) {
      const allowed = `install or existing, because ${synced.name} has Secrets that External Secrets keeps`;
      report(["kubernetes", "operators", "externalSecrets"], operators.externalSecrets, allowed);
    }
  },
  ({ vault: { tls }, services }, report) => {
    const served = firstOf(services, (it) => it.deployment || hasKeptSecrets(it));
    if (tls.mutual && served) {
      const allowed = `false while the platform delivers secrets to services such as ${served.name}: agents and External Secrets show no certificate`;
      report(["vault", "tls", "mutual"], true, allowed);
    }
  },
];

/** What services and databases have to do with each other and with the rest of their environment. */
export const serviceChecks: readonly Check[] = [...connections, ...apart, ...ofEachService, ...delivery];
