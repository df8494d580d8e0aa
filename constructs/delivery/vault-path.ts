import type { IConstruct } from "constructs";
import { received } from "../core/received";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";

const SEGMENT = /^[\p{L}\p{N}_.@:=+,~-]+$/u;

/**
 * A path of Vault's API, which ends up in annotations, templates and custom resources.
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

/** A secret of a KV version 2 engine. */
export interface KeyValueReference {
  /** Path of the engine. @default secret */
  readonly mount?: string;
  /** Path below the engine, without `data/`. */
  readonly path: string;
}

/**
 * The path by which policies, agents and External Secrets name a KV secret.
 * @throws ValidationError for a wrong path
 */
export function keyValuePath(scope: IConstruct, { mount = "secret", path }: KeyValueReference): string {
  return `${requireVaultPath(scope, "mount", mount)}/data/${requireVaultPath(scope, "path", path)}`;
}
