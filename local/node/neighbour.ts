import type { KubernetesApi, KubernetesObject } from "../kubernetes";
import { BUSYBOX_IMAGE, node, ports } from "./node";

/** A namespace that is there before the platform, and a pod of it: neither is the platform's. */
export const neighbour = { namespace: "shop", name: "till" } as const;

/** Says every second whether the pod still reaches what it talks to, outside and in its database. */
const SCRIPT = [
  "while :; do",
  `if printf 'GET /v2/ HTTP/1.0\\r\\n\\r\\n' | nc -w 2 ${node.address} ${ports.registry} | grep -q ' 200 ' &&`,
  `nc -w 2 ${node.address} ${ports.postgres} </dev/null`,
  "then echo reached; else echo lost; fi",
  "sleep 1; done",
].join("\n");

/** Makes both, as somebody else did before the platform came. */
export async function applyNeighbour(api: KubernetesApi): Promise<void> {
  const { namespace, name } = neighbour;
  const labels = { app: name };
  const objects: [string, KubernetesObject][] = [
    ["namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } }],
    [
      "deployments",
      {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name, namespace },
        spec: {
          replicas: 1,
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: {
              automountServiceAccountToken: false,
              containers: [{ name, image: BUSYBOX_IMAGE, command: ["sh", "-c", SCRIPT] }],
            },
          },
        },
      } as KubernetesObject,
    ],
  ];
  for (const [plural, object] of objects) await api.apply(object, plural);
}
