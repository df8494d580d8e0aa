import { type Fields, Field, anyText, list, number, object, oneOf, reference, text } from "../core/field";
import { cpu, having, proxy, size } from "../core/fields";
import type { ClusterDns } from "../network/cluster-dns";
import type { ContainerResources } from "../core/container-resources";
import type { Destination } from "../network/network-peers";
import type { DatabaseEndpoint } from "../network/network-policies";
import type { PodOptions } from "../core/pod-options";
import type { Seal, SecretKeyReference } from "./seal";
import type { IssuerReference, Tls } from "./tls";
import type { Subject } from "../jobs/token-request-grant";
import type { IVault } from "./vault";

const A_VAULT = "a Vault, such as a VaultHaCluster or VaultHaCluster.fromAttributes(...)";

/** Validates the name of a ConfigMap and its key. */
export const caBundle = reference<IVault["caBundle"]>(
  "a ConfigMap and its key, such as { configMapName, key }",
  () => ({ configMapName: text, key: text }),
);

/** Validates an `IVault`. */
export const vault = reference<IVault>(A_VAULT, () => ({
  namespace: text,
  address: text,
  activeAddress: text,
  caBundle,
  clientCertificateSecret: text.optional(),
  enterpriseNamespace: text.optional(),
}));

/** Validates the address of an `IVault`. */
export const vaultAddress = reference<Pick<IVault, "address">>(A_VAULT, () => ({ address: text }));

/** Validates the namespace of an `IVault`. */
export const vaultNamespace = reference<Pick<IVault, "namespace">>(A_VAULT, () => ({ namespace: text }));

/** Validates a `Seal`. */
export const seal = having<Seal>("a Seal, such as Seal.awsKms(...)", "configuration");

/** Validates a `Tls`. */
export const tls = having<Tls>("a Tls, such as Tls.certManager(...)", "secretName", "validate");

const amounts = object<ContainerResources["limits"]>(() => ({ cpu, memory: size }));

/** Validates requests and limits of a container. */
export const containerResources = object<ContainerResources>(() => ({ requests: amounts, limits: amounts }));

/** Validates a key of a Kubernetes Secret. */
export const secretKey = object<SecretKeyReference>(() => ({ secretName: text, key: text }));

/** Validates a reference to a cert-manager issuer. */
export const issuer = object<IssuerReference>(() => ({
  kind: oneOf("Issuer", "ClusterIssuer"),
  name: text,
  type: oneOf("ca", "aws-pca", "venafi", "google-cas", "acme", "vault", "self-signed"),
}));

type ServiceAccount = Extract<Subject, { kind: "ServiceAccount" }>;

const kind = oneOf("Group", "User", "ServiceAccount");

const serviceAccountSubject = object<ServiceAccount>(() => ({
  kind: kind as Field<"ServiceAccount">,
  name: text,
  namespace: text,
}));

const groupOrUser = object<Exclude<Subject, ServiceAccount>>(() => ({
  kind: kind as Field<"Group" | "User">,
  name: text,
}));

/** Validates an RBAC subject. Only a ServiceAccount has a namespace. */
export const subject = new Field<Subject>((value, name) => {
  const { kind: given } = Object(value) as Partial<Subject>;
  return (given === "Group" || given === "User" ? groupOrUser : serviceAccountSubject).problem(value, name);
});

/** Fields of `PodOptions`. */
export const podOptionFields: Fields<PodOptions> = {
  imagePullSecrets: list(text).known().optional(),
  proxy: proxy.optional(),
};

/** Validates the images of a job that calls Vault and AWS. An app may pass all of its images. */
export const jobImages = reference<{ readonly vault: string; readonly awsCli: string }>(
  "the images of the job, such as { vault, awsCli }",
  () => ({ vault: text, awsCli: text }),
);

/** Validates a `ClusterDns`. */
export const dns = having<ClusterDns>("a ClusterDns, such as ClusterDns.pods()", "egress");

/** Validates a list of network ranges. A parser checks each range later. */
export const ranges = list(anyText).known();

const destinationFields: Fields<Omit<Destination, "host">> = {
  port: number,
  targetPort: number.optional(),
  ranges: ranges.optional(),
};

/** Validates an `ExternalEndpoint`. Its host is optional. */
export const externalEndpoint = object<Omit<Destination, "host"> & { name: string; host?: string }>(() => ({
  ...destinationFields,
  name: text.known(),
  host: text.optional(),
}));

/** Validates a `DatabaseEndpoint`. */
export const databaseEndpoint = object<DatabaseEndpoint>(() => ({
  ...destinationFields,
  name: text.known(),
  host: text,
}));
