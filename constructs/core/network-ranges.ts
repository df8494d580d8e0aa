import * as ipaddr from "ipaddr.js";

/**
 * Where clouds answer every pod with the credentials of its node: instance metadata (169.254.169.254 and
 * fd00:ec2::254) and the agents for pod and task identities beside it.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
 */
export const METADATA_RANGES: readonly string[] = ["169.254.0.0/16", "fd00:ec2::/32"];

/** Whether one range lies within another. */
export function liesWithin(inner: string, outer: string): boolean {
  const [outerAddress, outerBits] = ipaddr.parseCIDR(outer);
  const [innerAddress, innerBits] = ipaddr.parseCIDR(inner);
  return (
    outerAddress.kind() === innerAddress.kind() &&
    outerBits <= innerBits &&
    innerAddress.match(outerAddress, outerBits)
  );
}
