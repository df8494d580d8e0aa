import type { NetworkPolicyV1 } from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { TerraformStack, Testing } from "cdktf";
import { vaultFromAttributes } from "../../constructs/cluster/vault";
import { VaultEgressPolicy } from "../../constructs/cluster/vault-egress-policy";
import { Synthesized } from "../support/synth";
import { Connections, type Endpoint } from "./connections";

function withLabels(
  podLabels?: Record<string, string>,
  change: (policy: VaultEgressPolicy) => void = () => {},
): Synthesized {
  const stack = new TerraformStack(Testing.app(), "test");
  new KubernetesProvider(stack, "Kubernetes", {});
  change(
    new VaultEgressPolicy(stack, "Egress", {
      namespace: "billing",
      vault: vaultFromAttributes({ namespace: "secrets" }),
      podLabels,
    }),
  );
  return new Synthesized(JSON.parse(Testing.synth(stack)));
}

const connections = (output: Synthesized) =>
  new Connections(output.resources("kubernetes_network_policy_v1"), {});

const pod = (namespace: string, labels: Record<string, string> = {}): Endpoint => ({
  address: "10.30.100.1",
  pod: { namespace, labels },
});
const serverLabels = {
  "app.kubernetes.io/name": "vault",
  "app.kubernetes.io/instance": "any",
  component: "server",
};
const server = pod("secrets", serverLabels);
const internet: Endpoint = { address: "198.51.100.9" };

test("all pods of the namespace reach Vault's servers and DNS", () => {
  const rules = connections(withLabels());
  expect(rules.isAllowed(pod("billing"), server, 8200)).toBe(true);
  for (const protocol of ["TCP", "UDP"] as const) {
    const dns = pod("kube-system", { "k8s-app": "kube-dns" });
    expect(rules.isAllowed(pod("billing"), dns, 53, protocol)).toBe(true);
  }
});

test.each<[string, Endpoint, number]>([
  ["the cluster port of servers", server, 8201],
  [
    "another pod of Vault's namespace",
    pod("secrets", { "app.kubernetes.io/name": "vault-agent-injector" }),
    8200,
  ],
  ["a pod with the labels of a server in another namespace", pod("stranger", serverLabels), 8200],
  ["the internet", internet, 443],
  ["instance metadata", { address: "169.254.169.254" }, 80],
])("%s is out of reach", (_title, to, port) => {
  expect(connections(withLabels()).isAllowed(pod("billing"), to, port)).toBe(false);
});

test("pods can be chosen by their labels; the others are left as they are", () => {
  const rules = connections(withLabels({ app: "payment-service" }));
  expect(rules.isAllowed(pod("billing", { app: "payment-service" }), internet, 443)).toBe(false);
  expect(rules.isAllowed(pod("billing", { app: "other" }), internet, 443)).toBe(true);
});

test("what comes in is not touched", () => {
  expect(connections(withLabels()).isAllowed(internet, pod("billing"), 8080)).toBe(true);
});

test("the policy can be reached through node.defaultChild", () => {
  const output = withLabels(undefined, (egress) =>
    (egress.node.defaultChild as NetworkPolicyV1).addOverride("metadata.labels", { team: "billing" }),
  );
  expect(output.resource("kubernetes_network_policy_v1").metadata).toEqual({
    name: "vault-egress",
    namespace: "billing",
    labels: { team: "billing" },
  });
});
