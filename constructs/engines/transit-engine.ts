import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import type { IConfigured } from "../auth/configured";
import { type Fields, checkProps, object, text } from "../core/field";
import { importExistingFields, type ImportExistingProps } from "../core/import-existing";
import { transitPaths } from "./engine-paths";
import { mountEngine } from "./secret-mount";

/** A transit engine, whoever made it. */
export interface ITransitEngine {
  readonly path: string;
  /** The path as Terraform resolves it: keys are made after the mount. */
  readonly pathReference: string;
}

export interface TransitEngineAttributes {
  /** @default transit */
  readonly path?: string;
}

export interface TransitEngineProps extends TransitEngineAttributes, ImportExistingProps {
  /** @default - says what the engine is for */
  readonly description?: string;
}

const ATTRIBUTES: Fields<TransitEngineAttributes> = { path: text.optional() };

const PROPS = object<TransitEngineProps>(() => ({
  ...importExistingFields,
  ...ATTRIBUTES,
  description: text.optional(),
}));

/**
 * Encryption as a service: programs send texts and get them back encrypted, and never see a key.
 * @see https://developer.hashicorp.com/vault/docs/secrets/transit
 * @throws ValidationError for a path that is taken or not clean
 */
export class TransitEngine extends LibraryConstruct implements ITransitEngine, IConfigured {
  /** An engine that another stack mounts, such as the platform's for a team's shard. */
  static fromAttributes(attributes: TransitEngineAttributes = {}): ITransitEngine {
    checkProps(
      "TransitEngine",
      object(() => ATTRIBUTES),
      attributes,
    );
    const { path = "transit" } = attributes;
    return { path, pathReference: path };
  }

  readonly path: string;
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

  get configurationPaths(): readonly string[] {
    return transitPaths(this.path).configurationPaths;
  }

  get secretPaths(): readonly string[] {
    return transitPaths(this.path).secretPaths;
  }
}
