import type { Path } from "./check";
import { teamDeployName, teamNamespace } from "./names";
import { whereReadable } from "./readable";
import type { Environment } from "./schema";

/** Checked definition of a service, with every default filled in. */
export type ServiceFields = Environment["services"][number];
type Database = Environment["databases"][number];

/** Paths of the mounts that services use. */
export interface ServiceMounts {
  /** Kubernetes auth mount, with `auth/`. */
  readonly auth: string;
  /** Database secrets engine. */
  readonly database: string;
  /** PKI secrets engine. */
  readonly pki: string;
  /** Transit secrets engine. */
  readonly transit: string;
}

/** A path of Vault's API that configures a service. */
export interface ServicePath {
  /** Path without `/v1/`. */
  readonly path: string;
  /** Noun phrase for the object at the path, such as `the policy`. */
  readonly object: string;
}

/** Services of an environment, in the order of the definition. */
export function servicesOf(environment: Environment): Service[] {
  return [...environment.services.keys()].map((index) => new Service(environment, index));
}

/**
 * Names and paths of a service, which follow from its definition. Each member reads the definition when you read the
 * member, so that checks can use a definition that is only partly readable.
 */
export class Service {
  constructor(
    private readonly environment: Environment,
    /** Position in `services`. */
    readonly index: number,
  ) {}

  /** Checked definition of the service. */
  get definition(): ServiceFields {
    return this.environment.services[this.index];
  }

  /** Path of a field of this service in the environment. */
  path(...field: Path): Path {
    return ["services", this.index, ...field];
  }

  /** Name of the service. */
  get name(): string {
    return this.definition.name;
  }

  /** Kubernetes namespace of its pods. */
  get namespace(): string {
    return this.definition.namespace;
  }

  /** Team that owns the service. */
  get team(): string {
    return this.definition.team;
  }

  /** Id of the constructs of this service in a stack. */
  get id(): string {
    return `${this.namespace}-${this.name}`;
  }

  /** ServiceAccount of its pods, which logs in to Vault. */
  get serviceAccount(): { readonly name: string; readonly namespace: string } {
    return { name: this.name, namespace: this.namespace };
  }

  /** Role on the Kubernetes auth mount. */
  get roleName(): string {
    return this.name;
  }

  /** Policy in Vault. */
  get policyName(): string {
    return this.name;
  }

  /** Vault Enterprise namespace in which it logs in. @returns undefined for the root namespace */
  get vaultNamespace(): string | undefined {
    return teamNamespace(this.environment, this.team);
  }

  /** Vault role and policy of its team's pipeline. @returns undefined if teams have no pipeline identities */
  get pipelineRoleName(): string | undefined {
    return this.environment.pipeline.teamIdentities ? teamDeployName(this.team) : undefined;
  }

  /** Sentinel policies that evaluate all its requests. */
  get sentinelPolicies(): string[] {
    const policies = this.environment.vault.enterprise?.sentinelRoles ?? [];
    return policies.filter(({ services }) => services.includes(this.name)).map(({ name }) => name);
  }

  /** Prefixes below the KV mount that it reads. It writes no secrets. */
  get reads(): readonly string[] {
    return this.definition.reads ?? [this.ownPrefix];
  }

  /** Prefix below the KV mount that it reads by default. */
  get ownPrefix(): string {
    return `${this.name}/*`;
  }

  /** Returns true if it reads the secret at a path below the KV mount. */
  canRead(secret: string): boolean {
    return this.reads.some((prefix) => secret.startsWith(prefix.slice(0, -1)));
  }

  /** Databases that it uses. */
  get databases(): ServiceDatabase[] {
    return [...this.definition.databases.keys()].map((index) => new ServiceDatabase(this, index));
  }

  /** Returns true if it uses the database of the environment that has the name. */
  usesDatabase(name: string): boolean {
    return this.definition.databases.some((database) => database.name === name);
  }

  /** Role of the PKI secrets engine for its certificates. @returns undefined if it has no certificates */
  get pkiRoleName(): string | undefined {
    return this.definition.certificates.length > 0 ? this.name : undefined;
  }

  /** Key of the transit secrets engine. @returns undefined if the service does not encrypt with Vault */
  get transitKeyName(): string | undefined {
    return this.definition.encryptionKey ? this.name : undefined;
  }

