import type { JobV1 } from "@cdktf/provider-kubernetes/lib/job-v1";
import { NetworkPolicies } from "../../constructs/network/network-policies";
import { vaultAt } from "../../constructs/server/vault";
import { requireRule } from "../../constructs/auth/policy-rule";
import { renderPolicy } from "../../constructs/policy/render-policy";
import { Duration } from "../../constructs/core/duration";
import {
  DR_SECONDARY_RULES,
  DrReplicationPrimary,
  DrReplicationSecondary,
  drPrimaryRules,
} from "../../constructs/enterprise/dr-replication";
import type {
  DrReplicationPrimaryProps,
  DrReplicationSecondaryProps,
} from "../../constructs/enterprise/dr-replication-props";
import { Connections, type Endpoint } from "../network/connections";
import { environmentOf, jobStack, podOf, synthesizeJob } from "../jobs/jobs";
import { testWithTerraform } from "../support/terraform";
import { vaultStack } from "../support/vault-stack";

const CLUSTER = "6d8b6a8e-1c2d-3e4f-5a6b-7c8d9e0f1a2b";

const shared: DrReplicationSecondaryProps = {
  licence: { secretName: "vault-licence", key: "licence" },
  vault: vaultAt(),
  images: { vault: "hashicorp/vault:1.21.0", awsCli: "public.ecr.aws/aws-cli/aws-cli:2.31.0" },
  secondaryId: "dr-us-west-2",
  handover: { region: "us-west-2", publicKeySecret: "dr/public-key", tokenSecret: "dr/token" },
  roleArn: "arn:aws:iam::111111111111:role/production-vault-dr-replication",
  peerRanges: ["10.8.0.0/16"],
};
const clusterAddress = "https://vault-cluster.us-east-1.example.com:8201";

const onPrimary = (change: Partial<DrReplicationPrimaryProps> = {}) =>
  synthesizeJob(
    (stack) => new DrReplicationPrimary(stack, "Primary", { ...shared, clusterAddress, ...change }),
  );
const onSecondary = (change: Partial<DrReplicationSecondaryProps> = {}) =>
  synthesizeJob((stack) => new DrReplicationSecondary(stack, "Secondary", { ...shared, ...change }));
const sides = [
  ["primary", onPrimary, "dr-primary.sh"],
  ["secondary", onSecondary, "dr-secondary.sh"],
] as const;
const environment = (output: ReturnType<typeof onPrimary>) =>
  environmentOf(podOf(output.resource("kubernetes_job_v1")).containers[1]);

