import type { Environment } from "../analysis/terraform/synthesized";
import type { Change } from "./changes";
import { clusterObjectChanges } from "./diff-cluster-objects";
import { rbacChanges } from "./diff-rbac";
import { releaseChanges } from "./diff-releases";
import { workloadChanges } from "./diff-workloads";
import { Cluster } from "./kubernetes-cluster";

/** Changes in Kubernetes: rights, pods, Helm releases, and objects that protect the cluster. */
export function kubernetesChanges(before: Environment, after: Environment): Change[] {
  const [was, is] = [new Cluster(before), new Cluster(after)];
  return [
    ...rbacChanges(was, is),
    ...workloadChanges(was, is),
    ...releaseChanges(before, after, is),
    ...clusterObjectChanges(was, is),
  ];
}
