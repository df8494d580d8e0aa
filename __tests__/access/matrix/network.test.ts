import { testDangerous, testNamed } from "../support/matrix";
import type { Production } from "../support/production";

const policy = (production: Production, name: string) =>
  production.resource("kubernetes_network_policy_v1", name).spec;
const ranges = (...cidrs: string[]) => cidrs.map((cidr) => ({ ip_block: { cidr } }));

describe("access diff of production: networks", () => {
  testDangerous([
    [
      "clients everywhere",
      (production) => policy(production, "Network_Server").ingress.push({ from: ranges("0.0.0.0/0") }),
      "0.0.0.0/0",
      "wildcard",
    ],
    [
      "clients everywhere, by two halves",
      (production) =>
        policy(production, "Network_Server").ingress.push({ from: ranges("0.0.0.0/1", "128.0.0.0/1") }),
      "128.0.0.0/1",
      "wildcard",
    ],
    [
      "clients everywhere, by two rules",
      (production) =>
        policy(production, "Network_Server").ingress.push(
          { from: ranges("0.0.0.0/1") },
          { from: ranges("128.0.0.0/1") },
        ),
      "128.0.0.0/1",
      "wildcard",
    ],
    [
      "clients everywhere, by a rule without peers",
      (production) => policy(production, "Network_Server").ingress.push({}),
      "anyone",
      "wildcard",
    ],
    [
      "clients in all namespaces",
      (production) =>
        policy(production, "Network_Server").ingress.push({ from: [{ namespace_selector: {} }] }),
      "all namespaces",
    ],
    [
      "Vault reaches everywhere",
      (production) => policy(production, "Network_Server").egress.push({ to: ranges("::/0") }),
      "::/0",
      "wildcard",
    ],
    [
      "a range that only Terraform knows",
      (production) => policy(production, "Network_Server").ingress.push({ from: ranges("${var.range}") }),
      "unreadable",
    ],
    [
      "the policy that closes the namespace is gone",
      (production) => production.remove("kubernetes_network_policy_v1", "Network_1C6012B5"),
      "open",
      "wildcard",
    ],
    [
      "the policy that closes the namespace is made zero times",
      (production) => (production.resource("kubernetes_network_policy_v1", "Network_1C6012B5").count = 0),
      "open",
      "wildcard",
    ],
    [
      "the policy that closes the namespace is for some pods",
      (production) => (policy(production, "Network_1C6012B5").pod_selector = { match_labels: { a: "b" } }),
      "open",
    ],
    [
      "the policy that closes the namespace counts for one direction",
      (production) => (policy(production, "Network_1C6012B5").policy_types = ["Ingress"]),
      "Egress",
      "wildcard",
    ],
    [
      "a second policy opens the servers",
      (production) =>
        production.add("kubernetes_network_policy_v1", {
          metadata: { name: "extra", namespace: "vault" },
          spec: { pod_selector: {}, policy_types: ["Ingress"], ingress: [{}] },
        }),
      "vault/extra",
      "wildcard",
    ],
    [
      "a policy in a manifest opens the servers",
      (production) =>
        production.add("kubernetes_manifest", {
          manifest: {
            apiVersion: "networking.k8s.io/v1",
            kind: "NetworkPolicy",
            metadata: { name: "extra", namespace: "vault" },
            spec: { podSelector: {}, policyTypes: ["Ingress"], ingress: [{}] },
          },
        }),
      "vault/extra",
      "wildcard",
    ],
    [
      "a Service for the world",
      (production) =>
        production.add("kubernetes_service_v1", {
          metadata: { name: "extra", namespace: "vault" },
          spec: { type: "LoadBalancer", selector: { component: "server" } },
        }),
      "LoadBalancer",
    ],
    [
      "a Service on every node",
      (production) =>
        production.add("kubernetes_service_v1", {
          metadata: { name: "extra", namespace: "vault" },
          spec: { type: "NodePort", selector: { component: "server" } },
        }),
      "NodePort",
    ],
    [
      "an Ingress of Vault",
      (production) =>
        production.add("kubernetes_ingress_v1", {
          metadata: { name: "extra", namespace: "vault" },
          spec: { rule: [{ host: "vault.example.com" }] },
        }),
      "vault/extra",
    ],
    [
      "replication with another network",
      (production) =>
        policy(production, "Replication_ServerPolicy").ingress.push({ from: ranges("0.0.0.0/0") }),
      "0.0.0.0/0",
      "wildcard",
    ],
  ]);

  testNamed([
    [
      "the policy of the servers is gone, and another one closes the namespace",
      (production) => production.remove("kubernetes_network_policy_v1", "Network_Server"),
      "vault/",
    ],
    [
      "a service reaches a range",
      (production) =>
        policy(production, "production-payment-service").egress.push({ to: ranges("10.1.0.0/16") }),
      "10.1.0.0/16",
    ],
    [
      "a service reaches less",
      (production) => policy(production, "production-payment-service").egress.pop(),
      "production/payment-service-egress",
    ],
  ]);
});
