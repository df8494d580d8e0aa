import { Cidr } from "./cidr";
import { FormatError } from "./format-error";

/**
 * Addresses at which clouds give every pod the credentials of its node. These are instance metadata (169.254.169.254
 * and fd00:ec2::254), and the agents for pod and task identities beside the metadata.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
 */
export const METADATA_RANGES: readonly Cidr[] = ["169.254.0.0/16", "fd00:ec2::/32"].map((range) =>
  Cidr.parse(range),
);

/**
 * Parses a range that pods may connect to.
 * @throws FormatError for a range that is not canonical, and for one that contains only instance metadata
 */
export function parsePeerRange(text: string): Cidr {
  const range = Cidr.parse(text);
  if (METADATA_RANGES.some((metadata) => metadata.contains(range))) {
    throw new FormatError(
      `a network range that does not lie within ${METADATA_RANGES.join(" or ")}, where pods get the credentials of their node`,
    );
  }
  return range;
}
