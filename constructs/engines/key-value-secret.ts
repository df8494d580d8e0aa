import { KvSecretV2 } from "@cdktf/provider-vault/lib/kv-secret-v2";
import { Fn, Token } from "cdktf";
import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { type Field, anything, checkProps, object, record, text, whole } from "../core/field";
import { parseProperty } from "../core/format-error";
import { keyValueSecret } from "../core/key-value-path";
import { ValidationError } from "../core/validation-error";
import { requireSameNamespace } from "../core/vault-scope";
import { keyValueEngine } from "./fields";
import type { IKeyValueEngine } from "./key-value-engine";
import { shownName } from "../core/received";

/** Engine, path and values of a `KeyValueSecret`. */
export interface KeyValueSecretProps {
  /** KV secrets engine that stores the secret. */
  readonly engine: IKeyValueEngine;
  /** Path below the engine, without the mount and without `data/`, such as `payment-service/config`. */
  readonly secretPath: string;
  /**
   * Values by their keys. Each is a token for an ephemeral value, such as the value of an `EphemeralVariable`. A
   * variable without a value leaves the secret unchanged, unless the version changes.
   */
  readonly values: Readonly<Record<string, string>>;
  /** Version of the values. Raise it to write them again. @default 1 */
  readonly version?: number;
}

const PROPS = object<KeyValueSecretProps>(() => ({
  engine: keyValueEngine,
  secretPath: text,
  // Checked below, without repeating a possible secret.
  values: record(anything) as Field<Readonly<Record<string, string>>>,
  version: whole(1).known().optional(),
}));

/**
 * A static secret that Terraform writes and never reads. The values are in neither state nor plan. Terraform does not
 * detect changes by others. Terraform's identity needs `grantWrite` on the path.
 * @see https://developer.hashicorp.com/terraform/language/manage-sensitive-data/write-only
 * @throws ValidationError for a path that is not clean, a literal value (the message does not repeat it), no values
 */
export class KeyValueSecret extends LibraryConstruct {
  constructor(scope: Construct, id: string, props: KeyValueSecretProps) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const { engine, secretPath, values, version = 1 } = props;
    parseProperty(this, "secretPath", secretPath, keyValueSecret(engine.path));
    requireSameNamespace(this, "engine", engine);
    const entries = Object.entries(values);
    if (entries.length === 0) throw new ValidationError(this, "values must hold one at least, got none");
    const [key] = entries.find(([, value]) => !Token.isUnresolved(value)) ?? [];
    if (key !== undefined) {
      throw new ValidationError(
        this,
        `the value of ${shownName(key)} must be a reference to an ephemeral variable, got a literal text, which would be in the program`,
      );
    }
    new KvSecretV2(this, "Resource", {
      mount: engine.pathReference,
      name: secretPath,
      dataJsonWo: Token.asString(Fn.jsonencode(values)),
      dataJsonWoVersion: version,
      // Terraform would read the values to compare them.
      disableRead: true,
      // Each version is written once, after the previous version.
      options: engine.casRequired ? { cas: String(version - 1) } : undefined,
    });
  }
}
