import { either, object, oneOf, reference, text } from "../core/field";
import { cpu, having, size } from "../core/fields";
import type { ContainerResources } from "./container-resources";
import type { Seal, SecretKeyReference } from "./seal";
import type { IssuerReference, Tls } from "./tls";
import type { Subject } from "./token-request-grant";
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

const serviceAccountSubject = object<ServiceAccount>(() => ({
  kind: oneOf("ServiceAccount"),
  name: text,
  namespace: text,
}));

const groupOrUser = object<Exclude<Subject, ServiceAccount>>(() => ({
  kind: oneOf("Group", "User"),
  name: text,
}));

export const subject = either<Subject, Subject>(
  "a Group or User with a name, or a ServiceAccount with a name and a namespace",
  groupOrUser,
  serviceAccountSubject,
);
