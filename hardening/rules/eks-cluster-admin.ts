import { text } from "../readers/blocks";
import type { Rule } from "../rule";
import { forResources } from "../subjects";

/** Access policies of EKS that allow reading Secrets. */
const READERS = /\/Amazon(EKSClusterAdminPolicy|EKSAdminPolicy|EKSAdminViewPolicy|EKSEditPolicy)$/;

/** Reports EKS access policies that allow AWS roles to read Secrets. */
export const eksClusterAdmin: Rule = {
  id: "eks-cluster-admin",
  level: "error",
  title: "No role of AWS reads the Secrets of a cluster",
  item: "kubernetes-secrets",
  fix: "Bind the role to a group whose RBAC says what it needs, or accept it with a reason.",
  source: "https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html",
  check: forResources(["aws_eks_access_policy_association"], ({ body }) => {
    const policy = READERS.exec(text(body.policy_arn) ?? "");
    return policy ? [`the role has Amazon${policy[1]}, which reads Secrets`] : [];
  }),
};
