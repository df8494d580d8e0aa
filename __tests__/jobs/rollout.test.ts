import type { JobV1 } from "@cdktf/provider-kubernetes/lib/job-v1";
import { Rollout, type RolloutProps } from "../../constructs/jobs/rollout";
import { vaultFromAttributes } from "../../constructs/server/vault";
import { Duration } from "../../constructs/core/duration";
import { testWithTerraform } from "../support/terraform";
import { environmentOf, jobStack, podOf, synthesizeJob } from "./jobs";

const props: RolloutProps = {
  vault: vaultFromAttributes(),
  replicas: 3,
  images: { vault: "hashicorp/vault:1.21.0", kubectl: "alpine/k8s:1.34.2" },
  revision: "chart 0.34.1 with values A",
};

const withProps = (change: Partial<RolloutProps> = {}) =>
  synthesizeJob((stack) => new Rollout(stack, "Rollout", { ...props, ...change }));
const job = (change?: Partial<RolloutProps>) => withProps(change).resource("kubernetes_job_v1");
const environment = (change?: Partial<RolloutProps>) => environmentOf(podOf(job(change)).containers[1]);

test("Vault's image lends its command to the image with kubectl, which does the work", () => {
  const { containers } = podOf(job());
  expect(containers.map(({ name, image, command }) => [name, image, command[1]])).toEqual([
    ["tools", "hashicorp/vault:1.21.0", "/scripts/rollout-tools.sh"],
    ["rollout", "alpine/k8s:1.34.2", "/scripts/rollout.sh"],
  ]);
  expect(containers[1].volume_mount.map(({ name }: { name: string }) => name)).toEqual(
    expect.arrayContaining(["tools", "vault-token", "kubernetes-token"]),
  );
});

test("by default a server has ten minutes to come back, and the Job time for all of them", () => {
  expect(environment()).toMatchObject({
    REPLICAS: "3",
    STATEFUL_SET: "vault",
    SELECTOR: "app.kubernetes.io/instance=vault,component=server",
    SERVER_TIMEOUT_SECONDS: "600",
  });
  expect(job().spec.active_deadline_seconds).toBe(3900);
  expect(job().timeouts.create).toBe("4020s");
});

test("after a failure a person looks, and no second pod goes on", () => {
  expect(job().spec.backoff_limit).toBe(0);
});

test("it may delete Vault's pods by their names, and no other pod", () => {
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

test("the Job's name follows from what changes the servers", () => {
  const { name } = job().metadata;
  expect(name).toMatch(/^vault-rollout-[0-9a-f]{8}$/);
  expect(job({ revision: "chart 0.34.1 with values B" }).metadata.name).not.toBe(name);
  expect(environment().CHANGE).toMatch(/^[0-9a-f]{8}$/);
});

test("replicas, time, ServiceAccount and another release can be chosen", () => {
  const output = withProps({
    vault: vaultFromAttributes({ releaseName: "team-vault", namespace: "secrets" }),
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
])("%s is refused", (_title, change, message) => {
  expect(() => withProps(change)).toThrow(message);
  expect(() => withProps(change)).toThrow("[test/Rollout");
});

test("the Job can be reached through node.defaultChild", () => {
  const output = synthesizeJob((stack) => {
    const rollout = new Rollout(stack, "Rollout", props);
    (rollout.node.defaultChild as JobV1).addOverride("spec.suspend", true);
  });
  expect(output.resource("kubernetes_job_v1").spec.suspend).toBe(true);
});

testWithTerraform(["kubernetes"], "Terraform plans the rollout before there is a cluster", (plan) => {
  const planned = plan(jobStack((stack) => new Rollout(stack, "Rollout", props)));
  expect(planned.resources("kubernetes_role_v1")).toHaveLength(1);
});
