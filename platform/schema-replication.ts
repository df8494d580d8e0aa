import { z } from "zod";
import * as field from "./fields";

const peerRanges = z.array(field.cidr).min(1, "at least one network range");

/** DR replication, from the side of this environment. Both environments must define their side. */
export const replication = z.discriminatedUnion(
  "side",
  [
    z.strictObject({
      side: z.literal("primary"),
      secondary: z.strictObject({ name: field.name, account: field.account, region: field.region }),
      clusterAddress: field.clusterAddress,
      peerRanges,
    }),
    z.strictObject({
      side: z.literal("secondary"),
      primary: z.strictObject({ name: field.name, account: field.account }),
      peerRanges,
      replacesCluster: field
        .text(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, "a cluster's id as the Job names it")
        .optional(),
    }),
  ],
  "one side of DR replication: primary or secondary",
);