describe.each(sides)("on the %s", (_side, synthesized, script) => {
  test("copies the vault command to the aws image, which runs the script", () => {
    const { containers } = podOf(synthesized().resource("kubernetes_job_v1"));
    expect(containers.map(({ name, image, command }) => [name, image, command[1]])).toEqual([
      ["tools", shared.images.vault, "/scripts/rollout-tools.sh"],
      ["replicate", shared.images.awsCli, `/scripts/${script}`],
    ]);
    expect(Object.keys(synthesized().resource("kubernetes_config_map_v1").data)).toEqual([
      "common.sh",
      "dr-handover.sh",
      script,
      "rollout-tools.sh",
    ]);
  });

  test("passes ids and containers to the Job, with the hand-over's region and its ServiceAccount", () => {
    expect(environment(synthesized())).toMatchObject({
      SECONDARY_ID: "dr-us-west-2",
      KEY_CONTAINER: "dr/public-key",
      TOKEN_CONTAINER: "dr/token",
      LOGIN_ROLE: "vault-dr-replication",
      AWS_REGION: "us-west-2",
      VAULT_ADDR: "https://vault-active.vault.svc:8200",
    });
    expect(synthesized().resource("kubernetes_service_account_v1").metadata).toMatchObject({
      name: "vault-dr-replication",
      annotations: { "eks.amazonaws.com/role-arn": shared.roleArn },
    });
  });

  test("sets a deadline of one hour, and Terraform waits for the Job", () => {
    const job = synthesized().resource("kubernetes_job_v1");
    expect(job.spec.active_deadline_seconds).toBe(3600);
    expect(job.spec.backoff_limit).toBe(3);
    expect(job.wait_for_completion).toBe(true);
  });

  test("accepts another timeout and ServiceAccount", () => {
    const output = synthesized({ timeout: Duration.hours(3), serviceAccountName: "replicator" });
    expect(output.resource("kubernetes_job_v1").spec.active_deadline_seconds).toBe(10_800);
    expect(output.resource("kubernetes_service_account_v1").metadata.name).toBe("replicator");
    expect(environment(output).LOGIN_ROLE).toBe("replicator");
  });

  test("derives the Job's name from its inputs", () => {
    const name = (change = {}) => synthesized(change).resource("kubernetes_job_v1").metadata.name;
    expect(name()).toMatch(/^vault-dr-replication-[0-9a-f]{8}$/);
    expect(name()).toBe(name());
    expect(name({ secondaryId: "dr-eu-west-1" })).not.toBe(name());
  });

  test.each<[string, Partial<DrReplicationSecondaryProps>, string]>([
    ["no licence", { licence: undefined }, "DR replication needs Vault Enterprise"],
    [
      "a licence without a key",
      { licence: { secretName: "vault-licence", key: "" } },
      "licence must name a Secret and its key",
    ],
    [
      "an id with other letters",
      { secondaryId: "DR*" },
      'secondaryId must be lower-case letters, digits and -, such as dr-us-west-2, got "DR*"',
    ],
    [
      "one container for both values",
      { handover: { ...shared.handover, publicKeySecret: "dr/token" } },
      'handover must have a container for each value, so that each has one writer, got "dr/token" for both',
    ],
    ["no range of the other side", { peerRanges: [] }, "peerRanges must be one range at least"],
    [
      "what is no range",
      { peerRanges: ["10.8.0.0"] },
      `peerRanges[0] must be a network range, such as 10.0.0.0/16, got "10.8.0.0"`,
    ],
    [
      "a range of instance metadata",
      { awsRanges: ["169.254.169.254/32"] },
      "awsRanges[0] must be a network range that does not lie within",
    ],
    ["too short a time", { timeout: Duration.minutes(1) }, "timeout must be 5 minutes or more, got 1m"],
    [
      "an image without a version",
      { images: { ...shared.images, vault: "hashicorp/vault" } },
      "hashicorp/vault",
    ],
  ])("rejects %s", (_title, change, message) => {
    expect(() => synthesized(change)).toThrow(message);
    expect(() => synthesized(change)).toThrow("[test/");
  });
});

test("passes the cluster address to the primary's Job", () => {
  expect(environment(onPrimary()).CLUSTER_ADDRESS).toBe(clusterAddress);
});

test.each([
  "http://vault.example.com:8201",
  "https://vault.example.com:8200",
  "https://vault.example.com",
  "",
])("rejects the cluster address %j", (address) => {
  expect(() => onPrimary({ clusterAddress: address })).toThrow(
    `clusterAddress must be https on the cluster port, such as https://vault.example.com:8201, got "${address}"`,
  );
});

test("names no cluster to replace by default and accepts one", () => {
  expect(environment(onSecondary()).REPLACES_CLUSTER).toBe("");
  expect(environment(onSecondary({ replacesCluster: CLUSTER })).REPLACES_CLUSTER).toBe(CLUSTER);
});

test.each([
  ["", '""'],
  ["*", '"*"'],
  ["production", '"production"'],
  // Hidden because it resembles a secret, as IDs do.
  [`${CLUSTER} `, '"(not shown) "'],
])("rejects %j as the cluster to replace", (replacesCluster, shown) => {
  expect(() => onSecondary({ replacesCluster })).toThrow(
    `replacesCluster must be a cluster's id as the Job names it, such as ${CLUSTER}, got ${shown}`,
  );
});

