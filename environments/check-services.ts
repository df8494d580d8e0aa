import { SYSTEM_MAX_TTL_HOURS } from "../constructs/auth/ttl";
import { Duration } from "../constructs/core/duration";
import { RESERVED_NAMESPACES } from "../constructs/core/vault-reserved";
import { type Check, type Path, type Report, allReadable, firstOf, repeated } from "./check";
import { PLATFORM_NAMESPACES } from "./names";
import { policiesOfPlatform } from "./policies";
import { whereReadable } from "./readable";
import type { Environment } from "./schema";

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

const times: readonly ServiceCheck[] = [
  ({ token: { ttl, maxTtl } }, report) =>
    atMost(report, ["token", "ttl"], ttl, maxTtl, `token.maxTtl, which is ${maxTtl}`),
  ({ token: { maxTtl } }, report) =>
    atMost(report, ["token", "maxTtl"], maxTtl, LONGEST, `${LONGEST}, where Vault ends every login`),
  ({ token, database }, report) => {
    if (!database) return;
    const most = `token.maxTtl, which is ${token.maxTtl}: a login that ends takes its leases with it`;
    atMost(report, ["database", "maxTtl"], database.maxTtl, token.maxTtl, most);
  },
  ({ database }, report) => {
    if (!database) return;
    const { defaultTtl, maxTtl } = database;
    atMost(report, ["database", "defaultTtl"], defaultTtl, maxTtl, `maxTtl, which is ${maxTtl}`);
  },
  ({ token, database, databaseSecret }, report) => {
    if (!database || !databaseSecret) return;
    const most = `token.ttl, which is ${token.ttl}, because nothing renews the login by which databaseSecret is kept`;
    atMost(report, ["database", "defaultTtl"], database.defaultTtl, token.ttl, most);
  },
  ({ database, deployment }, report) => {
    if (database && deployment && RENDERED_EVERY.isLongerThan(database.defaultTtl)) {
      const allowed = `at least ${RENDERED_EVERY}, as often as the agents of a deployment render secrets`;
      report(["database", "defaultTtl"], database.defaultTtl.toString(), allowed);
    }
  },
];

const access: readonly ServiceCheck[] = [
  ({ database }, report, { databases }) => {
    const known = databases.map((it) => it.name);
    if (database && !known.includes(database.name)) {
      const allowed = known.length > 0 ? known.join(", ") : "none, because databases is empty";
      report(["database", "name"], database.name, `a database of this environment: ${allowed}`);
    }
  },
  ({ database, databaseSecret }, report) => {
    if (databaseSecret && !database) {
      report(["databaseSecret"], databaseSecret, "nothing, because database is not given");
    }
  },
  ({ name, reads }, report) => {
    if (!reads && ["data", "metadata"].includes(name)) {
      const allowed = `prefixes of its own: ${name}/* is no path below the mount of a KV engine`;
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
  ({ reads, database, certificates, encryptionKey }, report) => {
    if (reads?.length === 0 && !database && certificates.length === 0 && !encryptionKey) {
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

const deployed: ServiceCheck = ({ deployment, database, certificates }, report) => {
  if (deployment && !deployment.config && !database && certificates.length === 0) {
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
  ({ name, secrets, databaseSecret }, report) => {
    // The release of what External Secrets keeps, vault-<name>, may have 53 characters.
    if ((secrets.length > 0 || databaseSecret) && name.length > 47) {
      report(["name"], name, "at most 47 characters for a service with secrets or a databaseSecret");
    }
  },
  ({ team }, report, { vault: { enterprise } }) => {
    if (enterprise?.namespaces && RESERVED_NAMESPACES.includes(team)) {
      const allowed = `none of ${RESERVED_NAMESPACES.join(", ")}, which cannot be the namespace of a team in Vault`;
      report(["team"], team, allowed);
    }
  },
  ({ team }, report, { pipeline }) => {
    // IAM's role, <environment>-vault-deploy-<team>, may have 64 characters.
    if (pipeline.teamIdentities && team.length > 30) {
      report(["team"], team, "at most 30 characters with pipeline.teamIdentities");
    }
  },
  ({ namespace }, report) => {
    // The cluster layer makes the services' namespaces, and lets their pods talk to Vault.
    if (PLATFORM_NAMESPACES.includes(namespace) || namespace.startsWith("kube-")) {
      const others = PLATFORM_NAMESPACES.join(", ");
      report(["namespace"], namespace, `a namespace of services, and none of ${others} and kube-*`);
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
        const { team, database } = services[index];
        const owner = database && firstOf(services, (it) => it.database?.name === database.name)?.team;
        if (owner === undefined || owner === team) return;
        const allowed = `a database that services of no other team use: the namespace of ${owner} has the connection, which changes the password of Vault's user`;
        report(["services", index, "database", "name"], database!.name, allowed);
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
      ...secret((it) => it.databaseSecret, "databaseSecret"),
    ];
  });
}

const delivery: readonly Check[] = [
  ({ kubernetes: { operators }, services }, report) => {
    const synced = firstOf(services, (it) => it.secrets.length > 0 || it.databaseSecret);
    if (operators.externalSecrets === "none" && synced) {
      const allowed = `install or existing, because ${synced.name} has Secrets that External Secrets keeps`;
      report(["kubernetes", "operators", "externalSecrets"], operators.externalSecrets, allowed);
    }
  },
  ({ vault: { tls }, services }, report) => {
    const served = firstOf(services, (it) => it.deployment || it.secrets.length > 0 || it.databaseSecret);
    if (tls.mutual && served) {
      const allowed = `false while the platform delivers secrets to services such as ${served.name}: agents and External Secrets show no certificate`;
      report(["vault", "tls", "mutual"], true, allowed);
    }
  },
];

/** What services and databases have to do with each other and with the rest of their environment. */
export const serviceChecks: readonly Check[] = [...connections, ...apart, ...ofEachService, ...delivery];
