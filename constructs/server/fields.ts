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

const A_VAULT = "a Vault, such as a VaultHaCluster or vaultFromAttributes()";

export const caBundle = reference<IVault["caBundle"]>(
  "a ConfigMap and its key, such as { configMapName, key }",
  () => ({ configMapName: text, key: text }),
);

export const vault = reference<IVault>(A_VAULT, () => ({
  namespace: text,
  address: text,
  activeAddress: text,
  caBundle,
  clientCertificateSecret: text.optional(),
  enterpriseNamespace: text.optional(),
}));

/** Of a Vault, where it answers. */
export const vaultAddress = reference<Pick<IVault, "address">>(A_VAULT, () => ({ address: text }));

/** Of a Vault, where its pods are. */
export const vaultNamespace = reference<Pick<IVault, "namespace">>(A_VAULT, () => ({ namespace: text }));

export const seal = having<Seal>("a Seal, such as Seal.awsKms(...)", "configuration");

export const tls = having<Tls>("a Tls, such as Tls.certManager(...)", "secretName", "validate");

const amounts = object<ContainerResources["limits"]>(() => ({ cpu, memory: size }));

export const containerResources = object<ContainerResources>(() => ({ requests: amounts, limits: amounts }));

export const secretKey = object<SecretKeyReference>(() => ({ secretName: text, key: text }));

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

/** A ServiceAccount has a namespace, and nobody else. */
export const subject = new Field<Subject>((value, name) => {
  const { kind: given } = Object(value) as Partial<Subject>;
  return (given === "Group" || given === "User" ? groupOrUser : serviceAccountSubject).problem(value, name);
});

/** What pods need because of their cluster. */
export const podOptionFields: Fields<PodOptions> = {
  imagePullSecrets: list(text).known().optional(),
  proxy: proxy.optional(),
};

/** Images of a job that calls Vault and AWS; an app may pass all of its images. */
export const jobImages = reference<{ readonly vault: string; readonly awsCli: string }>(
  "the images of the job, such as { vault, awsCli }",
  () => ({ vault: text, awsCli: text }),
);

export const dns = having<ClusterDns>("a ClusterDns, such as ClusterDns.pods()", "egress");

/** Network ranges, which a parser reads one by one. */
export const ranges = list(anyText).known();

const destinationFields: Fields<Omit<Destination, "host">> = {
  port: number,
  targetPort: number.optional(),
  ranges: ranges.optional(),
};

/** Where external endpoints are; their host may be anywhere. */
export const externalEndpoint = object<Omit<Destination, "host"> & { name: string; host?: string }>(() => ({
  ...destinationFields,
  name: text.known(),
  host: text.optional(),
}));

export const databaseEndpoint = object<DatabaseEndpoint>(() => ({
  ...destinationFields,
  name: text.known(),
  host: text,
}));
