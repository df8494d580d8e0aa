import { arnOf } from "../../constructs/aws/arn";
import { partitionOf } from "../../constructs/aws/region";
import { platformNames } from "../../platform/names";
import type { Environment } from "../../platform/schema";
import type { Facts } from "./facts";
import { type Check, type Finding, type Json, problem, unknown, well } from "./finding";
import * as networks from "./networks";

/**
 * Oldest minor version of Kubernetes that is accepted: two before the oldest one with upstream support at the time of
 * writing.
 */
const OLDEST_MINOR = 31;
const EBS = "ebs.csi.aws.com";
/** Tolerated clock skew in seconds. Nodes renew their leases every ten seconds. */
const CLOCK_SKEW = 60;

const version: Check = ({ version: { serverVersion } }) => {
  const minor = Number.parseInt(serverVersion.minor, 10);
  return serverVersion.major === "1" && minor >= OLDEST_MINOR
    ? well(`Kubernetes ${serverVersion.gitVersion}`)
    : problem(
        `Kubernetes ${serverVersion.gitVersion} is older than 1.${OLDEST_MINOR}`,
        `Upgrade the cluster to 1.${OLDEST_MINOR} or later.`,
      );
};

const storage: Check = ({ storageClasses, csiDrivers }, { vault }) => {
  const name = vault.storageClass;
  const found = (storageClasses.items as Json[]).find(({ metadata }) => metadata.name === name);
  if (!vault.existingStorageClass) {
    if ((csiDrivers.items as Json[]).some(({ metadata }) => metadata.name === EBS))
      return well(`the driver ${EBS} is there`);
    return problem(
      `no driver ${EBS}: volumes of the class ${name} would wait for ever`,
      "Install the EBS CSI driver, or name a class of the cluster (vault.storageClass, vault.existingStorageClass).",
    );
  }
  if (!found) {
    const names = (storageClasses.items as Json[]).map(({ metadata }) => metadata.name).join(", ") || "none";
    return problem(`no storage class ${name}`, `Name one that is there in vault.storageClass: ${names}.`);
  }
  if (found.volumeBindingMode === "WaitForFirstConsumer") return well(`${name} of ${found.provisioner}`);
  return problem(
    `${name} makes volumes before it is known where their pod runs`,
    "Use a class with volumeBindingMode: WaitForFirstConsumer, or a volume can be in another zone than its server.",
  );
};

const zones: Check = ({ nodes }, { vault, kubernetes }) => {
  const usable = (nodes.items as Json[]).filter(({ spec }) => !spec.unschedulable);
  const zonesOf = new Set(usable.map(({ metadata }) => metadata.labels?.["topology.kubernetes.io/zone"]));
  const missing = kubernetes.zones.length > 1 ? kubernetes.zones.filter((zone) => !zonesOf.has(zone)) : [];
  if (missing.length > 0) {
    return problem(
      `no node in ${missing.join(", ")}: servers for it would wait for ever`,
      "Add nodes there, or name the zones that there are in kubernetes.zones.",
    );
  }
  if (usable.length < vault.replicas && !kubernetes.allowServersOnOneNode) {
    return problem(
      `${usable.length} nodes for ${vault.replicas} servers, of which each wants one of its own`,
      "Add nodes, or lower vault.replicas; kubernetes.allowServersOnOneNode gives up on surviving the loss of a node.",
    );
  }
  return well(`${usable.length} nodes in ${zonesOf.size} zones for ${vault.replicas} servers`);
};

