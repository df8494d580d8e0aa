import { FormatError, rejection } from "./format-error";
import { Url } from "./url";

/** Port for traffic between the servers of Vault clusters. */
const CLUSTER_PORT = 8201;

/**
 * Parses the address at which a DR secondary reaches its primary.
 * @throws FormatError for another scheme or port, and for a path
 */
export function parseClusterAddress(text: string): Url {
  const allowed = `https on the cluster port, such as https://vault.example.com:${CLUSTER_PORT}`;
  const isOrigin = rejection((it) => Url.parse(it, { allowPath: false }), text) === undefined;
  if (!isOrigin || Url.parse(text).port !== CLUSTER_PORT) throw new FormatError(allowed);
  return Url.parse(text);
}
