import { KvSecretBackendV2 } from "@cdktf/provider-vault/lib/kv-secret-backend-v2";
import type { Mount } from "@cdktf/provider-vault/lib/mount";
import type { Construct, IConstruct } from "constructs";
import { type Grant, grantRules } from "../auth/grant";
import { LibraryConstruct } from "../core/library-construct";
import type { IPolicyTarget } from "../auth/policy-target";
import { grantee as GRANTEE } from "../auth/fields";
import type { Capability, IGrantee } from "../auth/policy-rule";
import type { Duration } from "../core/duration";
import { checkArguments, checkProps, flag, object, text, whole } from "../core/field";
import { duration } from "../core/fields";
import { parseProperty } from "../core/format-error";
import {
  importResource,
  importExistingFields,
  type ImportExistingProps,
  unlessImported,
} from "../core/import-existing";
import { DEFAULT_KEY_VALUE_MOUNT, keyValuePattern, parseKeyValueMount } from "../core/key-value-path";
import { literal } from "../core/literal";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";
import { keyValueGrantOptions } from "./fields";
import { keyValuePaths } from "./engine-paths";
import { mountEngine } from "./secret-mount";

/** Options of the grant methods of a KV secrets engine. */
export interface KeyValueGrantOptions {
  /** Allows the path `*`, which covers every secret of the engine. @default false */
  readonly allowEverySecret?: boolean;
}

/** A KV version 2 secrets engine that this app creates or references. */
export interface IKeyValueEngine extends IConstruct {
  /** Path of the mount. */
  readonly path: string;
  /** Path as a token, so that Terraform writes secrets after it creates the mount. */
  readonly pathReference: string;
  /** True if writers must name the version that they replace (check-and-set). */
  readonly casRequired: boolean;
  /**
   * Allows the grantee to read secrets.
   * @param secrets path below the engine, without `data/`: `payment-service/*` or `payment-service/config`
   */
  grantRead(grantee: IGrantee, secrets: string, options?: KeyValueGrantOptions): Grant;
  /**
   * Allows the grantee to write secrets, without reading them.
   * @param secrets path below the engine, without `data/`: `payment-service/*` or `payment-service/config`
   */
  grantWrite(grantee: IGrantee, secrets: string, options?: KeyValueGrantOptions): Grant;
  /**
   * Allows the grantee to manage secrets. It can write them, list them and their keys, and delete and undelete
   * versions. It cannot read values or destroy versions permanently.
   * @param secrets path below the engine, without `data/`: `payment-service/*` or `payment-service/config`
   */
  grantManage(grantee: IGrantee, secrets: string, options?: KeyValueGrantOptions): Grant;
}

/** Attributes of a KV secrets engine that another stack mounts. */
export interface KeyValueEngineAttributes {
  /** Path of the mount. @default secret */
  readonly path?: string;
  /** True if writers must name the version that they replace. @default false */
  readonly casRequired?: boolean;
}

/** Path and settings of a `KeyValueEngine`. */
export interface KeyValueEngineProps extends ImportExistingProps {
  /** Path of the mount. @default secret */
  readonly path?: string;
  /** Number of versions to keep of each secret. @default 10 - Vault's own default */
  readonly maxVersions?: number;
  /**
   * Requires writers to name the version that they replace, so that they overwrite no unknown change.
   * @default false - a plain `vault kv put` works
   */
  readonly casRequired?: boolean;
  /** Time after which Vault deletes a version. @default - never */
  readonly deleteVersionAfter?: Duration;
  /** Description of the mount. @default - names the purpose of the engine */
  readonly description?: string;
}

const ATTRIBUTES = object<KeyValueEngineAttributes>(() => ({
  path: text.optional(),
  casRequired: flag.optional(),
}));

const PROPS = object<KeyValueEngineProps>(() => ({
  ...importExistingFields,
  path: text.optional(),
  maxVersions: whole(1).optional(),
  casRequired: flag.optional(),
  deleteVersionAfter: duration.optional(),
  description: text.optional(),
}));

/** Grant methods that all KV secrets engines share. */
export abstract class KeyValueGrants extends LibraryConstruct implements IKeyValueEngine {
  /** Path of the mount. */
  abstract readonly path: string;
  /** Path as a token, so that Terraform writes secrets after it creates the mount. */
  abstract readonly pathReference: string;
  /** True if writers must name the version that they replace (check-and-set). */
  abstract readonly casRequired: boolean;

  /**
   * Allows the grantee to read secrets.
   * @param secrets path below the engine, without `data/`
   */
  grantRead(grantee: IGrantee, secrets: string, options?: KeyValueGrantOptions): Grant {
    const path = this.secretPath("data", grantee, secrets, options);
    return grantRules(grantee, {
      path,
      capabilities: ["read"],
      reason: `reads the secrets ${secrets}`,
      grantedBy: this,
    });
  }

  /**
   * Allows the grantee to write secrets, without reading them.
   * @param secrets path below the engine, without `data/`
   */
  grantWrite(grantee: IGrantee, secrets: string, options?: KeyValueGrantOptions): Grant {
    const path = this.secretPath("data", grantee, secrets, options);
    return grantRules(grantee, {
      path,
      capabilities: ["create", "update", "patch"],
      reason: `writes the secrets ${secrets}`,
      grantedBy: this,
    });
  }

