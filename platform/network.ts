import { Url } from "../constructs/core/url";
import type { Environment } from "./schema";

/** Port at which the endpoints of the API server listen. */
export function apiServerPortOf({
  kubernetes,
  network,
}: Pick<Environment, "kubernetes" | "network">): number {
  return network.apiServerPort ?? Url.parse(kubernetes.apiServer).port;
}
