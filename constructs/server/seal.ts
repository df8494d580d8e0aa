import { anyText, checkProps, object, text } from "../core/field";
import type { HclBlock, HclEntry } from "../core/hcl";
import { received } from "../core/received";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";
import { secretKey } from "./fields";

/** A key of an existing Kubernetes Secret in Vault's namespace. */
export interface SecretKeyReference {
  readonly secretName: string;
  readonly key: string;
}

/** What a seal asks of the servers. */
export interface SealConfiguration {
  /** The `seal` stanza of the server configuration. @default - none: the servers are unsealed by hand */
  readonly stanza?: HclBlock;
  /** Variables of the server container. */
  readonly environment: Readonly<Record<string, string>>;
  /** Credential that the server reads from the file `SEAL_TOKEN_FILE`. @default - none: the pod has an identity */
  readonly token?: SecretKeyReference;
  /** Annotations of the servers' ServiceAccount, by which the cloud knows it. */
  readonly serviceAccountAnnotations: Readonly<Record<string, string>>;
  /** Labels of the servers' pods. */
  readonly podLabels: Readonly<Record<string, string>>;
}

export interface AwsKmsSealProps {
  /** Id, ARN or alias of the key, such as `alias/vault-unseal-key`. */
  readonly keyId: string;
  /** AWS region of the key. */
  readonly region: string;
  /** ARN of the role that the servers' ServiceAccount assumes (IRSA). @default - credentials come otherwise */
  readonly roleArn?: string;
  /** URL of KMS, for a VPC endpoint without private DNS. @default - the region's own */
  readonly endpoint?: string;
}

export interface GcpCkmsSealProps {
  readonly project: string;
  /** Location of the key ring, such as `europe-west1` or `global`. */
  readonly location: string;
  readonly keyRing: string;
  readonly cryptoKey: string;
  /** E-mail of the Google service account that the servers act as (Workload Identity). */
  readonly serviceAccount: string;
}

export interface AzureKeyVaultSealProps {
  readonly tenantId: string;
  /** Client id of the managed identity that the servers act as (Workload Identity). */
  readonly clientId: string;
  /** Name of the key vault. */
  readonly vaultName: string;
  readonly keyName: string;
}

export interface TransitSealProps {
  /** URL of the other Vault, https://. */
  readonly address: string;
  readonly keyName: string;
  /** @default transit */
  readonly mountPath?: string;
  /** The other Vault's token: periodic, and renewed by this Vault. The Secret holds it without a line break. */
  readonly token: SecretKeyReference;
  /**
   * File in the server container with the certificates that sign the other Vault's.
   * @default - /etc/ssl/certs/ca-certificates.crt, the public CAs of Vault's image; an image based on UBI has them at
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

/** File in the server container with the token of a transit seal. */
export const SEAL_TOKEN_FILE = "/vault/seal/token";

/** Bundle of public CAs in hashicorp/vault, which is based on Alpine. */
const IMAGE_CAS = "/etc/ssl/certs/ca-certificates.crt";

/**
 * How Vault gets back the key that its data is encrypted with.
 * @see https://developer.hashicorp.com/vault/docs/configuration/seal
 */
export class Seal {
  /** AWS KMS. The environment names no credentials, so that only the ServiceAccount's role can be used. */
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

  /** Google Cloud KMS, by Workload Identity. */
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

  /** Azure Key Vault, by Workload Identity. */
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
   * The transit engine of another Vault. Token and CA are files that the stanza names: VAULT_TOKEN and VAULT_CACERT of
   * the server's container reach each client of Vault there, and the seal as well.
   * @throws ValidationError when the address is not https://
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

  /** No auto-unseal: at every start of a server somebody enters the key shares. Not for production. */
  static shamir(): Seal {
    return new Seal(undefined, [], {});
  }

  readonly configuration: SealConfiguration;

  private constructor(
    /** Vault's name of the seal. @default - none: Shamir's key shares */
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
