import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { requireNotLonger } from "../auth/ttl";
import { VAULT_CLIENT_LABEL } from "../network/labels";
import type { Duration } from "../core/duration";
import { type Fields, anyText, checkArguments, flag, list, object, record, text } from "../core/field";
import { duration } from "../core/fields";
import { parseProperty } from "../core/format-error";
import { Host } from "../core/host";
import { literal } from "../core/literal";
import { NameRule } from "../core/name-rule";
import { received } from "../core/received";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";
import { type AgentInjectionProps, type InjectionVolume, agentSettings } from "./agent-settings";
import { type EnvironmentVariables, envFile, pemBundle } from "./agent-templates";
import { type KeyValueReference, keyValuePath, requireRoleName, requireVaultPath } from "./vault-path";

const PREFIX = "vault.hashicorp.com/";
const SECRETS_FOLDER = "/vault/secrets";
/**
 * Longest name of a secret. An annotation's name has at most 63 characters; `agent-inject-template-` is the longest
 * prefix.
 */
const LONGEST_NAME = 63 - "agent-inject-template-".length;

/** Options of a file that the agent renders. */
export interface InjectedFileOptions {
  /** Permissions of the file, octal. @default 0400 - the application runs as the agent's user */
  readonly permissions?: string;
  /** Shell command that the agent runs after this file changed. @default - the injection's `onChange` */
  readonly command?: string;
}

/** Secret that the agent renders with a template. */
export interface InjectedSecret extends InjectedFileOptions {
  /** Path in Vault's API. */
  readonly path: string;
  /** Template in the language of consul-template. */
  readonly template: string;
  /** Whether the file is shell text that is read before the application starts. @default false */
  readonly sourced?: boolean;
}

/** KV version 2 secret that the agent renders as a file of environment variables. */
export interface InjectedKeyValue extends KeyValueReference, InjectedFileOptions {
  /** Variables of the file, with the keys of the secret that supply their values. */
  readonly variables: EnvironmentVariables;
}

/** Database credentials that the agent renders as a file of environment variables. */
export interface InjectedDatabaseCredentials extends InjectedFileOptions {
  /** Role of the database secrets engine. */
  readonly role: string;
  /** TTL of credentials that are not renewed. */
  readonly leaseTtl: Duration;
  /** Path of the secrets engine. @default database */
  readonly mount?: string;
  /**
   * Variables of the file, with the keys of the credentials that supply their values.
   * @default - DB_USERNAME and DB_PASSWORD, as in the article
   */
  readonly variables?: EnvironmentVariables;
}

/** Certificate that the agent renders as a PEM file. */
export interface InjectedCertificate extends InjectedFileOptions {
  /** Role of the PKI secrets engine. */
  readonly role: string;
  /** Common name of the certificate, a host name. */
  readonly commonName: string;
  /** Further host names of the certificate. @default - none */
  readonly alternativeNames?: readonly string[];
  /** TTL of the certificate. @default - the role's TTL */
  readonly ttl?: Duration;
  /** Path of the secrets engine. @default pki */
  readonly mount?: string;
}

const fileFields: Fields<InjectedFileOptions> = {
  permissions: anyText.known().optional(),
  command: text.optional(),
};

const SECRET = object<InjectedSecret>(() => ({
  ...fileFields,
  path: anyText,
  template: anyText,
  sourced: flag.optional(),
}));

/** The names and keys become part of the template, so they must be known at synthesis. */
const VARIABLES = record(anyText.known());

const KEY_VALUE = object<InjectedKeyValue>(() => ({
  ...fileFields,
  mount: anyText.optional(),
  path: anyText,
  variables: VARIABLES,
}));

const DATABASE_CREDENTIALS = object<InjectedDatabaseCredentials>(() => ({
  ...fileFields,
  role: anyText,
  leaseTtl: duration,
  mount: anyText.optional(),
  variables: VARIABLES.optional(),
}));

const CERTIFICATE = object<InjectedCertificate>(() => ({
  ...fileFields,
  role: anyText,
  commonName: anyText,
  alternativeNames: list(anyText).known().optional(),
  ttl: duration.optional(),
  mount: anyText.optional(),
}));

/**
 * Annotations with which Vault's injector adds an agent to a pod, and the volumes that this agent needs.
 *
 * The CA and the ServiceAccount token are mounted into the agents only, by the injector's JSON patches. The injector's
 * annotations would mount Secrets, or copy all mounts of an application container.
 * @see https://developer.hashicorp.com/vault/docs/deploy/kubernetes/injector/annotations
 * @throws ValidationError if the audience differs from the role's, or if a port, group or duration is out of range
 */
export class AgentInjection extends LibraryConstruct {
  private readonly settings: ReturnType<typeof agentSettings>;
  private readonly secrets = new Map<string, InjectedSecret>();

  constructor(
    scope: Construct,
    id: string,
    private readonly props: AgentInjectionProps,
  ) {
    super(scope, id);
    this.settings = agentSettings(this, props);
    this.node.addValidation({
      validate: () =>
        this.secrets.size > 0 ? [] : ["no secret was added; call addKeyValue() or another add method"],
    });
  }

  /**
   * Adds any secret, rendered by the template that you pass.
   * @returns the path of the file in the pod
   * @throws ValidationError if the name is already used or unsafe for the injector, the path is invalid, or the
   * template is empty
   */
  addSecret(name: string, secret: InjectedSecret): string {
    checkArguments(this, { name: [name, anyText.known()], secret: [secret, SECRET] });
    this.requireName(name);
    requireVaultPath(this, "path", secret.path);
    if (isLiteral(secret.template) && secret.template.trim() === "") {
      throw new ValidationError(this, `template of ${name} must render something, got an empty text`);
    }
    if (secret.permissions !== undefined && !/^0[0-7]{3}$/.test(secret.permissions)) {
      throw new ValidationError(
        this,
        `permissions of ${name} must be octal, such as 0400, got ${received(secret.permissions)}`,
      );
    }
    this.secrets.set(name, secret);
    return fileOf(name);
  }

