import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import type { IPolicyTarget } from "../auth/policy-target";
import { type Fields, checkProps, object, text } from "../core/field";
import { importExistingFields, type ImportExistingProps } from "../core/import-existing";
import { transitPaths } from "./engine-paths";
import { mountEngine } from "./secret-mount";

/** A transit secrets engine that this app creates or references. */
export interface ITransitEngine {
  /** Path of the mount. */
  readonly path: string;
  /** Path as a token, so that Terraform creates keys after the mount. */
  readonly pathReference: string;
}

/** Attributes of a transit secrets engine that another stack mounts. */
export interface TransitEngineAttributes {
  /** Path of the mount. @default transit */
  readonly path?: string;
}

/** Path and description of a `TransitEngine`. */
export interface TransitEngineProps extends TransitEngineAttributes, ImportExistingProps {
  /** Description of the mount. @default - names the purpose of the engine */
  readonly description?: string;
}

const ATTRIBUTES: Fields<TransitEngineAttributes> = { path: text.optional() };

const PROPS = object<TransitEngineProps>(() => ({
  ...importExistingFields,
  ...ATTRIBUTES,
  description: text.optional(),
}));

class ImportedTransitEngine extends LibraryConstruct implements ITransitEngine {
  readonly path: string;
  readonly pathReference: string;

  constructor(scope: Construct, id: string, attributes: TransitEngineAttributes) {
    super(scope, id);
    checkProps(
      this,
      object(() => ATTRIBUTES),
      attributes,
    );
    this.path = attributes.path ?? "transit";
    this.pathReference = this.path;
  }
}

/**
 * Encryption as a service. Applications send plaintext, receive it encrypted, and never see a key.
 * @see https://developer.hashicorp.com/vault/docs/secrets/transit
 * @throws ValidationError for a path that is taken or not clean
 */
export class TransitEngine extends LibraryConstruct implements ITransitEngine, IPolicyTarget {
  /** References an engine that another stack mounts, for example the platform's engine in a team's stack. */
  static fromAttributes(
    scope: Construct,
    id: string,
    attributes: TransitEngineAttributes = {},
  ): ITransitEngine {
    return new ImportedTransitEngine(scope, id, attributes);
  }

  /** Path of the mount. */
  readonly path: string;
  /** Path as a token, so that Terraform creates keys after the mount. */
  readonly pathReference: string;

  constructor(scope: Construct, id: string, props: TransitEngineProps = {}) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const { path = "transit" } = props;
    this.path = path;
    this.pathReference = mountEngine(this, {
      ...props,
      path,
      type: "transit",
      purpose: "Encryption as a service",
    }).mount.path;
  }

  /** Paths that Terraform reads to compare the configuration. */
  get configurationPaths(): readonly string[] {
    return transitPaths(this.path).configurationPaths;
  }

  /** Paths that use keys or return them. */
  get secretPaths(): readonly string[] {
    return transitPaths(this.path).secretPaths;
  }
}