  /**
   * Allows the grantee to manage secrets without reading their values.
   * @param secrets path below the engine, without `data/`
   */
  grantManage(grantee: IGrantee, secrets: string, options?: KeyValueGrantOptions): Grant {
    const parts: readonly [part: string, capabilities: readonly Capability[], does: string][] = [
      ["data", ["create", "update", "patch", "delete"], "writes"],
      ["metadata", ["read", "list"], "sees"],
      ["subkeys", ["read"], "sees the keys of"],
      ["delete", ["update"], "deletes versions of"],
      ["undelete", ["update"], "takes back that it deleted versions of"],
    ];
    const rules = parts.map(([part, capabilities, does]) => ({
      path: this.secretPath(part, grantee, secrets, options),
      capabilities,
      reason: `${does} the secrets ${secrets}`,
      grantedBy: this,
    }));
    return grantRules(grantee, ...rules);
  }

  /**
   * Validates the arguments of a grant method.
   * @returns the path of an endpoint for the secrets
   */
  private secretPath(
    part: string,
    grantee: IGrantee,
    secrets: string,
    options: KeyValueGrantOptions = {},
  ): string {
    checkArguments(this, {
      grantee: [grantee, GRANTEE],
      secrets: [secrets, text],
      options: [options, keyValueGrantOptions],
    });
    const { allowEverySecret = false } = options;
    parseProperty(this, "secrets", secrets, keyValuePattern(this.path));
    if (/^[*+]/.test(secrets) && !allowEverySecret) {
      throw new ValidationError(
        this,
        `the path ${secrets} is every secret of ${this.path}: name a prefix, or admit it by allowEverySecret`,
      );
    }
    return `${this.path}/${part}/${secrets}`;
  }
}

class ImportedKeyValueEngine extends KeyValueGrants {
  readonly path: string;
  readonly casRequired: boolean;

  constructor(scope: Construct, id: string, attributes: KeyValueEngineAttributes) {
    super(scope, id);
    checkProps(this, ATTRIBUTES, attributes);
    parseProperty(this, "path", attributes.path, parseKeyValueMount);
    this.path = attributes.path ?? DEFAULT_KEY_VALUE_MOUNT;
    this.casRequired = attributes.casRequired ?? false;
  }

  get pathReference(): string {
    return this.path;
  }
}

/**
 * Static secrets with versions. Users and services write the values (`vault kv put`), or `KeyValueSecret` does. The
 * values are never in Terraform's state.
 * @see https://developer.hashicorp.com/vault/docs/secrets/kv/kv-v2
 * @throws ValidationError for fewer than one version, a path that is taken, and settings that cannot be imported with
 * the mount
 */
export class KeyValueEngine extends KeyValueGrants implements IPolicyTarget {
  /** References an engine that another stack mounts, for example the platform's engine in a team's stack. */
  static fromAttributes(
    scope: Construct,
    id: string,
    attributes: KeyValueEngineAttributes = {},
  ): IKeyValueEngine {
    return new ImportedKeyValueEngine(scope, id, attributes);
  }

  /** Path of the mount. */
  readonly path: string;
  /** Path as a token, so that Terraform writes secrets after it creates the mount. */
  readonly pathReference: string;
  /** True if writers must name the version that they replace (check-and-set). */
  readonly casRequired: boolean;

  constructor(scope: Construct, id: string, props: KeyValueEngineProps = {}) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const { path = DEFAULT_KEY_VALUE_MOUNT, deleteVersionAfter } = props;
    const maxVersions = props.maxVersions ?? unlessImported(props, 10);
    const casRequired = props.casRequired ?? unlessImported(props, false);
    const { mount } = mountEngine(this, {
      ...props,
      path,
      type: "kv",
      options: { version: "2" },
      purpose: "Static secrets with versions",
    });
    this.path = path;
    this.pathReference = mount.path;
    this.casRequired = casRequired ?? false;
    const settings = { maxVersions, casRequired, deleteVersionAfter: deleteVersionAfter?.toSeconds() };
    if (!props.importExisting) {
      new KvSecretBackendV2(this, "Config", { mount: mount.path, ...settings });
      return;
    }
    requireVersion2(mount, path);
    const stated = Object.values(settings).filter((value) => value !== undefined).length;
    if (canImportSettings(path)) {
      const config = new KvSecretBackendV2(this, "Config", { mount: mount.path, ...settings });
      importResource(config, `${path}/config`);
    } else if (stated === Object.keys(settings).length) {
      // The provider writes all three settings, and all three are set here.
      new KvSecretBackendV2(this, "Config", { mount: mount.path, ...settings });
    } else if (stated > 0) {
      throw new ValidationError(
        this,
        `maxVersions, casRequired and deleteVersionAfter must be set together or not at all on the imported mount ${path}, ` +
          "because the provider imports no settings of a mount whose path ends in c, f, g, i, n or o and writes all three",
      );
    }
  }

  /** Paths that Terraform reads to compare the configuration. */
  get configurationPaths(): readonly string[] {
    return keyValuePaths(this.path).configurationPaths;
  }

  /** Paths that return secrets, write them or destroy them. */
  get secretPaths(): readonly string[] {
    return keyValuePaths(this.path).secretPaths;
  }

  /** Paths that list secrets, and that can destroy them. */
  get inventoryPaths(): readonly string[] {
    return keyValuePaths(this.path).inventoryPaths;
  }
}

/**
 * Returns true if the provider can import the settings of a mount. It strips all characters of "/config" from the end
 * of the id, including those of the mount's path.
 */
function canImportSettings(path: string): boolean {
  return isLiteral(path) && !/[/config]$/.test(path);
}

/**
 * Adds a postcondition that the mount has version 2. Version 1 has its secrets at other paths, and this version of
 * the provider would convert the mount.
 */
function requireVersion2(mount: Mount, path: string): void {
  mount.addOverride("lifecycle.postcondition", [
    {
      condition: `\${try(self.options.version, "1") == "2"}`,
      error_message: literal(
        `The mount ${path} must be a KV engine of version 2: see "vault kv enable-versioning".`,
      ),
    },
  ]);
}