  /**
   * Adds a KV version 2 secret as a file of environment variables, which a shell reads.
   * @returns the path of the file in the pod
   */
  addKeyValue(name: string, secret: InjectedKeyValue): string {
    checkArguments(this, { name: [name, anyText.known()], secret: [secret, KEY_VALUE] });
    const { mount, path, variables, ...options } = secret;
    const apiPath = keyValuePath(this, { mount, path });
    const template = envFile(this, { path: apiPath, variables, data: ".Data.data" });
    return this.addSecret(name, { ...options, path: apiPath, template, sourced: true });
  }

  /**
   * Adds database credentials for this pod only, as a file of environment variables.
   * @returns the path of the file in the pod
   * @throws ValidationError if secrets are rendered at longer intervals than a lease lasts
   */
  addDatabaseCredentials(name: string, props: InjectedDatabaseCredentials): string {
    checkArguments(this, { name: [name, anyText.known()], props: [props, DATABASE_CREDENTIALS] });
    const { role, leaseTtl, mount = "database", variables, ...options } = props;
    requireNotLonger(
      this,
      ["renderInterval", this.settings.renderInterval],
      [`leaseTtl of ${role}`, leaseTtl],
      "secrets without a lease would be older than the credentials beside them",
    );
    const path = `${requireVaultPath(this, "mount", mount)}/creds/${requireRoleName(this, role)}`;
    const template = envFile(this, {
      path,
      variables: variables ?? { DB_USERNAME: "username", DB_PASSWORD: "password" },
      data: ".Data",
    });
    return this.addSecret(name, { ...options, path, template, sourced: true });
  }

  /**
   * Adds a certificate with its chain and private key in one PEM file, renewed before it expires.
   * @returns the path of the file in the pod
   * @throws ValidationError if a name is not a host name
   */
  addPkiCertificate(name: string, props: InjectedCertificate): string {
    checkArguments(this, { name: [name, anyText.known()], props: [props, CERTIFICATE] });
    const { role, commonName, alternativeNames = [], ttl, mount = "pki", ...options } = props;
    for (const host of [commonName, ...alternativeNames]) {
      parseProperty(this, "each name of the certificate", host, Host.parseName);
    }
    requireCommonName(this, commonName);
    const path = `${requireVaultPath(this, "mount", mount)}/issue/${requireRoleName(this, role)}`;
    const parameters = {
      common_name: commonName,
      ...(alternativeNames.length > 0 && { alt_names: alternativeNames.join(",") }),
      ...(ttl && { ttl: ttl.toString() }),
    };
    return this.addSecret(name, { ...options, path, template: pemBundle({ path, parameters }) });
  }

  /** Paths of the files that a shell must read, in the order in which they were added. */
  get environmentFiles(): string[] {
    return [...this.secrets].filter(([, { sourced }]) => sourced).map(([name]) => fileOf(name));
  }

  /** Annotations of the pod. */
  get annotations(): Record<string, string> {
    const annotations: Record<string, string> = {};
    const annotate = (name: string, value: string) => (annotations[PREFIX + name] = value);
    for (const [name, value] of Object.entries(this.settings.annotations)) annotate(name, value);
    for (const [name, secret] of this.secrets) {
      const command = secret.command ?? this.props.onChange;
      annotate(`agent-inject-secret-${name}`, secret.path);
      annotate(`agent-inject-template-${name}`, literal(secret.template));
      annotate(`agent-inject-perms-${name}`, secret.permissions ?? "0400");
      // Otherwise a missing key is rendered as "<no value>", and the application would use that as the secret.
      annotate(`error-on-missing-key-${name}`, "true");
      if (command !== undefined) annotate(`agent-inject-command-${name}`, literal(command));
    }
    return annotations;
  }

  /** Labels of the pod. Network policies allow pods with these labels to reach Vault. */
  get labels(): Record<string, string> {
    return { [VAULT_CLIENT_LABEL]: "true" };
  }

  /** Volumes that the pod must have. The injector mounts them into the agents; the application need not mount them. */
  get volumes(): InjectionVolume[] {
    return [...this.settings.volumes];
  }

  private requireName(name: string): void {
    if (this.secrets.has(name)) {
      throw new ValidationError(this, `a secret's name must be given once, got ${received(name)} again`);
    }
    // The injector lower-cases names, and reads agent-inject-template-file-x as the file of a secret x.
    if (!/^(?!file-)[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/.test(name) || name.length > LONGEST_NAME) {
      throw new ValidationError(
        this,
        `a secret's name must be at most ${LONGEST_NAME} lower-case letters, digits, dots, dashes and underscores ` +
          `and not start with file-, got ${received(name)}`,
      );
    }
  }
}

function fileOf(name: string): string {
  return `${SECRETS_FOLDER}/${name}`;
}

/** Enforces the limit of X.509; clients reject a certificate with a longer name. */
function requireCommonName(scope: Construct, name: string): void {
  const { most } = NameRule.COMMON_NAME;
  if (!isLiteral(name) || NameRule.COMMON_NAME.excess(name) === 0) return;
  throw new ValidationError(
    scope,
    `commonName must be at most ${most} characters, got ${received(name)}, which has ${name.length}: name a shorter host first`,
  );
}