const oidc: Check = ({ oidc: tokens, oidcProviders, noAws }, { aws, kubernetes }) => {
  const wanted = kubernetes.oidcProvider;
  const issuer = (tokens?.issuer as string | undefined)?.replace(/^https:\/\//, "");
  if (issuer === undefined) {
    return unknown(
      "the API server does not say who signs its tokens",
      "Let it serve /.well-known/openid-configuration.",
    );
  }
  if (issuer !== wanted) {
    return problem(
      `the cluster's tokens are of ${issuer}, the environment says ${wanted}`,
      `Put ${issuer} into kubernetes.oidcProvider, and make AWS trust it.`,
    );
  }
  if (!oidcProviders) return unknown(`AWS was not asked: ${noAws}`, "Give the command an AWS login.");
  const partition = partitionOf(aws.region);
  const arn = arnOf({ partition, service: "iam", account: aws.account, resource: `oidc-provider/${wanted}` });
  const known = (oidcProviders.OpenIDConnectProviderList as Json[]).some(({ Arn }) => Arn === arn);
  return known
    ? well(`AWS trusts ${wanted}`)
    : problem(
        `AWS does not know ${wanted}`,
        `Make the IAM OIDC provider ${arn}; without it no pod has its role.`,
      );
};

const trust: Check = ({ serverRole, noAws }, environment) => {
  if (noAws !== undefined) return unknown(`AWS was not asked: ${noAws}`, "Give the command an AWS login.");
  if (!serverRole) return well("the role of Vault's servers is not there yet; the foundation layer makes it");
  const { namespace, serviceAccounts } = platformNames(environment);
  const subject = `system:serviceaccount:${namespace}:${serviceAccounts.server}`;
  const policy = JSON.stringify(serverRole.Role.AssumeRolePolicyDocument);
  const provider = environment.kubernetes.oidcProvider;
  if (policy.includes(subject) && policy.includes(provider)) return well(`its role trusts ${subject}`);
  return problem(
    `the role ${serverRole.Role.RoleName} does not trust ${subject} of ${provider}`,
    "Deploy the foundation layer again: somebody has changed the role's trust.",
  );
};

const metadataHops: Check = ({ instances, noAws, nodes }) => {
  const onAws = (nodes.items as Json[]).some(({ spec }) => spec.providerID?.startsWith("aws://"));
  if (!onAws) return well("nodes are no EC2 instances");
  if (!instances) return unknown(`AWS was not asked: ${noAws}`, "Give the command an AWS login.");
  const all = (instances.Reservations as Json[]).flatMap(({ Instances }) => Instances as Json[]);
  const open = all.filter(
    ({ MetadataOptions: options }) =>
      options?.HttpTokens !== "required" || options.HttpPutResponseHopLimit > 1,
  );
  if (open.length === 0) return well("pods do not reach instance metadata");
  const ids = open.map(({ InstanceId }) => InstanceId).join(", ");
  return problem(
    `pods reach the metadata, and so the role, of ${ids}`,
    "Set HttpTokens: required and HttpPutResponseHopLimit: 1 in the nodes' launch template.",
  );
};

const customResources: Check = ({ customResources: { items } }, { kubernetes }) => {
  const present = new Set((items as Json[]).map(({ spec }) => spec.group as string));
  const wanted = [
    ...kubernetes.customResourceGroups,
    ...(kubernetes.operators.certManager === "existing" ? ["cert-manager.io"] : []),
    ...(kubernetes.operators.externalSecrets === "existing" ? ["external-secrets.io"] : []),
  ];
  const missing = wanted.filter((group) => !present.has(group));
  if (missing.length === 0)
    return well(wanted.length > 0 ? `there are ${wanted.join(", ")}` : "none is expected");
  return problem(
    `no custom resources of ${missing.join(", ")}, which the environment says are there`,
    "Install them before, or have the platform do it (kubernetes.operators), or take the group out of kubernetes.customResourceGroups.",
  );
};

const secretEncryption: Check = (facts, { kubernetes }) => {
  if (facts.eks || kubernetes.distribution === "eks") return eksEncryption(facts);
  const { apiServers } = facts;
  const flags = JSON.stringify((apiServers.items as Json[]).map(({ spec }) => spec.containers));
  if (flags.includes("--encryption-provider-config")) return well("the API server encrypts Secrets");
  const fix = "Turn on envelope encryption by a KMS: Vault's certificate is in a Secret.";
  if (apiServers.items.length === 0) return unknown("nobody shows how the API server keeps Secrets", fix);
  return problem("the API server keeps Secrets in the clear", fix);
};

/** First minor version of Kubernetes in which EKS encrypts all API data by default. */
const EKS_ENCRYPTS_FROM = 28;

/**
 * Encryption of Secrets in EKS.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/envelope-encryption.html
 */
function eksEncryption({ eks, version: { serverVersion } }: Facts) {
  const configuration = eks?.cluster.encryptionConfig as Json[] | undefined;
  const own = configuration?.find(({ resources }) => resources.includes("secrets"));
  if (own) return well(`EKS encrypts Secrets under your key ${own.provider?.keyArn ?? ""}`.trim());
  const minor = Number.parseInt(eks?.cluster.version?.split(".")[1] ?? serverVersion.minor, 10);
  if (minor >= EKS_ENCRYPTS_FROM) {
    return well(
      eks
        ? "EKS encrypts all API data under a key that AWS owns"
        : "EKS encrypts all API data; AWS was not asked under which key",
    );
  }
  return problem(
    `EKS keeps Secrets in the clear: it encrypts API data by itself from Kubernetes 1.${EKS_ENCRYPTS_FROM} on, and this is 1.${minor}`,
    `Upgrade the cluster, or turn on envelope encryption under a KMS key: Vault's certificate is in a Secret.`,
  );
}

const clock: Check = ({ now, leases }) => {
  const skew = (leases.items as Json[]).map(({ metadata, spec }) => ({
    name: metadata.name as string,
    seconds: Math.abs(Date.parse(now) - Date.parse(spec.renewTime)) / 1000,
  }));
  const wrong = skew.filter(({ seconds }) => !(seconds <= CLOCK_SKEW));
  if (wrong.length === 0) return well(`all nodes are within ${CLOCK_SKEW} s of this machine`);
  return problem(
    wrong.map(({ name, seconds }) => `${name} is ${Math.round(seconds)} s away, or gone`).join("; "),
    "Synchronise clocks (chrony): tokens and certificates are judged by them.",
  );
};

const CHECKS: Readonly<Record<string, Check>> = {
  version,
  storage,
  "network policies": networks.networkPolicies,
  "DNS servers": networks.dnsServers,
  "API server": networks.apiServer,
  clients: networks.clients,
  zones,
  "OIDC provider": oidc,
  "role trust": trust,
  "instance metadata": metadataHops,
  "custom resources": customResources,
  "Secret encryption": secretEncryption,
  clock,
};

/** Findings of all checks, in the order in which to fix them. */
export function examine(facts: Facts, environment: Environment): Finding[] {
  return Object.entries(CHECKS).flatMap(([what, check]) =>
    check(facts, environment).map((finding) => ({ what, ...finding })),
  );
}