  /** Paths of Vault's API at which the `config` layer configures this service. */
  vaultPaths({ auth, database, pki, transit }: ServiceMounts): ServicePath[] {
    const { pkiRoleName, transitKeyName } = this;
    return [
      { path: `sys/policies/acl/${this.policyName}`, object: "the policy" },
      { path: `${auth}/role/${this.roleName}`, object: "the login" },
      ...this.databases.map(({ roleName }) => ({
        path: `${database}/roles/${roleName}`,
        object: "the database role",
      })),
      ...(pkiRoleName === undefined
        ? []
        : [{ path: `${pki}/roles/${pkiRoleName}`, object: "the certificate role" }]),
      ...(transitKeyName === undefined
        ? []
        : [
            { path: `${transit}/keys/${transitKeyName}`, object: "the key" },
            { path: `${transit}/keys/${transitKeyName}/config`, object: "settings of the key" },
          ]),
    ];
  }

  /** Deployment, and value of the label `app` of its pods. @returns undefined if the team deploys the service itself */
  get deploymentName(): string | undefined {
    return this.definition.deployment ? this.name : undefined;
  }

  /** Fields that can name a Kubernetes Secret, which External Secrets writes. An unreadable list has no entries. */
  get secrets(): ServiceSecret[] {
    const entries = (field: "secrets" | "databases") =>
      whereReadable(() => [...this.definition[field].keys()]) ?? [];
    return [
      ...entries("secrets").map((at) => new ServiceSecret(this, ["secrets", at, "name"])),
      ...entries("databases").map((at) => new ServiceSecret(this, ["databases", at, "secret"])),
    ];
  }

  /** Returns true if External Secrets writes at least one Secret. */
  get hasSecrets(): boolean {
    return this.secrets.some(({ name }) => name !== undefined);
  }

  /** Helm release of the External Secrets resources for those Secrets, in the namespace of the service. */
  get releaseName(): string {
    return `vault-${this.name}`;
  }

  /** ClusterSecretStore with which External Secrets reads as the service. */
  get storeName(): string {
    return `vault-${this.name}`;
  }

  /** Role and RoleBinding that allow External Secrets to request tokens of the ServiceAccount. */
  get tokenRoleName(): string {
    return `${this.name}-token`;
  }

  /** Network policy of its pods. */
  get networkPolicyName(): string {
    return `${this.name}-egress`;
  }

  /** Owner of that network policy. In existing namespaces, the platform owns it only if `networkPolicy` is set so. */
  get networkPolicyOwner(): "platform" | "team" {
    const { networkPolicy, deployment, namespace } = this.definition;
    if (networkPolicy) return networkPolicy;
    return deployment && !this.environment.kubernetes.existingNamespaces.includes(namespace)
      ? "platform"
      : "team";
  }

  /** Databases of the environment that its pods connect to. */
  get databaseEndpoints(): Database[] {
    return this.environment.databases.filter(({ name }) => this.usesDatabase(name));
  }
}

/** A field of a service that can name a Kubernetes Secret. */
export class ServiceSecret {
  constructor(
    /** Service that has the field. */
    readonly service: Service,
    /** Path of the field below the service. */
    readonly field: readonly ["secrets", number, "name"] | readonly ["databases", number, "secret"],
  ) {}

  /** Name of the Secret. @returns undefined if External Secrets writes none */
  get name(): string | undefined {
    const { definition } = this.service;
    const [list, index] = this.field;
    return list === "secrets" ? definition.secrets[index].name : definition.databases[index].secret;
  }
}

/** Database that a service uses, with the names that follow from its alias. */
export class ServiceDatabase {
  constructor(
    /** Service that uses the database. */
    readonly service: Service,
    /** Position in `databases` of the service. */
    readonly index: number,
  ) {}

  /** Checked entry in `databases` of the service. */
  get definition(): ServiceFields["databases"][number] {
    return this.service.definition.databases[this.index];
  }

  /** Path of a field of this entry in the environment. */
  path(...field: Path): Path {
    return this.service.path("databases", this.index, ...field);
  }

  /** Name of the database in the environment. */
  get name(): string {
    return this.definition.name;
  }

  /** Alias that tells several databases of one service apart. @returns undefined if it has none */
  get alias(): string | undefined {
    return this.definition.alias;
  }

  /** Role of the database secrets engine, which creates the users. */
  get roleName(): string {
    const { alias, service } = this;
    return alias === undefined ? `${service.name}-role` : `${service.name}-${alias}-role`;
  }

  /** File with the credentials in pods of a deployment. */
  get fileName(): string {
    return this.alias === undefined ? "db" : `db-${this.alias}`;
  }

  /** Variables of that file, each with its key in the credentials. */
  get variables(): Readonly<Record<string, string>> {
    const prefix = this.alias === undefined ? "" : `${this.alias.toUpperCase().replaceAll("-", "_")}_`;
    return { [`${prefix}DB_USERNAME`]: "username", [`${prefix}DB_PASSWORD`]: "password" };
  }
}
