import { show } from "./shell";

/** Deletes the cluster that the run has created. Set KEEP_CLUSTER to keep it for inspection. */
export default async function takeDown(): Promise<void> {
  if (process.env.KEEP_CLUSTER || !process.env.KUBECONFIG?.includes("/.cluster/")) return;
  await show("npm", ["run", "--silent", "cluster", "--", "down"]);
}
