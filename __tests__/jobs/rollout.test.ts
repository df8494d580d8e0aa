import type { JobV1 } from "@cdktf/provider-kubernetes/lib/job-v1";
import { Rollout, type RolloutProps } from "../../constructs/jobs/rollout";
import { vaultAt } from "../../constructs/server/vault";
import { Duration } from "../../constructs/core/duration";
import { testWithTerraform } from "../support/terraform";
import { environmentOf, jobStack, podOf, synthesizeJob } from "./jobs";

const props: RolloutProps = {
  vault: vaultAt(),
  replicas: 3,
  images: { vault: "hashicorp/vault:1.21.0", kubectl: "alpine/k8s:1.34.2" },
  revision: "chart 0.34.1 with values A",
};

const withProps = (change: Partial<RolloutProps> = {}) =>
  synthesizeJob((stack) => new Rollout(stack, "Rollout", { ...props, ...change }));
const job = (change?: Partial<RolloutProps>) => withProps(change).resource("kubernetes_job_v1");
const environment = (change?: Partial<RolloutProps>) => environmentOf(podOf(job(change)).containers[1]);

test("copies the vault command to the kubectl image, which runs the script", () => {
  const { containers } = podOf(job());
  expect(containers.map(({ name, image, command }) => [name, image, command[1]])).toEqual([
    ["tools", "hashicorp/vault:1.21.0", "/scripts/rollout-tools.sh"],
    ["rollout", "alpine/k8s:1.34.2", "/scripts/rollout.sh"],
  ]);
  expect(containers[1].volume_mount.map(({ name }: { name: string }) => name)).toEqual(
    expect.arrayContaining(["tools", "vault-token", "kubernetes-token"]),
  );
});

test("gives a server ten minutes by default and the Job time for all servers", () => {
  expect(environment()).toMatchObject({
    REPLICAS: "3",
    STATEFUL_SET: "vault",
    SELECTOR: "app.kubernetes.io/instance=vault,component=server",
    SERVER_TIMEOUT_SECONDS: "600",
  });
  expect(job().spec.active_deadline_seconds).toBe(3900);
  expect(job().timeouts.create).toBe("4020s");
});

test("does not retry after a failure", () => {
  expect(job().spec.backoff_limit).toBe(0);
});

test("grants deleting Vault's pods by name and no other pods", () => {
  expect(withProps().resource("kubernetes_role_v1").rule).toEqual([
    { api_groups: ["apps"], resources: ["statefulsets"], resource_names: ["vault"], verbs: ["get"] },
    { api_groups: [""], resources: ["pods"], verbs: ["list"] },
    {
      api_groups: [""],
      resources: ["pods"],
      resource_names: ["vault-0", "vault-1", "vault-2"],
      verbs: ["delete"],
    },
  ]);
  expect(withProps().resource("kubernetes_role_binding_v1").subject).toEqual([
    { kind: "ServiceAccount", name: "vault-rollout", namespace: "vault" },
  ]);
});

test("derives the Job's name from the revision", () => {
  const { name } = job().metadata;
  expect(name).toMatch(/^vault-rollout-[0-9a-f]{8}$/);
  expect(job({ revision: "chart 0.34.1 with values B" }).metadata.name).not.toBe(name);
  expect(environment().CHANGE).toMatch(/^[0-9a-f]{8}$/);
});

test("accepts replicas, timeout, ServiceAccount and another release", () => {
  const output = withProps({
    vault: vaultAt({ releaseName: "team-vault", namespace: "secrets" }),
    replicas: 5,
    serverTimeout: Duration.minutes(2),
    serviceAccountName: "roller",
  });
  const [, rollout] = podOf(output.resource("kubernetes_job_v1")).containers;
  expect(environmentOf(rollout)).toMatchObject({
    NAMESPACE: "secrets",
    STATEFUL_SET: "team-vault",
    REPLICAS: "5",
    SERVER_TIMEOUT_SECONDS: "120",
  });
  expect(output.resource("kubernetes_role_v1").rule[2].resource_names).toContain("team-vault-4");
  expect(output.resource("kubernetes_role_binding_v1").subject[0].name).toBe("roller");
});

test.each<[string, Partial<RolloutProps>, string]>([
  [
    "an image of kubectl without a shell",
    { images: { ...props.images, kubectl: "registry.k8s.io/kubectl:v1.34.2" } },
    'images.kubectl must have a shell beside kubectl, such as alpine/k8s:1.34.2, got "registry.k8s.io/kubectl:v1.34.2", which has none',
  ],
  [
    "an image of kubectl without a version",
    { images: { ...props.images, kubectl: "alpine/k8s" } },
    "image must be an image with a version",
  ],
  [
    "half a minute for a server",
    { serverTimeout: Duration.seconds(30) },
    "serverTimeout must be 1 minute or more, got 30s",
  ],
  ["no server", { replicas: 0 }, "replicas must be 1 or more servers, got 0"],
])("rejects %s", (_title, change, message) => {
  expect(() => withProps(change)).toThrow(message);
  expect(() => withProps(change)).toThrow("[test/Rollout");
});

test("returns the Job from node.defaultChild", () => {
  const output = synthesizeJob((stack) => {
    const rollout = new Rollout(stack, "Rollout", props);
    (rollout.node.defaultChild as JobV1).addOverride("spec.suspend", true);
  });
  expect(output.resource("kubernetes_job_v1").spec.suspend).toBe(true);
});

testWithTerraform(["kubernetes"], "plans the rollout without a cluster", (plan) => {
  const planned = plan(jobStack((stack) => new Rollout(stack, "Rollout", props)));
  expect(planned.resources("kubernetes_role_v1")).toHaveLength(1);
});
