import { describeRule } from "../support/describe-rule";
import { container, manifest, networkPolicy, nothing, resource, together, vault } from "../support/plain";

const limits = { limits: { cpu: "1", memory: "1Gi" } };
const limited = { server: { resources: limits }, injector: { resources: limits } };

describeRule("vault-resource-limits", {
  compliant: { "servers and injector with limits": vault(undefined, limited) },
  violated: {
    "the chart's defaults": [
      vault(),
      "container vault has no limit of cpu",
      "container vault has no limit of memory",
      "container sidecar-injector has no limit of cpu",
      "container sidecar-injector has no limit of memory",
    ],
    "a sidecar without a limit": [
      vault(undefined, {
        ...limited,
        server: {
          resources: limits,
          extraContainers: [{ name: "ship", resources: { limits: { cpu: "1" } } }],
        },
      }),
      "container ship has no limit of memory",
    ],
  },
  notApplicable: { "a stack without Vault": nothing },
});

describeRule("pod-resource-limits", {
  compliant: {
    "a container with limits": container({ resources: limits }),
    "Vault's pods, which another rule judges": vault(),
  },
  violated: {
    "a container without limits": [
      container({}),
      "container app: no limit of cpu",
      "container app: no limit of memory",
    ],
    "a manifest": [
      manifest({ kind: "Pod", spec: { containers: [{ name: "a", resources: limits }, { name: "b" }] } }),
      "container b: no limit of cpu",
      "container b: no limit of memory",
    ],
  },
  notApplicable: { "what makes no pods": nothing },
});

const denyAll = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };
const server = { matchLabels: { "app.kubernetes.io/name": "vault" } };

describeRule("network-policies", {
  compliant: {
    "a policy for all pods": together(vault(), networkPolicy(denyAll)),
    "a policy for the servers": together(
      vault(),
      networkPolicy({ podSelector: server, policyTypes: ["Ingress"] }),
    ),
    "a policy of the chart": vault(undefined, { server: { networkPolicy: { enabled: true } } }),
    "a namespace by its resource": together(
      vault(),
      resource("kubernetes_namespace_v1", { metadata: { name: "vault" } }, "Namespace"),
      networkPolicy(denyAll, "${kubernetes_namespace_v1.Namespace.metadata[0].name}"),
    ),
  },
  violated: {
    "no policy": [vault(), "every pod of the cluster reaches Vault's servers in vault"],
    "a policy of another namespace": [
      together(vault(), networkPolicy(denyAll, "production")),
      "every pod of the cluster reaches Vault's servers in vault",
    ],
    "a policy for other pods": [
      together(
        vault(),
        networkPolicy({ podSelector: { matchLabels: { component: "injector" } }, policyTypes: ["Ingress"] }),
      ),
      "every pod of the cluster reaches Vault's servers in vault",
    ],
    "a policy that nothing makes": [
      together(
        vault(),
        resource("kubernetes_network_policy_v1", {
          count: 0,
          metadata: { name: "p", namespace: "vault" },
          spec: { pod_selector: {}, policy_types: ["Ingress"] },
        }),
      ),
      "every pod of the cluster reaches Vault's servers in vault",
    ],
    "a policy for a label that the servers lack": [
      together(
        vault(),
        networkPolicy({ podSelector: { matchLabels: { tier: "other" } }, policyTypes: ["Ingress"] }),
      ),
      "every pod of the cluster reaches Vault's servers in vault",
    ],
    "a policy on egress": [
      together(vault(), networkPolicy({ podSelector: server, policyTypes: ["Egress"] })),
      "every pod of the cluster reaches Vault's servers in vault",
    ],
  },
  notJudged: {
    "a selector that is not known": [
      together(
        vault(),
        networkPolicy({
          podSelector: { matchLabels: { component: "${var.name}" } },
          policyTypes: ["Ingress"],
        }),
      ),
      "network policy policy perhaps isolates Vault's servers in vault",
    ],
    "a policy whose number is not known": [
      together(
        vault(),
        resource("kubernetes_network_policy_v1", {
          count: "${var.count}",
          metadata: { name: "p", namespace: "vault" },
          spec: { pod_selector: {}, policy_types: ["Ingress"] },
        }),
      ),
      "network policy p perhaps isolates Vault's servers in vault",
    ],
  },
  notApplicable: { "a stack without Vault": networkPolicy(denyAll) },
});

const ingress = (...from: object[]) =>
  networkPolicy({ ...denyAll, ingress: [{ from, ports: [{ port: "8200" }] }] });

