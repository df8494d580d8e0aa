import { ScriptBench } from "./script-bench";

jest.setTimeout(120_000);

let bench: ScriptBench;

beforeEach(() => {
  const servers = [0, 1, 2].map((ordinal) => `https://vault-${ordinal}:8200`).join(" ");
  bench = new ScriptBench({ REPLICAS: "3", TOOLS_DIR: "/nowhere", VAULT_SERVERS: servers });
  follows("https://vault-1:8200", 91);
  bench.set("initialised", "yes");
  bench.set("pods", "vault-0,old,uid-a\nvault-1,old,uid-b\nvault-2,old,uid-c\n");
  bench.set("active", "vault-1");
  health("healthy=true", "failure_tolerance=1");
});

afterEach(() => {
  bench.expectNoSecret();
  bench.remove();
});

function health(...fields: string[]): void {
  bench.set("data/sys_storage_raft_autopilot_state", `${fields.join("\n")}\n`);
}

/** Sets the leader and the applied index that a server reports. The leader's index is 91. */
function follows(leader: string, applied: number): void {
  const fields = [`leader_address=${leader}`, "raft_committed_index=91", `raft_applied_index=${applied}`];
  bench.set("data/sys_leader", `${fields.join("\n")}\n`);
}

const rollout = (environment = {}) => bench.run("rollout.sh", environment);

/** Deleted pods and step-downs, in order. */
const steps = () =>
  bench
    .calls()
    .filter((call) => /delete pod|step-down/.test(call))
    .map((call) => /delete pod (\S+)/.exec(call)?.[1] ?? "step-down");

test("replaces standbys one by one, then steps down and replaces the active server", () => {
  const { code, output } = rollout();
  expect(output).toContain("All 3 servers run revision new");
  expect(code).toBe(0);
  expect(steps()).toEqual(["vault-2", "vault-0", "step-down", "vault-1"]);
});

test("checks Vault's health between any two steps and revokes each login", () => {
  rollout();
  const checks = bench
    .calls()
    .filter((call) => /delete pod|step-down|-field=healthy/.test(call))
    .map((call) => (call.includes("healthy") ? "healthy" : "step"));
  expect(checks).toEqual([
    ...["healthy", "step", "healthy", "step", "healthy"],
    ...["step", "step", "healthy"],
  ]);
  expect(bench.policies().filter((policy) => policy !== "terraform-bootstrap")).toEqual([]);
});

test("logs in at the given mount with the given role", () => {
  bench.set("auth-path", "k8s");
  expect(rollout({ AUTH_PATH: "k8s", LOGIN_ROLE: "roller" })).toMatchObject({ code: 0 });
  const logins = bench.calls("/login");
  expect(logins.length).toBeGreaterThan(1);
  expect(logins.filter((call) => !call.includes(" auth/k8s/login role=roller "))).toEqual([]);
});

test("keeps servers at the current revision and does not call Vault", () => {
  bench.set("pods", "vault-0,new,uid-a\nvault-1,new,uid-b\nvault-2,new,uid-c\n");
  const { code, output } = rollout();
  expect(code).toBe(0);
  expect(output).toContain("All servers run revision new.");
  expect(bench.calls("vault ").filter((call) => call.startsWith("vault "))).toEqual([]);
});

test("continues an interrupted rollout with the remaining servers", () => {
  bench.set("pods", "vault-0,old,uid-a\nvault-1,old,uid-b\nvault-2,new,uid-c\n");
  expect(rollout().code).toBe(0);
  expect(steps()).toEqual(["vault-0", "step-down", "vault-1"]);
});

test("replaces a single server without a step-down", () => {
  bench.set("pods", "vault-0,old,uid-a\n");
  bench.set("active", "vault-0");
  health("healthy=true", "failure_tolerance=0");
  expect(rollout({ REPLICAS: "1" }).code).toBe(0);
  expect(steps()).toEqual(["vault-0"]);
});

describe("the check before a rollout", () => {
  afterEach(() => expect(steps()).toEqual([]));

  test("stops while Vault is not healthy", () => {
    health("healthy=false", "failure_tolerance=0");
    const { code, output } = rollout({ TIMEOUT_SECONDS: "1" });
    expect(code).toBe(1);
    expect(output).toContain("Vault to be healthy before anything is replaced (nothing was)");
    expect(output).toContain("healthy is false, 0 servers could be lost");
  });

  test("stops while a server is missing, even if autopilot reports healthy", () => {
    health("healthy=true", "failure_tolerance=0");
    const { code, output } = rollout({ TIMEOUT_SECONDS: "1" });
    expect(code).toBe(1);
    expect(output).toContain("0 servers could be lost");
  });

  test("stops while the controller has not observed the change", () => {
    bench.set("observed", "6\n");
    const { code, output } = rollout({ TIMEOUT_SECONDS: "1" });
    expect(code).toBe(1);
    expect(output).toContain("waited in vain for the StatefulSet's new revision");
  });
});

test("stops at the first server that does not come back", () => {
  bench.set("stuck", "");
  const { code, output } = rollout({ SERVER_TIMEOUT_SECONDS: "1" });
  expect(code).toBe(1);
  expect(output).toContain("waited in vain for vault-2 to run the new revision, unsealed");
  expect(output).toContain("vault-2 is at revision 'old'");
  expect(steps()).toEqual(["vault-2"]);
});

test.each([
  ["follows nobody", "", 91, "vault-2 follows '' and is at 91, the leader at 91"],
  ["is behind", "https://vault-1:8200", 90, "is at 90, the leader at 91"],
])("stops if a server %s, even if autopilot last reported healthy", (_what, leader, applied, cause) => {
  follows(leader, applied);
  const { code, output } = rollout({ SERVER_TIMEOUT_SECONDS: "1" });
  expect(code).toBe(1);
  expect(output).toContain("waited in vain for vault-2 to have caught up with the leader");
  expect(output).toContain(cause);
  expect(steps()).toEqual(["vault-2"]);
});

test("does not replace a server that fails to step down", () => {
  bench.failOnce("vault operator step-down");
  expect(rollout().code).not.toBe(0);
  expect(steps()).toEqual(["vault-2", "vault-0", "step-down"]);
});
