import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import type { IPolicyTarget } from "../auth/policy-target";
import { SYSTEM_MAX_TTL_HOURS } from "../auth/ttl";
import { Duration } from "../core/duration";
import { type Fields, checkProps, object, text } from "../core/field";
import { duration } from "../core/fields";
import { importExistingFields, type ImportExistingProps } from "../core/import-existing";
import { databasePaths } from "./engine-paths";
import { mountEngine } from "./secret-mount";

/** A database secrets engine that this app creates or references. */
export interface IDatabaseEngine {
  /** Path of the mount. */
  readonly path: string;
  /** Path as a token, so that Terraform creates connections and roles after the mount. */
  readonly pathReference: string;
  /** Maximum TTL of any credential of the engine. */
  readonly maxTtl: Duration;
}

/** Attributes of a database secrets engine that another stack mounts. */
export interface DatabaseEngineAttributes {
  /** Path of the mount. @default database */
  readonly path?: string;
  /** Maximum TTL of any credential of the engine. @default - 768 hours, which is Vault's own maximum */
  readonly maxTtl?: Duration;
}

/** Path and TTLs of a `DatabaseEngine`. */
export interface DatabaseEngineProps extends DatabaseEngineAttributes, ImportExistingProps {
  /** TTL of a credential if its role sets none. @default - 1 hour, at most maxTtl */
  readonly defaultTtl?: Duration;
  /** Description of the mount. @default - names the purpose of the engine */
  readonly description?: string;
}

const ATTRIBUTES: Fields<DatabaseEngineAttributes> = { path: text.optional(), maxTtl: duration.optional() };

const PROPS = object<DatabaseEngineProps>(() => ({
  ...importExistingFields,
  ...ATTRIBUTES,
  defaultTtl: duration.optional(),
  description: text.optional(),
}));

class ImportedDatabaseEngine extends LibraryConstruct implements IDatabaseEngine {
  readonly path: string;
  readonly pathReference: string;
  readonly maxTtl: Duration;

  constructor(scope: Construct, id: string, attributes: DatabaseEngineAttributes) {
    super(scope, id);
    checkProps(
      this,
      object(() => ATTRIBUTES),
      attributes,
    );
    this.path = attributes.path ?? "database";
    this.pathReference = this.path;
    this.maxTtl = attributes.maxTtl ?? Duration.hours(SYSTEM_MAX_TTL_HOURS);
  }
}

/**
 * A secrets engine that creates database users on demand. One engine serves many databases.
 * @see https://developer.hashicorp.com/vault/docs/secrets/databases
 * @throws ValidationError for a path that is taken or not clean, and for defaultTtl above maxTtl
 */
export class DatabaseEngine extends LibraryConstruct implements IDatabaseEngine, IPolicyTarget {
  /** References an engine that another stack mounts, for example the platform's engine in a team's stack. */
  static fromAttributes(
    scope: Construct,
    id: string,
    attributes: DatabaseEngineAttributes = {},
  ): IDatabaseEngine {
    return new ImportedDatabaseEngine(scope, id, attributes);
  }

  /** Path of the mount. */
  readonly path: string;
  /** Path as a token, so that Terraform creates connections and roles after the mount. */
  readonly pathReference: string;
  /** Maximum TTL of any credential of the engine. */
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

  /** Paths that Terraform reads to compare the configuration. */
  get configurationPaths(): readonly string[] {
    return databasePaths(this.path).configurationPaths;
  }

  /** Paths that return credentials. */
  get secretPaths(): readonly string[] {
    return databasePaths(this.path).secretPaths;
  }
}
