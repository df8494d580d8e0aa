import { production } from "./production";
import { recoveryOf } from "../platform/recovery";

/**
 * Standby for production, in the region of its copies. It needs another cluster of that size. It is inactive until you
 * add it to the definitions in `index.ts`.
 */
export const drProduction = recoveryOf(production, {
  name: "dr-production",
  kubernetes: {
    clusterName: "production-west",
    oidcProvider: "oidc.eks.us-west-2.amazonaws.com/id/EXAMPLEPRODUCTIONWEST0000000000004",
    apiServer: "https://EXAMPLEPRODUCTIONWEST0000000000004.gr7.us-west-2.eks.amazonaws.com",
    zones: ["us-west-2a", "us-west-2b", "us-west-2c"],
  },
  network: {
    controlPlane: ["10.40.0.0/20"],
    vpcEndpoints: ["10.40.240.0/24"],
    apiServer: ["172.20.0.1/32"],
    clients: ["10.40.252.0/22"],
  },
});
