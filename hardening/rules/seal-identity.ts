import { blockAt, valueAt } from "../readers/helm";
import { sealOf } from "../readers/servers";
import type { Rule } from "../rule";
import { forServers } from "../subjects";

/** ServiceAccount annotation that sets the cloud identity, by seal. */
const ANNOTATIONS: Readonly<Record<string, string>> = {
  awskms: "eks.amazonaws.com/role-arn",
  gcpckms: "iam.gke.io/gcp-service-account",
  azurekeyvault: "azure.workload.identity/client-id",
};

/** Reports servers that have no cloud identity for their unseal key. */
export const sealIdentity: Rule = {
  id: "seal-identity",
  level: "error",
  title: "Vault's servers reach their key by an identity of their own",
  item: "auto-unseal",
  fix: "Annotate the servers' ServiceAccount with its role, such as by roleArn of Seal.awsKms().",
  source: "https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html",
  check: forServers((server) => {
    const annotation = ANNOTATIONS[sealOf(server) ?? ""];
    if (!annotation || !server.release) return [];
    const { values } = server.release;
    const written = valueAt(values, "server.serviceAccount.annotations");
    const isAnnotated =
      typeof written === "string"
        ? written.includes(annotation)
        : blockAt(values, "server.serviceAccount.annotations")[annotation] !== undefined;
    return isAnnotated
      ? []
      : [`the servers' ServiceAccount has no ${annotation}, so that they silently act as their node`];
  }),
};
