import type { IConstruct } from "constructs";
import { parseProperty } from "../core/format-error";
import { DEFAULT_KEY_VALUE_MOUNT, keyValueSecret, parseKeyValueMount } from "../core/key-value-path";
import { NameRule } from "../core/name-rule";
import { received } from "../core/received";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";

const SEGMENT = /^[\p{L}\p{N}_.@:=+,~-]+$/u;

/**
 * Checks a path of Vault's API, which becomes part of annotations, templates and custom resources.
 * @throws ValidationError for an empty path, `//`, `.` or `..` segments, a slash at either end, wildcards, quotes
 */
export function requireVaultPath(scope: IConstruct, what: string, path: string): string {
  if (!isLiteral(path)) return path;
  const segments = path.split("/");
  if (!segments.every((segment) => SEGMENT.test(segment) && segment !== "." && segment !== "..")) {
    throw new ValidationError(
      scope,
      `${what} must be names separated by single slashes, such as payment-service/config, ` +
        `without wildcards, quotes, spaces, "." and "..", got ${received(path)}`,
    );
  }
  return path;
}

/**
 * Checks the name of a role of a secrets engine, without the mount and the prefix `creds/` or `issue/`.
 * @throws ValidationError for slashes and for characters that Vault does not allow in role names
 */
export function requireRoleName(scope: IConstruct, role: string): string {
  if (isLiteral(role) && !NameRule.VAULT.hasForm(role)) {
    throw new ValidationError(
      scope,
      `role must be one name of letters, digits, dots, dashes and underscores, such as payment-service-role, got ${received(role)}`,
    );
  }
  return role;
}

/** Secret of a KV version 2 secrets engine. */
export interface KeyValueReference {
  /** Path of the secrets engine. @default secret */
  readonly mount?: string;
  /** Path below the mount, without the mount and without `data/`, such as `payment-service/config`. */
  readonly path: string;
}

/**
 * Checks the path of a KV version 2 secrets engine.
 * @throws ValidationError for an invalid path, and for `secret/data`
 */
export function requireKeyValueMount(scope: IConstruct, mount = DEFAULT_KEY_VALUE_MOUNT): string {
  parseProperty(scope, "mount", requireVaultPath(scope, "mount", mount), parseKeyValueMount);
  return mount;
}

/**
 * Path of a KV secret as policies, agents and External Secrets use it.
 * @throws ValidationError for an invalid path
 */
export function keyValuePath(scope: IConstruct, reference: KeyValueReference): string {
  const mount = requireKeyValueMount(scope, reference.mount);
  const path = requireVaultPath(scope, "path", reference.path);
  parseProperty(scope, "path", path, keyValueSecret(mount));
  return `${mount}/data/${path}`;
}
