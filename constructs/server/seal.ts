import { anyText, checkProps, object, text } from "../core/field";
import type { HclBlock, HclEntry } from "../core/hcl";
import { received } from "../core/received";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";
import { secretKey } from "./fields";

/** A key of an existing Kubernetes Secret in Vault's namespace. */
export interface SecretKeyReference {
  /** Name of the Secret. */
  readonly secretName: string;
  /** Key within the Secret. */
  readonly key: string;
}

/** Server settings that a seal requires. */
export interface SealConfiguration {
  /** The `seal` stanza of the server configuration. @default - none: the servers are unsealed manually */
  readonly stanza?: HclBlock;
  /** Environment variables of the server container. */
  readonly environment: Readonly<Record<string, string>>;
  /** Credential that the server reads from the file `SEAL_TOKEN_FILE`. @default - none: the pod has a cloud identity */
  readonly token?: SecretKeyReference;
  /** Annotations of the servers' ServiceAccount that bind it to a cloud identity. */
  readonly serviceAccountAnnotations: Readonly<Record<string, string>>;
  /** Labels of the servers' pods. */
  readonly podLabels: Readonly<Record<string, string>>;
}

/** Properties of `Seal.awsKms`. */
export interface AwsKmsSealProps {
  /** ID, ARN or alias of the key, such as `alias/vault-unseal-key`. */
  readonly keyId: string;
  /** AWS region of the key. */
  readonly region: string;
  /**
   * ARN of the role that the servers' ServiceAccount assumes (IRSA).
   * @default - none: the pod gets credentials by another mechanism
   */
  readonly roleArn?: string;
  /** URL of KMS, for a VPC endpoint without private DNS. @default - the region's public endpoint */
  readonly endpoint?: string;
}

/** Properties of `Seal.gcpCkms`. */
export interface GcpCkmsSealProps {
  /** Google Cloud project of the key ring. */
  readonly project: string;
  /** Location of the key ring, such as `europe-west1` or `global`. */
  readonly location: string;
  /** Name of the key ring. */
  readonly keyRing: string;
  /** Name of the key in the key ring. */
  readonly cryptoKey: string;
  /** Email of the Google service account that the servers act as (Workload Identity). */
  readonly serviceAccount: string;
}

/** Properties of `Seal.azureKeyVault`. */
export interface AzureKeyVaultSealProps {
  /** ID of the Microsoft Entra tenant. */
  readonly tenantId: string;
  /** Client ID of the managed identity that the servers act as (Workload Identity). */
  readonly clientId: string;
  /** Name of the key vault. */
  readonly vaultName: string;
  /** Name of the key in the key vault. */
  readonly keyName: string;
}

/** Properties of `Seal.transit`. */
export interface TransitSealProps {
  /** URL of the other Vault. It must start with https://. */
  readonly address: string;
  /** Name of the transit key in the other Vault. */
  readonly keyName: string;
  /** Mount path of the transit secrets engine. @default transit */
  readonly mountPath?: string;
  /** Periodic token of the other Vault, which this Vault renews. Store it in the Secret without a line break. */
  readonly token: SecretKeyReference;
  /**
   * CA file in the server container that verifies the other Vault's certificate.
   * @default /etc/ssl/certs/ca-certificates.crt - the public CAs of Vault's image. In an image based on UBI the file is
   * /etc/pki/tls/certs/ca-bundle.crt
   */
  readonly caCertFile?: string;
}

const AWS_KMS = object<AwsKmsSealProps>(() => ({
  keyId: text,
  region: text,
  roleArn: text.optional(),
  endpoint: text.optional(),
}));

const GCP_CKMS = object<GcpCkmsSealProps>(() => ({
  project: text,
  location: text,
  keyRing: text,
  cryptoKey: text,
  serviceAccount: text,
}));

const AZURE_KEY_VAULT = object<AzureKeyVaultSealProps>(() => ({
  tenantId: text,
  clientId: text,
  vaultName: text,
  keyName: text,
}));

const TRANSIT = object<TransitSealProps>(() => ({
  address: anyText,
  keyName: text,
  mountPath: text.optional(),
  token: secretKey,
  caCertFile: text.optional(),
}));

