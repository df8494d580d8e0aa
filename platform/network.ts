import { Url } from "../constructs/core/url";
import type { Environment } from "./schema";

/** Port of the API server's endpoints. */
export function apiServerPortOf({
  kubernetes,
  network,
}: Pick<Environment, "kubernetes" | "network">): number {
  return network.apiServerPort ?? Url.parse(kubernetes.apiServer).port;
}
