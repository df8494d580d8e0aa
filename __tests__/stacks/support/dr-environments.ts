import { production } from "../../../environments/production";
import type { EnvironmentDefinition } from "../../../platform/schema";
import { custodians } from "../../../environments/shared";

const licence = { secretName: "licence", key: "vault.hclic" };
/** Account and region of the secondary. */
const other = { account: "999999999999", region: "eu-west-1" };

/** Primary of DR replication. */
export const primary: EnvironmentDefinition = {
  ...production,
  vault: {
    ...production.vault,
    enterprise: {
      licence,
      dr: {
        side: "primary",
        secondary: { name: "standby", ...other },
        clusterAddress: "https://vault-cluster.us-east-1.example.com:8201",
        peerRanges: ["10.80.0.0/16"],
      },
    },
  },
};

/** Secondary of DR replication. */
export const secondary: EnvironmentDefinition = {
  ...production,
  name: "standby",
  aws: {
    ...production.aws,
    ...other,
    replica: { region: "eu-central-1" },
    unsealKeyAlias: "alias/standby-unseal",
    breakGlassPrincipal: `arn:aws:iam::${other.account}:role/vault-break-glass`,
    recoveryCustodians: custodians(other.account),
  },
  kubernetes: {
    ...production.kubernetes,
    clusterName: "standby",
    oidcProvider: "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLESTANDBY00000000000000000005",
    apiServer: "https://EXAMPLESTANDBY00000000000000000005.gr7.eu-west-1.eks.amazonaws.com",
    zones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
  },
  services: [],
  databases: [],
  vault: {
    ...production.vault,
    endpoint: "https://vault.standby.example.com",
    enterprise: {
      licence,
      dr: {
        side: "secondary",
        primary: { name: "production", account: production.aws.account },
        peerRanges: ["10.0.0.0/16"],
      },
    },
  },
};
