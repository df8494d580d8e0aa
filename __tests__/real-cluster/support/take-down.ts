import { show } from "./shell";

/** Takes the node away that the run has made, unless it is to be looked at (KEEP_CLUSTER). */
export default async function takeDown(): Promise<void> {
  if (process.env.KEEP_CLUSTER || !process.env.KUBECONFIG?.includes("/.cluster/")) return;
  await show("npm", ["run", "--silent", "cluster", "--", "down"]);
}
