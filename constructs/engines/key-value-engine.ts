import { KvSecretBackendV2 } from "@cdktf/provider-vault/lib/kv-secret-backend-v2";
import type { Mount } from "@cdktf/provider-vault/lib/mount";
import type { Construct, IConstruct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import type { IConfigured } from "../auth/configured";
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

export interface KeyValueGrantOptions {
  /** Admits the path `*`, which is every secret of the engine. @default false */
  readonly allowEverySecret?: boolean;
}

/** A KV version 2 engine, whoever made it. */
export interface IKeyValueEngine extends IConstruct {
  readonly path: string;
  /** The path as Terraform resolves it: secrets are written after the mount is there. */
  readonly pathReference: string;
  readonly casRequired: boolean;
  /**
   * Lets the grantee read secrets.
   * @param secrets path below the engine, without `data/`: `payment-service/*` or `payment-service/config`
   */
  grantRead(grantee: IGrantee, secrets: string, options?: KeyValueGrantOptions): void;
  /**
   * Lets the grantee write secrets, without reading them.
   * @param secrets path below the engine, without `data/`: `payment-service/*` or `payment-service/config`
   */
  grantWrite(grantee: IGrantee, secrets: string, options?: KeyValueGrantOptions): void;
  /**
   * Lets the grantee keep secrets: write them, see which there are and which keys they have, delete versions and take
   * that back. It reads no value, and destroys nothing for good.
   * @param secrets path below the engine, without `data/`: `payment-service/*` or `payment-service/config`
   */
  grantKeep(grantee: IGrantee, secrets: string, options?: KeyValueGrantOptions): void;
}

export interface KeyValueEngineAttributes {
  /** @default secret */
  readonly path?: string;
  /** @default false */
  readonly casRequired?: boolean;
}

export interface KeyValueEngineProps extends ImportExistingProps {
  /** @default secret */
  readonly path?: string;
  /** Versions of a secret that are kept. @default - 10, Vault's own */
  readonly maxVersions?: number;
  /**
   * Makes writers name the version that they replace, so that none overwrites another's.
   * @default false - a plain `vault kv put` works
   */
  readonly casRequired?: boolean;
  /** After that a version is deleted by itself. @default - never */
  readonly deleteVersionAfter?: Duration;
  /** @default - says what the engine is for */
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

/** What every reference to an engine grants. */
export abstract class KeyValueGrants extends LibraryConstruct implements IKeyValueEngine {
  abstract readonly path: string;
  abstract readonly pathReference: string;
  abstract readonly casRequired: boolean;

  grantRead(grantee: IGrantee, secrets: string, options?: KeyValueGrantOptions): void {
    const path = this.secretPath("data", grantee, secrets, options);
    grantee.grant({
      path,
      capabilities: ["read"],
      reason: `reads the secrets ${secrets}`,
      grantedBy: this,
    });
  }

  grantWrite(grantee: IGrantee, secrets: string, options?: KeyValueGrantOptions): void {
    const path = this.secretPath("data", grantee, secrets, options);
    grantee.grant({
      path,
      capabilities: ["create", "update", "patch"],
      reason: `writes the secrets ${secrets}`,
      grantedBy: this,
    });
  }

  grantKeep(grantee: IGrantee, secrets: string, options?: KeyValueGrantOptions): void {
    const parts: readonly [part: string, capabilities: readonly Capability[], does: string][] = [
      ["data", ["create", "update", "patch", "delete"], "writes"],
      ["metadata", ["read", "list"], "sees"],
      ["subkeys", ["read"], "sees the keys of"],
      ["delete", ["update"], "deletes versions of"],
      ["undelete", ["update"], "takes back that it deleted versions of"],
    ];
    for (const [part, capabilities, does] of parts) {
      const path = this.secretPath(part, grantee, secrets, options);
      grantee.grant({
        path,
        capabilities,
        reason: `${does} the secrets ${secrets}`,
        grantedBy: this,
      });
    }
  }

  /** @returns the path of an endpoint for the secrets; the arguments are those of each grant method */
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
 * Static secrets with versions. Their values come from people and services (`vault kv put`) or from `KeyValueSecret`,
 * and never through Terraform's state.
 * @see https://developer.hashicorp.com/vault/docs/secrets/kv/kv-v2
 * @throws ValidationError for fewer than one version, a path that is taken, and settings that cannot be imported with
 * the mount
 */
export class KeyValueEngine extends KeyValueGrants implements IConfigured {
  /** An engine that another stack mounts, such as the platform's for a team's shard. */
  static fromAttributes(
    scope: Construct,
    id: string,
    attributes: KeyValueEngineAttributes = {},
  ): IKeyValueEngine {
    return new ImportedKeyValueEngine(scope, id, attributes);
  }

  readonly path: string;
  readonly pathReference: string;
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
      // It writes all three, as they are set here.
      new KvSecretBackendV2(this, "Config", { mount: mount.path, ...settings });
    } else if (stated > 0) {
      throw new ValidationError(
        this,
        `maxVersions, casRequired and deleteVersionAfter must be set together or not at all on the imported mount ${path}, ` +
          "because the provider imports no settings of a mount whose path ends in c, f, g, i, n or o and writes all three",
      );
    }
  }

  get configurationPaths(): readonly string[] {
    return keyValuePaths(this.path).configurationPaths;
  }

  get secretPaths(): readonly string[] {
    return keyValuePaths(this.path).secretPaths;
  }

  get inventoryPaths(): readonly string[] {
    return keyValuePaths(this.path).inventoryPaths;
  }
}

/** The provider cuts off the id's end letter by letter: all that are in "/config", those of the mount's path included. */
function canImportSettings(path: string): boolean {
  return isLiteral(path) && !/[/config]$/.test(path);
}

/** A mount of version 1 has its secrets at other paths, and this version of the provider would convert them. */
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
