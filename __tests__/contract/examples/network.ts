import * as api from "../../../constructs";
import { type Example, type World, call, construct } from "./world";

/** Egress policy that allows DNS. */
const asking = (world: World, dns: api.ClusterDns) =>
  new api.WorkloadEgressPolicy(world.stack, world.nextId(), {
    namespace: "production",
    podLabels: { app: "payment-service" },
    vault: world.vault,
    dns,
  });

const leading = (world: World, to: api.EgressTarget) =>
  new api.WorkloadEgressPolicy(world.stack, world.nextId(), {
    namespace: "production",
    podLabels: { app: "payment-service" },
    vault: world.vault,
    egress: [{ name: "api", to, ports: [443] }],
  });

const database = { name: "payments-db", host: "payments-db.production.svc", port: 5432, targetPort: 5433 };

const ranges = ["10.0.0.0/16"];

/** Examples of network policies. */
export const networkExamples: Readonly<Record<string, Example>> = {
  "ClusterDns.pods": call(
    (world, props: never) => asking(world, api.ClusterDns.pods(props)),
    () => [{ namespace: "kube-system", podLabels: { app: "dns" }, podPort: 5353 }],
  ),
  "ClusterDns.nodeLocalCache": call(
    (world, props: never) => asking(world, api.ClusterDns.nodeLocalCache(props)),
    () => [
      { namespace: "kube-system", podLabels: { app: "dns" }, podPort: 5353, ranges: ["169.254.20.10/32"] },
    ],
  ),
  "ClusterDns.nodes": call(
    (world, props: never) => asking(world, api.ClusterDns.nodes(props)),
    () => [{ ranges: ["172.20.0.10/32"] }],
  ),
  "ClusterDns.egress": call(
    (_, scope: never) => api.ClusterDns.pods().egress(scope),
    (world) => [world.stack],
  ),
  "EgressTarget.ranges": call(
    (world, list: never) => leading(world, api.EgressTarget.ranges(list)),
    () => [ranges],
  ),
  "EgressTarget.pods": call(
    (world, namespace: never, labels: never) => leading(world, api.EgressTarget.pods(namespace, labels)),
    () => ["production", { app: "api" }],
  ),
  NetworkPolicies: construct(api.NetworkPolicies, (world) => ({
    namespace: "vault",
    releaseName: "vault",
    controlPlane: ranges,
    apiServerPort: 6443,
    apiServer: ["172.20.0.1/32"],
    dns: api.ClusterDns.pods(),
    unsafeAllowUnlabelledClients: true,
    clientNamespaces: ["legacy"],
    clientPods: [{ namespace: "external-secrets", podLabels: { app: "external-secrets" } }],
    clientRanges: ["10.1.0.0/16"],
    monitoringNamespace: "monitoring",
    vpcEndpoints: ["10.2.0.0/16"],
    proxy: world.proxy,
    awsHosts: ["kms.us-east-1.amazonaws.com"],
    databases: [{ ...database, ranges }],
    externalEndpoints: [{ name: "siem", host: "siem.example.com", port: 443, targetPort: 8443, ranges }],
  })),
  WorkloadEgressPolicy: construct(api.WorkloadEgressPolicy, (world) => ({
    namespace: "production",
    podLabels: { app: "payment-service" },
    vault: world.vault,
    name: "vault-egress",
    dns: api.ClusterDns.pods(),
    databases: [{ ...database, ranges }],
    egress: [{ name: "api", to: api.EgressTarget.internet(), ports: [443], protocol: "TCP" }],
  })),
};
