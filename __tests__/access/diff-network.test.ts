import { NetworkPolicyV1, type NetworkPolicyV1Spec } from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import type { TerraformStack } from "cdktf";
import { changesOf } from "./support/changes";

const nobody = () => undefined;

describe("access diff of network policies", () => {
  const policy = (spec: NetworkPolicyV1Spec) => (stack: TerraformStack) => {
    new NetworkPolicyV1(stack, "Policy", { metadata: { name: "vault", namespace: "vault" }, spec });
  };
  const closed: NetworkPolicyV1Spec = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };
  const peers = (egress: NetworkPolicyV1Spec["egress"]) => policy({ ...closed, egress });
  const labels = (name: string) => ({ matchLabels: { name } });

  it.each<[string, NetworkPolicyV1Spec["egress"], string]>([
    [
      "pods of the namespace",
      [{ to: [{ podSelector: labels("db") }], ports: [{ port: "5432" }] }],
      "+ to pods name=db at 5432/TCP",
    ],
    [
      "another namespace",
      [{ to: [{ namespaceSelector: labels("db") }] }],
      "+ to all pods in namespaces name=db at any port [cross-namespace]",
    ],
    [
      "all namespaces",
      [{ to: [{ namespaceSelector: {} }] }],
      "+ to all pods in all namespaces at any port [wildcard, cross-namespace]",
    ],
    [
      "a range",
      [
        {
          to: [{ ipBlock: { cidr: "10.0.0.0/8", except: ["10.1.0.0/16"] } }],
          ports: [{ port: "1", endPort: 9, protocol: "UDP" }],
        },
      ],
      "+ to 10.0.0.0/8 but 10.1.0.0/16 at 1-9/UDP",
    ],
    ["everywhere", [{ to: [{ ipBlock: { cidr: "0.0.0.0/0" } }] }], "+ to 0.0.0.0/0 at any port [wildcard]"],
    ["anyone", [{ ports: [{ port: "443" }] }], "+ to anyone at 443/TCP [wildcard]"],
  ])("reports egress to %s", (_what, egress, expected) => {
    expect(changesOf(policy(closed), peers(egress))).toEqual([
      `network wider: network policy vault/vault: ${expected}`,
    ]);
    expect(changesOf(peers(egress), policy(closed))).toEqual([
      `network narrower: network policy vault/vault: ${expected.replace("+ ", "- ").replace(/ \[.*/, "")}`,
    ]);
  });

  it("reports traffic as open if a policy or one of its directions is removed", () => {
    expect(changesOf(policy(closed), nobody)).toEqual([
      "network wider: network policy vault/vault: - the policy: pods that no other one selects are open [wildcard]",
    ]);
    expect(changesOf(policy(closed), policy({ ...closed, policyTypes: ["Ingress"] }))).toEqual([
      "network wider: network policy vault/vault: - Egress: that direction is open for pods that no other policy selects [wildcard]",
    ]);
  });

  it("reports pods that a changed selector leaves open", () => {
    expect(changesOf(policy(closed), policy({ ...closed, podSelector: labels("db") }))).toEqual([
      "network wider: network policy vault/vault: all pods -> pods name=db: pods that no policy selects any more are open [wildcard]",
    ]);
  });

  describe("ranges", () => {
    const to = (...cidrs: string[]) => peers([{ to: cidrs.map((cidr) => ({ ipBlock: { cidr } })) }]);

    test.each([
      ["halves of IPv4", ["0.0.0.0/1", "128.0.0.0/1"]],
      ["halves of IPv6", ["::/1", "8000::/1"]],
      ["quarters", ["0.0.0.0/2", "64.0.0.0/2", "128.0.0.0/2", "192.0.0.0/2"]],
      [
        "everything but private addresses",
        ["1.0.0.0/8", "2.0.0.0/7", "4.0.0.0/6", "8.0.0.0/7", "11.0.0.0/8", "12.0.0.0/6"],
      ],
    ])("labels %s as the whole internet", (_what, cidrs) => {
      const rows = changesOf(policy(closed), to(...cidrs));

      expect(rows).toHaveLength(cidrs.length);
      for (const row of rows) expect(row).toMatch(/ \[wildcard\]$/);
    });

    test("reports no change for the same addresses or ports in another spelling", () => {
      expect(changesOf(to("10.0.0.0/8"), to("10.0.0.0/9", "10.128.0.0/9"))).toEqual([]);
      expect(changesOf(to("10.0.0.0/9", "10.128.0.0/9"), to("10.0.0.0/8"))).toEqual([]);
      const ports = (...list: { port: string; endPort?: number }[]) =>
        peers([{ to: [{ ipBlock: { cidr: "10.0.0.0/8" } }], ports: list }]);
      expect(
        changesOf(
          ports({ port: "1", endPort: 9 }),
          ports({ port: "1", endPort: 4 }, { port: "5", endPort: 9 }),
        ),
      ).toEqual([]);
    });

    test("reports only the addresses that are new", () => {
      expect(
        changesOf(to("10.0.0.0/9", "10.128.0.0/9"), to("10.0.0.0/8", "10.1.0.0/16", "192.0.2.0/24")),
      ).toEqual(["network wider: network policy vault/vault: + to 192.0.2.0/24 at any port"]);
      const but = (except: string[]) => peers([{ to: [{ ipBlock: { cidr: "10.0.0.0/8", except } }] }]);
      expect(changesOf(but(["10.1.0.0/16"]), but([]))).toEqual([
        "network wider: network policy vault/vault: + to 10.0.0.0/8 at any port",
      ]);
    });

    test("names a range that only Terraform knows", () => {
      expect(changesOf(policy(closed), to("${var.range}"))).toEqual([
        "network wider: network policy vault/vault: + to {{terraform var.range}} at any port [unreadable]",
      ]);
    });
  });

  describe("several policies", () => {
    const inProduction = (name: string, spec: NetworkPolicyV1Spec) => (stack: TerraformStack) => {
      new NetworkPolicyV1(stack, name, { metadata: { name, namespace: "production" }, spec });
    };
    const both =
      (...builds: ((stack: TerraformStack) => void)[]) =>
      (stack: TerraformStack) => {
        for (const build of builds) build(stack);
      };
    const denyAll = inProduction("deny-all", closed);
    const open = [{ to: [{ ipBlock: { cidr: "0.0.0.0/0" } }] }];
    const invoice = inProduction("invoice", { ...closed, podSelector: labels("invoice"), egress: open });

    test("a new policy restricts pods that no policy selects", () => {
      expect(changesOf(nobody, invoice)).toEqual([
        "network narrower: network policy production/invoice: + Ingress is restricted to: nothing",
        "network narrower: network policy production/invoice: + Egress is restricted to: to 0.0.0.0/0 at any port",
      ]);
    });

    test("a new service in its namespace is not dangerous, also beside a policy for all pods", () => {
      expect(changesOf(denyAll, both(denyAll, invoice))).toEqual([
        "network wider: network policy production/invoice: + to 0.0.0.0/0 at any port",
      ]);
    });

    test("a new policy that opens pods of others is dangerous", () => {
      const everyone = inProduction("everyone", { ...closed, egress: open });

      expect(changesOf(both(denyAll, invoice), both(denyAll, invoice, everyone))).toEqual([
        "network wider: network policy production/everyone: + to 0.0.0.0/0 at any port [wildcard]",
      ]);
    });

    test("clients everywhere are dangerous at Vault, also by a new policy", () => {
      const clients = policy({ podSelector: labels("vault"), policyTypes: ["Ingress"], ingress: [{}] });

      expect(changesOf(nobody, clients)).toEqual([
        "network narrower: network policy vault/vault: + Ingress is restricted to: from anyone at any port [wildcard]",
      ]);
    });

    test("a removed policy takes its access away if another one still isolates its pods", () => {
      expect(changesOf(both(denyAll, invoice), denyAll)).toEqual([
        "network narrower: network policy production/invoice: - to 0.0.0.0/0 at any port",
      ]);
      expect(changesOf(invoice, nobody)).toEqual([
        "network wider: network policy production/invoice: - the policy: pods that no other one selects are open [wildcard]",
      ]);
    });

    test("reports no change for another name", () => {
      const renamed = inProduction("renamed", { ...closed, podSelector: labels("invoice"), egress: open });

      expect(changesOf(invoice, renamed)).toEqual([]);
    });

    test("does not count on a policy whose number is unknown", () => {
      const perhaps = (stack: TerraformStack) => {
        invoice(stack);
        (stack.node.findChild("invoice") as NetworkPolicyV1).addOverride("count", "${var.count}");
      };

      expect(changesOf(invoice, perhaps)).toEqual([
        "network wider: network policy production/invoice: perhaps the policy is gone: its `count` or `for_each` is not known [wildcard]",
      ]);
    });
  });
});
