import "reflect-metadata";
import { JOB, POD_0, POD_1, POD_2, describeAlerts, vaultAlerts } from "../support/alert-cases";

const UP = {
  [`up{${POD_0}}`]: "1x60",
  [`up{${POD_1}}`]: "1x60",
  [`up{${POD_2}}`]: "1x60",
};
const UNSEALED = {
  [`vault_core_unsealed{${POD_0}}`]: "1x60",
  [`vault_core_unsealed{${POD_1}}`]: "1x60",
  [`vault_core_unsealed{${POD_2}}`]: "1x60",
};
/** vault-0 is the leader. */
const ACTIVE = {
  [`vault_core_active{${POD_0}}`]: "1x60",
  [`vault_core_active{${POD_1}}`]: "0x60",
  [`vault_core_active{${POD_2}}`]: "0x60",
};

describeAlerts("servers", {
  "VaultMetricsMissing critical": {
    "fires when every scrape fails": {
      series: { [`up{${POD_0}}`]: "0x60", [`up{${POD_1}}`]: "0x60" },
      at: "10m",
      fires: [{}],
    },
    "fires when there is nothing to scrape": {
      series: { 'up{job="another"}': "1x60" },
      at: "10m",
      fires: [{}],
    },
    "is silent while one server is scraped": {
      series: { [`up{${POD_0}}`]: "1x60", [`up{${POD_1}}`]: "0x60" },
      at: "10m",
    },
    "is silent during the first minutes": { series: { [`up{${POD_0}}`]: "0x60" }, at: "4m" },
  },
  "VaultServerDown warning": {
    "fires when one of three is not scraped": {
      series: { ...UP, [`up{${POD_2}}`]: "0x60" },
      at: "12m",
      fires: [{ value: "2" }],
    },
    "fires when one of three has no pod": {
      series: { [`up{${POD_0}}`]: "1x60", [`up{${POD_1}}`]: "1x60" },
      at: "12m",
      fires: [{ value: "2" }],
    },
    "is silent when all are scraped": { series: UP, at: "30m" },
    "is silent while a server restarts": { series: { ...UP, [`up{${POD_2}}`]: "1x9 0x5 1x40" }, at: "16m" },
  },
  "VaultSealed critical": {
    "fires for the sealed server alone": {
      series: { ...UP, ...UNSEALED, [`vault_core_unsealed{${POD_1}}`]: "0x60" },
      at: "5m",
      fires: [{ labels: { pod: "vault-1" } }],
    },
    "goes on when Vault has forgotten that it said so": {
      series: { ...UP, ...UNSEALED, [`vault_core_unsealed{${POD_1}}`]: "0x20 stale" },
      at: "40m",
      fires: [{ labels: { pod: "vault-1" } }],
    },
    "is silent when all are unsealed": { series: { ...UP, ...UNSEALED }, at: "10m" },
    "is silent about a server that is not there": {
      series: { ...UP, ...UNSEALED, [`up{${POD_2}}`]: "0x60", [`vault_core_unsealed{${POD_2}}`]: "stale" },
      at: "10m",
    },
    "is silent about other jobs": {
      series: { ...UP, ...UNSEALED, 'up{job="another",namespace="vault",pod="x"}': "1x60" },
      at: "10m",
    },
  },
  "VaultNoLeader critical": {
    "fires when all are standbys": {
      series: { ...UP, ...ACTIVE, [`vault_core_active{${POD_0}}`]: "1x5 0x60" },
      at: "8m",
      fires: [{}],
    },
    "fires when sealed servers say nothing of it": { series: UP, at: "3m", fires: [{}] },
    "is silent when one leads": { series: { ...UP, ...ACTIVE }, at: "10m" },
    "is silent during an election": {
      series: { ...UP, ...ACTIVE, [`vault_core_active{${POD_0}}`]: "1x5 0x0 1x60" },
      at: "6m",
    },
    "leaves it to VaultMetricsMissing when nothing is scraped": {
      series: { [`up{${POD_0}}`]: "0x60" },
      at: "10m",
    },
  },
  "VaultAutopilotUnhealthy warning": {
    "fires by what the leader says": {
      series: { ...ACTIVE, [`vault_autopilot_healthy{${POD_0}}`]: "1x5 0x60" },
      at: "15m",
      fires: [{ labels: { job: "vault/vault", pod: "vault-0" } }],
    },
    "is silent when the leader is content": {
      series: { ...ACTIVE, [`vault_autopilot_healthy{${POD_0}}`]: "1x60" },
      at: "15m",
    },
    "is silent about what a former leader still shows": {
      series: {
        ...ACTIVE,
        [`vault_autopilot_healthy{${POD_0}}`]: "1x60",
        [`vault_autopilot_healthy{${POD_1}}`]: "0x60",
      },
      at: "15m",
    },
  },
  "VaultRaftPeersMissing critical": {
    "fires when one of three servers is lost": {
      series: { ...ACTIVE, [`vault_autopilot_failure_tolerance{${POD_0}}`]: "1x5 0x60" },
      at: "20m",
      fires: [{ labels: { job: "vault/vault", pod: "vault-0" }, value: "0" }],
    },
    "is silent when one may be lost": {
      series: { ...ACTIVE, [`vault_autopilot_failure_tolerance{${POD_0}}`]: "1x60" },
      at: "20m",
    },
    "is silent while a server restarts": {
      series: { ...ACTIVE, [`vault_autopilot_failure_tolerance{${POD_0}}`]: "1x5 0x7 1x60" },
      at: "14m",
    },
  },
  "VaultRequestsStuck critical": {
    "fires when requests wait and none is finished": {
      series: {
        [`vault_core_in_flight_requests{${POD_0}}`]: "1x3 9x60",
        [`vault_core_handle_request_count{${POD_0}}`]: "0+100x3 300x60",
      },
      at: "12m",
      fires: [{ labels: { pod: "vault-0" }, value: "9" }],
    },
    "is silent when many wait and many are finished": {
      series: {
        [`vault_core_in_flight_requests{${POD_0}}`]: "90x60",
        [`vault_core_handle_request_count{${POD_0}}`]: "0+100x60",
      },
      at: "12m",
    },
    "is silent when a few listen to an idle server": {
      series: {
        [`vault_core_in_flight_requests{${POD_0}}`]: "2x60",
        [`vault_core_handle_request_count{${POD_0}}`]: "100x60",
      },
      at: "12m",
    },
    "is silent when nobody asks": {
      series: {
        [`vault_core_in_flight_requests{${POD_0}}`]: "0x60",
        [`vault_core_handle_request_count{${POD_0}}`]: "100x60",
      },
      at: "12m",
    },
  },
});

describe("the size of the cluster", () => {
  const rules = (replicas: number) => vaultAlerts({ replicas }).groups[0].rules;
  const expr = (replicas: number, name: string) => rules(replicas).find(({ alert }) => alert === name)?.expr;

  test("has no alert about lost Raft peers for one server, which tolerates no loss", () => {
    expect(rules(1).map(({ alert }) => alert)).not.toContain("VaultRaftPeersMissing");
  });

  test.each([
    [3, 1],
    [5, 2],
    [7, 3],
  ])("expects %i servers to survive the loss of %i", (replicas, tolerance) => {
    expect(expr(replicas, "VaultRaftPeersMissing")).toMatch(new RegExp(`< ${tolerance}$`));
    expect(expr(replicas, "VaultServerDown")).toMatch(new RegExp(`< ${replicas}$`));
  });
});

test("uses the monitor's job in the series of the cases", () => {
  expect(vaultAlerts().groups[0].rules[0].expr).toContain(JOB);
});