describeRule("network-policy-open", {
  notJudged: {
    "a range that is not known": [
      ingress({ ipBlock: { cidr: "${var.range}" } }),
      "network policy policy admits peers that are not known: ${var.range}",
    ],
  },
  compliant: {
    "named namespaces": ingress({ namespaceSelector: { matchLabels: { "vault-platform/client": "true" } } }),
    "namespaces by an expression": ingress({
      namespaceSelector: { matchExpressions: [{ key: "team", operator: "Exists" }] },
    }),
    "some pods of all namespaces": ingress({
      namespaceSelector: {},
      podSelector: { matchLabels: { app: "a" } },
    }),
    nobody: networkPolicy(denyAll),
  },
  violated: {
    "all namespaces": [ingress({ namespaceSelector: {} }), "network policy policy admits everybody to 8200"],
    "no peers": [
      networkPolicy({ ...denyAll, ingress: [{ ports: [] }] }),
      "network policy policy admits everybody to all ports",
    ],
    "every address beside a named one": [
      ingress({ ipBlock: { cidr: "10.0.0.0/8" } }, { ipBlock: { cidr: "::/0" } }),
      "network policy policy admits everybody to 8200",
    ],
    "every address": [
      ingress({ ipBlock: { cidr: "0.0.0.0/0" } }),
      "network policy policy admits everybody to 8200",
    ],
    "every address in two halves": [
      ingress({ ipBlock: { cidr: "0.0.0.0/1" } }, { ipBlock: { cidr: "128.0.0.0/1" } }),
      "network policy policy admits everybody to 8200",
    ],
    "the chart's default": [
      vault(undefined, { server: { networkPolicy: { enabled: true } } }),
      "network policy release admits everybody to 8200, 8201",
    ],
    "a manifest": [
      manifest({ kind: "NetworkPolicy", metadata: { name: "m" }, spec: { podSelector: {}, ingress: [{}] } }),
      "network policy m admits everybody to all ports",
    ],
  },
  notApplicable: { "a stack without policies": nothing },
});

const fromClients = (peer: object) => together(vault(), ingress(peer));
const labelled = { matchLabels: { "vault-platform/client": "true" } };

describeRule("network-policy-clients", {
  compliant: {
    "pods and namespaces with a label": fromClients({ namespaceSelector: labelled, podSelector: labelled }),
    "a namespace that is named": fromClients({
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "external-secrets" } },
    }),
    "pods of the same namespace": fromClients({ podSelector: labelled }),
    "a policy that admits nobody": together(vault(), networkPolicy(denyAll)),
  },
  violated: {
    "every pod of namespaces with a label": [
      fromClients({ namespaceSelector: labelled }),
      "network policy policy admits every pod of the namespaces that have a label",
    ],
    "the same by an expression": [
      fromClients({ namespaceSelector: { matchExpressions: [{ key: "team", operator: "Exists" }] } }),
      "network policy policy admits every pod of the namespaces that have a label",
    ],
    "the same with a selector of all pods": [
      fromClients({ namespaceSelector: labelled, podSelector: {} }),
      "network policy policy admits every pod of the namespaces that have a label",
    ],
  },
  notApplicable: {
    "a stack without Vault": ingress({ namespaceSelector: labelled }),
    "servers without a policy, which another rule reports": vault(),
    "a policy of another namespace": together(
      vault(),
      networkPolicy({ ...denyAll, ingress: [{ from: [{ namespaceSelector: labelled }] }] }, "production"),
    ),
  },
});

const egress = (to: object[] | undefined, port?: string) =>
  networkPolicy({ ...denyAll, egress: [{ to, ports: port ? [{ port }] : undefined }] });

describeRule("instance-metadata", {
  compliant: {
    "ranges without it": egress([{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } }]),
    "another port": egress(undefined, "443"),
    "servers whose egress is isolated": together(vault(), networkPolicy(denyAll)),
  },
  violated: {
    "every address": [
      egress([{ ipBlock: { cidr: "0.0.0.0/0" } }]),
      "network policy policy lets pods reach 169.254.169.254",
      "network policy policy lets pods reach 169.254.170.23",
    ],
    "every address of version 6": [
      egress([{ ipBlock: { cidr: "::/0" } }], "80"),
      "network policy policy lets pods reach fd00:ec2::254",
    ],
    "no restriction at all": [
      egress(undefined),
      "network policy policy lets pods reach 169.254.169.254",
      "network policy policy lets pods reach 169.254.170.23",
      "network policy policy lets pods reach fd00:ec2::254",
    ],
    "servers whose egress nothing isolates": [
      vault(),
      "no network policy isolates what Vault's servers in vault call",
    ],
  },
  notApplicable: { "a stack without policies": nothing },
});