describe("network policies", () => {
  const pod = (labels: Record<string, string>): Endpoint => ({
    address: "10.0.1.2",
    pod: { namespace: "vault", labels },
  });
  const server = pod({
    "app.kubernetes.io/name": "vault",
    "app.kubernetes.io/instance": "vault",
    component: "server",
  });
  const peer = { address: "10.8.3.4" };
  const stranger = { address: "10.9.3.4" };
  const connections = (change: Partial<DrReplicationPrimaryProps> = {}) => {
    const output = synthesizeJob((stack) => {
      const policies = new NetworkPolicies(stack, "Network", {
        namespace: "vault",
        controlPlane: ["10.0.0.0/28"],
        vpcEndpoints: ["10.0.9.0/28"],
      });
      const primary = new DrReplicationPrimary(stack, "Primary", { ...shared, clusterAddress, ...change });
      primary.node.addDependency(policies);
    });
    const { labels } = podOf(output.resource("kubernetes_job_v1"));
    return {
      job: pod(labels),
      between: new Connections(output.resources("kubernetes_network_policy_v1"), {}),
    };
  };

  test("allow replication between the servers of both clusters only", () => {
    const { between } = connections();
    expect(between.isAllowed(server, peer, 8201)).toBe(true);
    expect(between.isAllowed(peer, server, 8201)).toBe(true);
    expect(between.isAllowed(peer, server, 8200)).toBe(false);
    expect(between.isAllowed(stranger, server, 8201)).toBe(false);
  });

  test("let the Job reach Vault and AWS, and nothing reach the Job", () => {
    const { job, between } = connections();
    expect(between.isAllowed(job, server, 8200)).toBe(true);
    expect(between.leaves(job, { address: "52.94.1.1" }, 443)).toBe(true);
    expect(between.leaves(job, { address: "169.254.169.254" }, 443)).toBe(false);
    expect(between.leaves(job, peer, 8201)).toBe(false);
    expect(between.isAllowed(server, job, 443)).toBe(false);
  });

  test("let the Job reach only the named AWS ranges", () => {
    const { job, between } = connections({ awsRanges: ["10.7.0.0/24"] });
    expect(between.leaves(job, { address: "10.7.0.5" }, 443)).toBe(true);
    expect(between.leaves(job, { address: "52.94.1.1" }, 443)).toBe(false);
  });
});

describe("policies in Vault", () => {
  test("let the primary's Job create encrypted tokens for one secondary only", () => {
    expect(renderPolicy(drPrimaryRules("dr-us-west-2"))).toBe(`path "sys/replication/dr/primary/enable" {
  capabilities = ["update"]
}
path "sys/replication/dr/primary/secondary-token" {
  capabilities        = ["update", "sudo"]
  allowed_parameters {
    "id"                   = ["dr-us-west-2"]
    "secondary_public_key" = []
  }
  required_parameters = ["id", "secondary_public_key"]
}
path "sys/replication/dr/primary/revoke-secondary" {
  capabilities = ["update"]
  allowed_parameters {
    "id" = ["dr-us-west-2"]
  }
}
`);
  });

  test("let the secondary's Job list mounts and namespaces, but read no value", () => {
    const rules = DR_SECONDARY_RULES.map(({ path, capabilities }) => [path, ...capabilities].join(" "));
    expect(rules).toEqual([
      "sys/mounts read",
      "sys/auth read",
      "sys/namespaces list",
      "sys/replication/dr/secondary/generate-public-key update",
      "sys/replication/dr/secondary/enable update",
    ]);
  });

  test.each([...drPrimaryRules("dr"), ...DR_SECONDARY_RULES])("contain a valid rule on $path", (rule) => {
    expect(() => requireRule(vaultStack(), rule)).not.toThrow();
  });
});

test("returns the Job from node.defaultChild", () => {
  const output = synthesizeJob((stack) => {
    const side = new DrReplicationSecondary(stack, "Secondary", shared);
    expect(side.node.defaultChild).toBe(side.job);
    (side.node.defaultChild as JobV1).addOverride("spec.backoff_limit", 0);
  });
  expect(output.resource("kubernetes_job_v1").spec.backoff_limit).toBe(0);
});

testWithTerraform(["kubernetes"], "plans both sides without a cluster", (plan) => {
  const stack = (build: Parameters<typeof jobStack>[0]) => plan(jobStack(build));
  const primary = stack((it) => new DrReplicationPrimary(it, "Primary", { ...shared, clusterAddress }));
  expect(primary.resources("kubernetes_network_policy_v1")).toHaveLength(2);
  const secondary = stack((it) => new DrReplicationSecondary(it, "Secondary", shared));
  const [{ data }] = secondary.resources("kubernetes_config_map_v1");
  expect(data["dr-secondary.sh"]).toContain("${REPLACES_CLUSTER:=}");
});
