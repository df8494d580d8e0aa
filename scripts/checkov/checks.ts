/**
 * Checks with a statement for each: the property that it verifies here, or the reason why it cannot fail on the stacks.
 */
export type CheckList = Readonly<Record<string, string>>;

/**
 * Claimed checks. In each run a claimed check must evaluate a resource of the synthesized stacks, and must fail on its
 * bad example in `bad-examples.ts`.
 */
export const CLAIMED: CheckList = {
  CKV_AWS_7: "keys rotate",
  CKV_AWS_227: "keys are enabled",
  CKV2_AWS_64: "keys have a policy of their own",
  CKV_AWS_18: "buckets log their accesses",
  CKV_AWS_19: "buckets encrypt by an algorithm that S3 knows",
  CKV_AWS_20: "no bucket is readable by the public through an ACL",
  CKV_AWS_21: "buckets keep versions",
  CKV_AWS_53: "buckets block public ACLs",
  CKV_AWS_54: "buckets block public policies",
  CKV_AWS_55: "buckets ignore public ACLs",
  CKV_AWS_56: "buckets restrict public access",
  CKV_AWS_57: "no bucket is writable by the public through an ACL",
  CKV_AWS_144: "buckets are copied to another region",
  CKV_AWS_145: "buckets encrypt under a customer key",
  CKV_AWS_300: "uploads that were not finished are removed",
  CKV2_AWS_6: "buckets have a public access block",
  CKV2_AWS_61: "buckets have a lifecycle",
  CKV2_AWS_62: "buckets notify somebody",
  CKV_AWS_1: "no policy document allows all actions on all resources",
  CKV_AWS_49: "no policy document allows all actions",
  CKV_AWS_107: "no policy document exposes credentials",
  CKV_AWS_108: "no policy document lets data out without constraint",
  CKV_AWS_109: "no policy document gives permissions management without constraint",
  CKV_AWS_110: "no policy document lets its holder raise his own rights",
  CKV_AWS_111: "no policy document allows writes without constraint",
  CKV_AWS_283: "no policy document admits every AWS principal",
  CKV_AWS_356: "no policy document has * as resource of actions that could be narrowed",
  CKV_AWS_358: "GitHub workflows are told apart by safe claims",
  CKV_AWS_149: "secrets are encrypted under a customer key",
  CKV2_AWS_57: "secrets rotate by themselves",
  CKV_K8S_8: "applications have a liveness probe",
  CKV_K8S_9: "applications have a readiness probe",
  CKV_K8S_10: "applications request CPU",
  CKV_K8S_11: "applications have a limit of CPU",
  CKV_K8S_12: "applications have a limit of memory",
  CKV_K8S_13: "applications request memory",
  CKV_K8S_14: "images have a version, and not latest",
  CKV_K8S_15: "images are asked of their registry at each start",
  CKV_K8S_16: "no container is privileged",
  CKV_K8S_17: "no pod sees the processes of its node",
  CKV_K8S_18: "no pod shares the memory of its node's processes",
  CKV_K8S_19: "no pod is in the network of its node",
  CKV_K8S_20: "no process gets more rights than its parent",
  CKV_K8S_21: "nothing is in the namespace default",
  CKV_K8S_22: "root file systems are read-only",
  CKV_K8S_25: "no container is given a capability",
  CKV_K8S_28: "containers drop NET_RAW",
  CKV_K8S_29: "pods have a security context",
  CKV_K8S_30: "containers have a security context",
  CKV_K8S_35: "no secret is an environment variable from a Secret",
  CKV_K8S_37: "containers drop all capabilities",
  CKV_K8S_39: "no container has SYS_ADMIN",
  CKV_K8S_41: "the default ServiceAccount is not used",
  CKV_K8S_42: "no role is bound to the default ServiceAccount",
  CKV_K8S_43: "images are named by their digest",
  CKV_K8S_49: "no role has a wildcard",
};

const READS_MANIFESTS = "reads manifests, and has no counterpart for Terraform;";
const ROLES = `${READS_MANIFESTS} the test of the stacks' roles knows each right that is not reading`;

const READS_JSON =
  "reads policies that are written as JSON; here each is a reference to a policy document, which";

/**
 * Checks that cannot fail on the synthesized stacks, whatever is wrong with them. Their bad examples prove this: once a
 * newer checkov detects one, the run reports that the check can be claimed.
 */
export const NOT_COVERED: CheckList = {
  CKV_AWS_33: `${READS_JSON} CKV_AWS_283 reads`,
  CKV_AWS_60: `${READS_JSON} CKV_AWS_283 reads`,
  CKV_AWS_61: `${READS_JSON} no check reads for this; the tests of the policy documents do`,
  CKV_AWS_62: `${READS_JSON} CKV_AWS_1 reads`,
  CKV_AWS_63: `${READS_JSON} CKV_AWS_49 reads`,
  CKV_AWS_70: `${READS_JSON} CKV_AWS_283 reads`,
  CKV_AWS_93: `${READS_JSON} no check reads for this; the tests of the policy documents do`,
  CKV_AWS_143:
    "reads an argument of the bucket that the AWS provider deprecates; object lock is a separate resource here, which the tests of the snapshot bucket read",
  CKV_AWS_286: `${READS_JSON} CKV_AWS_110 reads`,
  CKV_AWS_287: `${READS_JSON} CKV_AWS_107 reads`,
  CKV_AWS_288: `${READS_JSON} CKV_AWS_108 reads`,
  CKV_AWS_289: `${READS_JSON} CKV_AWS_109 reads`,
  CKV_AWS_290: `${READS_JSON} CKV_AWS_111 reads`,
  CKV_AWS_355: `${READS_JSON} CKV_AWS_356 reads`,
  CKV2_AWS_40:
    "reads only statements that spell out the effect Allow, which is the default and left out here; the tests of the policy documents look for such statements",
  CKV_K8S_23: `${READS_MANIFESTS} namespaces enforce the standard restricted, and the test of the stacks' pods looks`,
  CKV_K8S_31: `${READS_MANIFESTS} namespaces enforce the standard restricted, and the test of the stacks' pods looks`,
  CKV_K8S_38: `${READS_MANIFESTS} the test of the stacks' pods looks`,
  CKV_K8S_40: `${READS_MANIFESTS} applications are the user 10001; Vault's images are made for 100`,
  CKV_K8S_155: ROLES,
  CKV_K8S_156: ROLES,
  CKV_K8S_157: ROLES,
  CKV_K8S_158: ROLES,
  CKV2_K8S_1: ROLES,
  CKV2_K8S_2: ROLES,
  CKV2_K8S_3: ROLES,
  CKV2_K8S_4: ROLES,
  CKV2_K8S_5: `${READS_MANIFESTS} the rule rbac-cluster-secret-readers looks, and the test of the stacks' roles`,
  CKV2_K8S_6: `${READS_MANIFESTS} the rule network-policies looks at Vault's servers, and each job's policy has a test`,
};
