import { type App, Testing } from "cdktf";
import { environment } from "../../local/platform";
import { ClusterStack } from "../../stacks/cluster/cluster-stack";
import { WorkloadsStack } from "../../stacks/workloads/workloads-stack";

/** Resources of a synthesized stack, by type and ID. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Resources = Record<string, any>;

const LAYERS = { cluster: ClusterStack, workloads: WorkloadsStack };

/**
 * Resources of a layer that the local platform does not deploy, because it has no nodes. The tests run the programs of
 * its pods.
 */
export function resourcesOf(layer: keyof typeof LAYERS): Resources {
  const app = Testing.app() as App;
  return JSON.parse(Testing.synth(new LAYERS[layer](app, environment))).resource;
}
