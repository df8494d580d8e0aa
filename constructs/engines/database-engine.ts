import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import type { IConfigured } from "../auth/configured";
import { SYSTEM_MAX_TTL_HOURS } from "../auth/ttl";
import { Duration } from "../core/duration";
import { type Fields, checkProps, object, text } from "../core/field";
import { duration } from "../core/fields";
import { importExistingFields, type ImportExistingProps } from "../core/import-existing";
import { databasePaths } from "./engine-paths";
import { mountEngine } from "./secret-mount";

/** A database secrets engine, whoever made it. */
export interface IDatabaseEngine {
  readonly path: string;
  /** The path as Terraform resolves it: connections and roles are made after the mount. */
  readonly pathReference: string;
  /** Longest life of any credential of the engine. */
  readonly maxTtl: Duration;
}

export interface DatabaseEngineAttributes {
  /** @default database */
  readonly path?: string;
  /** Longest life of any credential of the engine. @default - 768 hours, which is Vault's own maximum */
  readonly maxTtl?: Duration;
}

export interface DatabaseEngineProps extends DatabaseEngineAttributes, ImportExistingProps {
  /** Life of a credential whose role says nothing. @default - 1 hour, at most maxTtl */
  readonly defaultTtl?: Duration;
  /** @default - says what the engine is for */
  readonly description?: string;
}

const ATTRIBUTES: Fields<DatabaseEngineAttributes> = { path: text.optional(), maxTtl: duration.optional() };

const PROPS = object<DatabaseEngineProps>(() => ({
  ...importExistingFields,
  ...ATTRIBUTES,
  defaultTtl: duration.optional(),
  description: text.optional(),
}));

/**
 * The secrets engine that makes database users on demand; one of them serves many databases.
 * @see https://developer.hashicorp.com/vault/docs/secrets/databases
 * @throws ValidationError for a path that is taken or not clean and for defaultTtl above maxTtl
 */
export class DatabaseEngine extends LibraryConstruct implements IDatabaseEngine, IConfigured {
  /** An engine that another stack mounts, such as the platform's for a team's shard. */
  static fromAttributes(attributes: DatabaseEngineAttributes = {}): IDatabaseEngine {
    checkProps(
      "DatabaseEngine",
      object(() => ATTRIBUTES),
      attributes,
    );
    const { path = "database", maxTtl = Duration.hours(SYSTEM_MAX_TTL_HOURS) } = attributes;
    return { path, pathReference: path, maxTtl };
  }

  readonly path: string;
  readonly pathReference: string;
  readonly maxTtl: Duration;

  constructor(scope: Construct, id: string, props: DatabaseEngineProps = {}) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const { path = "database" } = props;
    const { mount, maxTtl } = mountEngine(this, {
      ...props,
      path,
      type: "database",
      purpose: "Credentials for databases, made on demand",
    });
    this.path = path;
    this.pathReference = mount.path;
    this.maxTtl = maxTtl;
  }

  get configurationPaths(): readonly string[] {
    return databasePaths(this.path).configurationPaths;
  }

  get secretPaths(): readonly string[] {
    return databasePaths(this.path).secretPaths;
  }
}
