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

test("standbys are replaced first, one by one, and the active server last, after it has stepped down", () => {
  const { code, output } = rollout();
  expect(output).toContain("All 3 servers run revision new");
  expect(code).toBe(0);
  expect(steps()).toEqual(["vault-2", "vault-0", "step-down", "vault-1"]);
});

test("Vault is healthy between any two steps, by a login that ends each time", () => {
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

test("each login is at the mount and by the role that it is given", () => {
  bench.set("auth-path", "k8s");
  expect(rollout({ AUTH_PATH: "k8s", LOGIN_ROLE: "roller" })).toMatchObject({ code: 0 });
  const logins = bench.calls("/login");
  expect(logins.length).toBeGreaterThan(1);
  expect(logins.filter((call) => !call.includes(" auth/k8s/login role=roller "))).toEqual([]);
});

test("servers at the current revision are left alone, and Vault is not even asked", () => {
  bench.set("pods", "vault-0,new,uid-a\nvault-1,new,uid-b\nvault-2,new,uid-c\n");
  const { code, output } = rollout();
  expect(code).toBe(0);
  expect(output).toContain("All servers run revision new.");
  expect(bench.calls("vault ").filter((call) => call.startsWith("vault "))).toEqual([]);
});

test("an interrupted rollout goes on with the servers that are left", () => {
  bench.set("pods", "vault-0,old,uid-a\nvault-1,old,uid-b\nvault-2,new,uid-c\n");
  expect(rollout().code).toBe(0);
  expect(steps()).toEqual(["vault-0", "step-down", "vault-1"]);
});

test("a single server is replaced without stepping down", () => {
  bench.set("pods", "vault-0,old,uid-a\n");
  bench.set("active", "vault-0");
  health("healthy=true", "failure_tolerance=0");
  expect(rollout({ REPLICAS: "1" }).code).toBe(0);
  expect(steps()).toEqual(["vault-0"]);
});

describe("nothing is replaced", () => {
  afterEach(() => expect(steps()).toEqual([]));

  test("while Vault is not healthy", () => {
    health("healthy=false", "failure_tolerance=0");
    const { code, output } = rollout({ TIMEOUT_SECONDS: "1" });
    expect(code).toBe(1);
    expect(output).toContain("Vault to be healthy before anything is replaced (nothing was)");
    expect(output).toContain("healthy is false, 0 servers could be lost");
  });

  test("while a server is missing, although autopilot calls the rest healthy", () => {
    health("healthy=true", "failure_tolerance=0");
    const { code, output } = rollout({ TIMEOUT_SECONDS: "1" });
    expect(code).toBe(1);
    expect(output).toContain("0 servers could be lost");
  });

  test("while the controller has not seen the change", () => {
    bench.set("observed", "6\n");
    const { code, output } = rollout({ TIMEOUT_SECONDS: "1" });
    expect(code).toBe(1);
    expect(output).toContain("waited in vain for the StatefulSet's new revision");
  });
});

test("the first server that does not come back ends it, and no further one is touched", () => {
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
])("a server that %s ends it, although autopilot's last look was good", (_what, leader, applied, cause) => {
  follows(leader, applied);
  const { code, output } = rollout({ SERVER_TIMEOUT_SECONDS: "1" });
  expect(code).toBe(1);
  expect(output).toContain("waited in vain for vault-2 to have caught up with the leader");
  expect(output).toContain(cause);
  expect(steps()).toEqual(["vault-2"]);
});

test("a server that refuses to step down is not replaced", () => {
  bench.failOnce("vault operator step-down");
  expect(rollout().code).not.toBe(0);
  expect(steps()).toEqual(["vault-2", "vault-0", "step-down"]);
});
