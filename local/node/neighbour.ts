import type { KubernetesApi, KubernetesObject } from "../kubernetes";
import { BUSYBOX_IMAGE, node, ports } from "./node";

/** A namespace and a pod that exist before the platform and do not belong to it. */
export const neighbour = { namespace: "shop", name: "till" } as const;

/** Prints every second whether the pod still reaches the registry and the database on the node. */
const SCRIPT = [
  "while :; do",
  `if printf 'GET /v2/ HTTP/1.0\\r\\n\\r\\n' | nc -w 2 ${node.address} ${ports.registry} | grep -q ' 200 ' &&`,
  `nc -w 2 ${node.address} ${ports.postgres} </dev/null`,
  "then echo reached; else echo lost; fi",
  "sleep 1; done",
].join("\n");

/** Creates both, as another team would before the platform is installed. */
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