/** Path of the token file of a transit seal, in the server container. */
export const SEAL_TOKEN_FILE = "/vault/seal/token";

/** Bundle of public CAs in the image hashicorp/vault, which is based on Alpine. */
const IMAGE_CAS = "/etc/ssl/certs/ca-certificates.crt";

/**
 * Seal of Vault: the mechanism that decrypts Vault's root key when a server starts.
 * @see https://developer.hashicorp.com/vault/docs/configuration/seal
 */
export class Seal {
  /** AWS KMS. The environment contains no credentials, so the servers can use only their ServiceAccount's role. */
  static awsKms(props: AwsKmsSealProps): Seal {
    checkProps("Seal.awsKms", AWS_KMS, props);
    const { keyId, region, roleArn, endpoint } = props;
    return new Seal(
      "awskms",
      [
        ["region", region],
        ["kms_key_id", keyId],
        ["endpoint", endpoint],
      ],
      {
        environment: { AWS_REGION: region, AWS_STS_REGIONAL_ENDPOINTS: "regional" },
        serviceAccountAnnotations: roleArn ? { "eks.amazonaws.com/role-arn": roleArn } : {},
      },
    );
  }

  /** Google Cloud KMS with Workload Identity. */
  static gcpCkms(props: GcpCkmsSealProps): Seal {
    checkProps("Seal.gcpCkms", GCP_CKMS, props);
    const { project, location, keyRing, cryptoKey, serviceAccount } = props;
    return new Seal(
      "gcpckms",
      [
        ["project", project],
        ["region", location],
        ["key_ring", keyRing],
        ["crypto_key", cryptoKey],
      ],
      { serviceAccountAnnotations: { "iam.gke.io/gcp-service-account": serviceAccount } },
    );
  }

  /** Azure Key Vault with Workload Identity. */
  static azureKeyVault(props: AzureKeyVaultSealProps): Seal {
    checkProps("Seal.azureKeyVault", AZURE_KEY_VAULT, props);
    const { tenantId, clientId, vaultName, keyName } = props;
    return new Seal(
      "azurekeyvault",
      [
        ["tenant_id", tenantId],
        ["vault_name", vaultName],
        ["key_name", keyName],
      ],
      {
        serviceAccountAnnotations: { "azure.workload.identity/client-id": clientId },
        podLabels: { "azure.workload.identity/use": "true" },
      },
    );
  }

  /**
   * Transit secrets engine of another Vault. The stanza references the token and the CA as files. The variables
   * VAULT_TOKEN and VAULT_CACERT of the server's container apply to every Vault client in it, including the seal.
   * @throws ValidationError if the address does not start with https://
   */
  static transit(props: TransitSealProps): Seal {
    checkProps("Seal.transit", TRANSIT, props);
    const { address, keyName, mountPath = "transit", token, caCertFile = IMAGE_CAS } = props;
    if (isLiteral(address) && !address.startsWith("https://")) {
      throw new ValidationError(
        "Seal.transit",
        `address of a transit seal must start with https://, got ${received(address)}`,
      );
    }
    return new Seal(
      "transit",
      [
        ["address", address],
        ["key_name", keyName],
        ["mount_path", `${mountPath}/`],
        ["token", `file://${SEAL_TOKEN_FILE}`],
        ["tls_ca_cert", caCertFile],
      ],
      { token },
    );
  }

  /** No auto-unseal: an operator enters the key shares each time a server starts. Not for production. */
  static shamir(): Seal {
    return new Seal(undefined, [], {});
  }

  /** Server settings that this seal requires. */
  readonly configuration: SealConfiguration;

  private constructor(
    /** Vault's name of the seal type. @default - none: Shamir's key shares */
    readonly type: "awskms" | "gcpckms" | "azurekeyvault" | "transit" | undefined,
    body: readonly HclEntry[],
    rest: Partial<SealConfiguration>,
  ) {
    this.configuration = {
      environment: {},
      serviceAccountAnnotations: {},
      podLabels: {},
      ...rest,
      stanza: type && { type: "seal", label: type, body },
    };
  }
}
