import { z } from "zod";
import * as field from "./fields";

const peerRanges = z.array(field.cidr).min(1, "at least one network range");

/** DR replication, by the side that the environment is on. Both sides have to be defined, each in its own words. */
export const replication = z.discriminatedUnion(
  "side",
  [
    z.strictObject({
      side: z.literal("primary"),
      /** The environment that stands by. */
      secondary: z.strictObject({ name: field.name, account: field.account, region: field.region }),
      /** Where the secondary's servers reach the cluster port of the active server; TLS passes through. */
      clusterAddress: field.clusterAddress,
      /** Ranges of the secondary's servers, and of load balancers in between. */
      peerRanges,
    }),
    z.strictObject({
      side: z.literal("secondary"),
      /** The environment that it stands by for. */
      primary: z.strictObject({ name: field.name, account: field.account }),
      /** Ranges of the primary's servers, and of load balancers in between. */
      peerRanges,
      /** Id of this cluster, once its own data may be wiped. @default - its own data stops the Job */
      replacesCluster: field
        .text(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, "a cluster's id as the Job names it")
        .optional(),
    }),
  ],
  "one side of DR replication: primary or secondary",
);
