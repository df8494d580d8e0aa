import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import type { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { TerraformStack, Testing } from "cdktf";
import { VaultNamespace, type VaultNamespaceProps } from "../../constructs/server/vault-namespace";
import { Cpu } from "../../constructs/core/cpu";
import { Size } from "../../constructs/core/size";
import { Synthesized } from "../support/synth";

function build(props?: VaultNamespaceProps) {
  const stack = new TerraformStack(Testing.app(), "test");
  new KubernetesProvider(stack, "Kubernetes", {});
  const namespace = new VaultNamespace(stack, "Namespace", props);
  return { stack, namespace };
}

const synth = (stack: TerraformStack) => new Synthesized(JSON.parse(Testing.synth(stack)));
const withProps = (props?: VaultNamespaceProps) => synth(build(props).stack);
const quota = (props?: VaultNamespaceProps) =>
  withProps(props).resource("kubernetes_resource_quota_v1").spec.hard;

test("labels the namespace with Pod Security restricted, and prevents its destruction", () => {
  expect(withProps().resource("kubernetes_namespace_v1")).toMatchObject({
    metadata: {
      name: "vault",
      labels: {
        "pod-security.kubernetes.io/enforce": "restricted",
        "pod-security.kubernetes.io/audit": "restricted",
        "pod-security.kubernetes.io/warn": "restricted",
      },
    },
    lifecycle: { prevent_destroy: true },
  });
});

test("allows four servers and other pods by default, and no external Services", () => {
  expect(quota()).toEqual({
    "requests.cpu": "5",
    "requests.memory": "9Gi",
    "limits.cpu": "15",
    "limits.memory": "17Gi",
    "requests.storage": "80Gi",
    persistentvolumeclaims: "8",
    pods: "24",
    "services.loadbalancers": "0",
    "services.nodeports": "0",
  });
});

test("scales the quota with the servers' number, resources and volumes", () => {
  expect(
    quota({
      replicas: 5,
      serverResources: {
        requests: { cpu: Cpu.units(1), memory: Size.gibibytes(4) },
        limits: { cpu: Cpu.units(4), memory: Size.gibibytes(8) },
      },
      serverVolumes: [Size.gibibytes(100), Size.gibibytes(50), Size.mebibytes(512)],
    }),
  ).toMatchObject({
    "requests.cpu": "9500m",
    "requests.memory": "30208Mi",
    "limits.cpu": "31500m",
    "limits.memory": "58880Mi",
    "requests.storage": "903Gi",
    persistentvolumeclaims: "18",
    pods: "26",
  });
});

test("removes the limits of external Services with allowExternalServices", () => {
  const admitted = quota({ allowExternalServices: true });
  expect(admitted).not.toHaveProperty(["services.loadbalancers"]);
  expect(admitted).not.toHaveProperty(["services.nodeports"]);
});

test("sets default resources for containers without any, because the quota would reject them", () => {
  expect(withProps().resource("kubernetes_limit_range_v1").spec.limit).toEqual([
    {
      type: "Container",
      default: { cpu: "500m", memory: "256Mi" },
      default_request: { cpu: "50m", memory: "64Mi" },
    },
  ]);
});

test("creates a high priority class for the servers, which is not the default", () => {
  const { stack, namespace } = build();
  const priority = synth(stack).resource("kubernetes_priority_class_v1");
  expect(priority).toMatchObject({ metadata: { name: "vault-servers" }, value: 1000000 });
  expect(priority).not.toHaveProperty("global_default");
  expect(namespace.priorityClassName).toBe("vault-servers");
});

test("names every object after another namespace", () => {
  const { stack, namespace } = build({ name: "secrets" });
  const output = synth(stack);
  expect(namespace.name).toBe("secrets");
  expect(output.resource("kubernetes_namespace_v1").metadata.name).toBe("secrets");
  expect(output.resource("kubernetes_priority_class_v1").metadata.name).toBe("secrets-servers");
  for (const type of ["kubernetes_resource_quota_v1", "kubernetes_limit_range_v1"]) {
    const { metadata } = output.resource(type);
    expect(metadata.name).toBe("secrets");
    expect(metadata.namespace).toMatch(/^\$\{kubernetes_namespace_v1\.[^}]+metadata\[0\]\.name\}$/);
  }
});

test("lets pods depend on all of its objects", () => {
  const { stack, namespace } = build();
  const later = new ConfigMapV1(stack, "Later", { metadata: { name: "later" } });
  later.node.addDependency(namespace);
  const { depends_on: addresses } = synth(stack).resource("kubernetes_config_map_v1");
  expect(addresses.map((address: string) => address.split(".")[0])).toEqual([
    "kubernetes_namespace_v1",
    "kubernetes_resource_quota_v1",
    "kubernetes_limit_range_v1",
    "kubernetes_priority_class_v1",
  ]);
});

test.each<[string, VaultNamespaceProps, string]>([
  ["a namespace of Kubernetes", { name: "kube-system" }, 'got "kube-system"'],
  ["the namespace that every cluster has", { name: "default" }, "neither default nor with kube- in front"],
  ["a name with a dot", { name: "a.b" }, "name must be a name of at most 63 lower-case letters"],
  ["no server", { replicas: 0 }, "replicas must be a whole number, 1 or more, got 0"],
  ["half a server", { replicas: 2.5 }, "got 2.5"],
])("rejects %s, with the value and the construct's path", (_title, props, message) => {
  expect(() => withProps(props)).toThrow(message);
  expect(() => withProps(props)).toThrow("[test/Namespace]");
});

test("exposes the namespace as node.defaultChild", () => {
  const { stack, namespace } = build();
  (namespace.node.defaultChild as NamespaceV1).addOverride("metadata.annotations", { team: "platform" });
  expect(synth(stack).resource("kubernetes_namespace_v1").metadata.annotations).toEqual({ team: "platform" });
});
