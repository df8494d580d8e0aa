import { TransitSecretBackendKey } from "@cdktf/provider-vault/lib/transit-secret-backend-key";
import type { Construct } from "constructs";
import { type Grant, grantRules } from "../auth/grant";
import { LibraryConstruct } from "../core/library-construct";
import { grantee as GRANTEE } from "../auth/fields";
import { requireVaultName } from "../auth/policy";
import type { IGrantee } from "../auth/policy-rule";
import { Duration } from "../core/duration";
import { checkArguments, checkProps, object, text } from "../core/field";
import { duration } from "../core/fields";
import {
  importResource,
  importExistingFields,
  type ImportExistingProps,
  unlessImported,
} from "../core/import-existing";
import { received } from "../core/received";
import { ValidationError } from "../core/validation-error";
import { claimName } from "../core/vault-names";
import { requireSameNamespace } from "../core/vault-scope";
import { transitEngine } from "./fields";
import type { ITransitEngine } from "./transit-engine";

/** Name and rotation of a `TransitKey`. */
export interface TransitKeyProps extends ImportExistingProps {
  /** Transit secrets engine of the key. */
  readonly engine: ITransitEngine;
  /** Name of the key in Vault. */
  readonly keyName: string;
  /** Time between key rotations. Older versions of the key still decrypt. @default - 90 days */
  readonly rotationPeriod?: Duration;
}

const PROPS = object<TransitKeyProps>(() => ({
  ...importExistingFields,
  engine: transitEngine,
  keyName: text,
  rotationPeriod: duration.optional(),
}));

/**
 * An encryption key for AES-256-GCM. It cannot be exported, and a plan cannot delete it.
 * @throws ValidationError for a period below 1 hour and a key that is taken
 */
export class TransitKey extends LibraryConstruct {
  /** Name of the key in Vault. */
  readonly keyName: string;
  /** Transit secrets engine of the key. */
  readonly engine: ITransitEngine;

  constructor(scope: Construct, id: string, props: TransitKeyProps) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const { engine, keyName } = props;
    const rotationPeriod = props.rotationPeriod ?? unlessImported(props, Duration.days(90));
    this.keyName = keyName;
    this.engine = engine;
    requireVaultName(this, "keyName", keyName);
    if (rotationPeriod && Duration.hours(1).isLongerThan(rotationPeriod)) {
      throw new ValidationError(this, `rotationPeriod must be 1h at least, got ${received(rotationPeriod)}`);
    }
    requireSameNamespace(this, "engine", engine);
    claimName(this, "transit key", `${engine.path}/${keyName}`);
    const key = new TransitSecretBackendKey(this, "Resource", {
      backend: engine.pathReference,
      name: keyName,
      autoRotatePeriod: rotationPeriod?.toSeconds(),
      ...unlessImported(props, {
        type: "aes256-gcm96",
        deletionAllowed: false,
        exportable: false,
        allowPlaintextBackup: false,
      }),
      // Data that the key encrypted is lost without the key.
      lifecycle: { preventDestroy: true },
    });
    if (props.importExisting) importResource(key, `${engine.path}/keys/${keyName}`);
  }

  /** Allows the grantee to encrypt with the key. */
  grantEncrypt(grantee: IGrantee): Grant {
    return this.grant(grantee, "encrypt");
  }

  /** Allows the grantee to decrypt with the key. */
  grantDecrypt(grantee: IGrantee): Grant {
    return this.grant(grantee, "decrypt");
  }

  private grant(grantee: IGrantee, operation: "encrypt" | "decrypt"): Grant {
    checkArguments(this, { grantee: [grantee, GRANTEE] });
    return grantRules(grantee, {
      path: `${this.engine.path}/${operation}/${this.keyName}`,
      // With create, Vault would create a missing key.
      capabilities: ["update"],
      reason: `${operation}s with the key ${this.keyName}`,
      grantedBy: this,
    });
  }
}
