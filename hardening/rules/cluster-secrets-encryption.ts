import { blocks, texts } from "../readers/blocks";
import { NOT_APPLICABLE, type Rule, compliant, nonCompliant } from "../rule";
import { all, forPlatform, forResources } from "../subjects";

/** Reports clusters that do not encrypt Secrets with a KMS. */
export const clusterSecretsEncryption: Rule = {
  id: "cluster-secrets-encryption",
  level: "error",
  title: "The cluster encrypts its Secrets by a KMS",
  item: "kubernetes-secrets",
  fix: "Turn on envelope encryption of the cluster and say so in the environment (kubernetes.secretsEncryption).",
  source: "https://docs.aws.amazon.com/eks/latest/userguide/envelope-encryption.html",
  check: all(
    forResources(["aws_eks_cluster"], ({ body }) =>
      blocks(body.encryption_config).some(({ resources }) => texts(resources).includes("secrets"))
        ? []
        : ["the cluster keeps Secrets without a key of one's own"],
    ),
    forPlatform((platform) => {
      const usesCluster = platform.elements.some(
        ({ block, type }) => block === "resource" && /^(kubernetes|helm)_/.test(type),
      );
      if (!usesCluster) return NOT_APPLICABLE;
      const encryption = platform.facts?.secretsEncryption;
      // The first check covers clusters of this app.
      if (encryption === "kms" || platform.resources("aws_eks_cluster").length > 0)
        return compliant("Secrets encrypted by a KMS");
      return nonCompliant(
        encryption === "none"
          ? "the cluster keeps Secrets in the clear, Vault's certificate among them"
          : "nothing says how the cluster keeps Secrets",
      );
    }),
  ),
};
