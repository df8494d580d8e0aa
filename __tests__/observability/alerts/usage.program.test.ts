import "reflect-metadata";
import { POD_0, POD_1, describeAlerts } from "../support/alert-cases";

/** vault-0 is the leader. */
const ACTIVE = {
  [`vault_core_active{${POD_0}}`]: "1x60",
  [`vault_core_active{${POD_1}}`]: "0x60",
};
const LEASES = `vault_expire_num_leases{${POD_0}}`;
const TOKENS = `vault_token_count{${POD_0},exported_namespace="root"}`;
const ROOTS = `vault_token_create_root{${POD_0}}`;
const AT_POD_0 = { job: "vault/vault", pod: "vault-0" };

const volume = (claim: string, free: string) => {
  const labels = `namespace="vault",persistentvolumeclaim="${claim}"`;
  return {
    [`kubelet_volume_stats_available_bytes{${labels}}`]: free,
    [`kubelet_volume_stats_capacity_bytes{${labels}}`]: "1000x60",
  };
};

describeAlerts("usage", {
  "VaultLeaseGrowth warning": {
    "fires when leases have doubled in a day": {
      interval: "1h",
      series: { ...ACTIVE, [LEASES]: "2000x24 4001x60" },
      at: "30h",
      fires: [{ value: "4001" }],
    },
    "fires when there are too many in any case": {
      interval: "1h",
      series: { ...ACTIVE, [LEASES]: "100001x60" },
      at: "30h",
      fires: [{ value: "100001" }],
    },
    "is silent when few leases double": {
      interval: "1h",
      series: { ...ACTIVE, [LEASES]: "400x24 990x60" },
      at: "30h",
    },
    "is silent when many leases stay as many": {
      interval: "1h",
      series: { ...ACTIVE, [LEASES]: "90000x60" },
      at: "30h",
    },
    "is silent about what a former leader still shows": {
      interval: "1h",
      series: { ...ACTIVE, [LEASES]: "500x60", [`vault_expire_num_leases{${POD_1}}`]: "200000x60" },
      at: "30h",
    },
    "compares with the leader of yesterday, whoever that was": {
      interval: "1h",
      series: {
        [`vault_core_active{${POD_0}}`]: "0x26 1x60",
        [`vault_core_active{${POD_1}}`]: "1x26 0x60",
        [LEASES]: "_x26 5000x60",
        [`vault_expire_num_leases{${POD_1}}`]: "2000x60",
      },
      at: "30h",
      fires: [{ value: "5000" }],
    },
  },
  "VaultTokenGrowth warning": {
    "fires when tokens have doubled in a day": {
      interval: "1h",
      series: { ...ACTIVE, [TOKENS]: "1500x24 3001x60" },
      at: "30h",
      fires: [{ value: "3001" }],
    },
    "counts the tokens of all namespaces of Vault": {
      interval: "1h",
      series: {
        ...ACTIVE,
        [TOKENS]: "30000x60",
        [`vault_token_count{${POD_0},exported_namespace="team"}`]: "20001x60",
      },
      at: "30h",
      fires: [{ value: "50001" }],
    },
    "is silent when tokens stay as many": {
      interval: "1h",
      series: { ...ACTIVE, [TOKENS]: "40000x60" },
      at: "30h",
    },
  },
  "VaultIrrevocableLeases warning": {
    "fires when Vault has given up a lease": {
      series: { ...ACTIVE, [`vault_expire_num_irrevocable_leases{${POD_0}}`]: "0x5 3x60" },
      at: "25m",
      fires: [{ labels: AT_POD_0, value: "3" }],
    },
    "is silent when there is none": {
      series: { ...ACTIVE, [`vault_expire_num_irrevocable_leases{${POD_0}}`]: "0x60" },
      at: "25m",
    },
    "is silent about what a former leader still shows": {
      series: { ...ACTIVE, [`vault_expire_num_irrevocable_leases{${POD_1}}`]: "3x60" },
      at: "25m",
    },
  },
  "VaultRootTokenCreated critical": {
    "fires at the first one, with which the counter appears": {
      series: { [ROOTS]: "_x90 1x90" },
      at: "92m",
      fires: [{ labels: AT_POD_0 }],
    },
    "fires at a further one": { series: { [ROOTS]: "1x90 2x90" }, at: "95m", fires: [{ labels: AT_POD_0 }] },
    "is silent when none is made": {
      series: { [`vault_token_create_count{${POD_0}}`]: "0+9x90" },
      at: "80m",
    },
    "is silent an hour later": { series: { [ROOTS]: "_x10 1x120" }, at: "80m" },
  },
  "VaultDataVolumeFilling warning": {
    "fires when less than a quarter is free": {
      series: volume("data-vault-2", "240x60"),
      at: "15m",
      fires: [{ labels: { persistentvolumeclaim: "data-vault-2" }, value: "24" }],
    },
    "is silent when a quarter is free": { series: volume("data-vault-2", "260x60"), at: "15m" },
    "is silent about other volumes": { series: volume("data-other-2", "10x60"), at: "15m" },
  },
  "VaultDataVolumeFilling critical": {
    "fires when less than a tenth is free": {
      series: volume("data-vault-2", "50x60"),
      at: "15m",
      fires: [{ labels: { persistentvolumeclaim: "data-vault-2" }, value: "5" }],
    },
    "is silent when a tenth is free": { series: volume("data-vault-2", "110x60"), at: "15m" },
  },
});
