import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { BOOTSTRAP_STEPS } from "../../constructs/jobs/bootstrap";
import { type Run, ScriptBench } from "./script-bench";

jest.setTimeout(120_000);

const SHARES = [1, 2, 3, 4, 5];
const secret = (share: number) => `test/vault/recovery-key-${share}`;
const stored = (share: number) => `secrets/test_vault_recovery-key-${share}`;

let bench: ScriptBench;

beforeEach(() => {
  bench = new ScriptBench({
    RECOVERY_SECRETS: SHARES.map(secret).join(" "),
    VAULT_SERVERS: "https://vault-0:8200 https://vault-1:8200 https://vault-2:8200",
    WIPE_COMMAND: "wipe --everything",
    HAND_OVER_COMMAND: "hand-over",
  });
  SHARES.forEach((share) => bench.set(stored(share), ""));
});

afterEach(() => {
  bench.expectNoSecret();
  bench.remove();
});

/** Runs the steps like the pod and stops at the first failure. */
function bootstrap(environment: Record<string, string> = {}): Run {
  let output = "";
  for (const { script } of BOOTSTRAP_STEPS) {
    const run = bench.run(script, environment);
    output += run.output;
    if (run.code !== 0) return { code: run.code, output };
  }
  return { code: 0, output };
}

/** Runs all steps; custodians hand over a root token if the last one requests it. */
async function bootstrapWithCustodians(): Promise<Run> {
  let output = "";
  let handedOver = false;
  for (const { script } of BOOTSTRAP_STEPS) {
    const run = await bench.start(script, {}, (soFar) => {
      if (handedOver || !soFar.includes("Waiting until")) return;
      handedOver = true;
      handOver("root");
    });
    output += run.output;
    if (run.code !== 0) return { code: run.code, output };
  }
  return { code: 0, output };
}

function handOver(policy: string): void {
  bench.set("tokens/PLANTED-of-custodians", policy);
  bench.set("accessors/accessor-of-custodians", "PLANTED-of-custodians");
  expect(bench.run("bootstrap-accept-root.sh", {}, "PLANTED-of-custodians").code).toBe(0);
}

/** Expects the complete result of a bootstrap. */
function expectBootstrapped(): void {
  for (const share of SHARES) {
    expect(bench.get(stored(share)).trim()).toBe(`cluster-a-share-${share}`);
    expect(bench.get(`${stored(share)}.value`)).toBe(`PLANTED-share-${share}+/=`);
  }
  expect(bench.get("data/sys_audit")).toContain("file_path=/vault/audit/audit.log\nmode=0600\n");
  expect(bench.get("data/sys_policies_acl_terraform-deploy")).toContain('path "*"');
  expect(bench.get("data/auth_terraform_config")).toBe(
    "kubernetes_host=https://kubernetes.default.svc:443\n",
  );
  expect(bench.get("data/auth_terraform_role_deploy")).toContain(
    "bound_service_account_names=vault-terraform\n",
  );
  expect(bench.get("data/auth_terraform_role_deploy")).toContain("audience=vault\n");
  expect(bench.get("data/auth_terraform_role_bootstrap")).toContain("token_policies=terraform-bootstrap\n");
  expect(bench.policies()).not.toContain("root");
  const left = bench.workFiles().filter((file) => /share-|init\.json|root\/\.vault-token/.test(file));
  expect(left).toEqual([]);
}

test("initializes an empty Vault, stores the shares and leaves no token", () => {
  const { code, output } = bootstrap();
  expect(output).toContain("Nothing holds root");
  expect(code).toBe(0);
  expectBootstrapped();
  expect(bench.policies()).toEqual([]);
});

test("stores shares, configures Vault and revokes root in this order", () => {
  bootstrap();
  expect(bench.changes().map((call) => call.split(" ").slice(0, 3).join(" "))).toEqual([
    "vault operator init",
    ...SHARES.map(() => "aws secretsmanager put-secret-value"),
    "vault audit enable",
    "vault policy write",
    "vault policy write",
    "vault auth enable",
    "vault write auth/terraform/config",
    "vault write auth/terraform/role/deploy",
    "vault write auth/terraform/role/bootstrap",
    "vault write -field=token",
    "vault token revoke",
    "vault token revoke",
  ]);
});

test("changes nothing in a second run except its login", () => {
  bootstrap();
  bench.forget("changes.log");
  bench.loseMemory();
  const { code } = bootstrap();
  expect(code).toBe(0);
  expect(bench.changes().map((call) => call.split(" ").slice(0, 4).join(" "))).toEqual([
    "vault write -field=token auth/terraform/login",
    "vault token revoke -self",
  ]);
  expectBootstrapped();
});

test("makes files with keys readable by their owner only", () => {
  bench.run("bootstrap-check.sh");
  bench.run("bootstrap-init.sh");
  const keys = bench.workFiles().filter((file) => /share-|init\.json|\.vault-token/.test(file));
  expect(keys).toHaveLength(7);
  for (const file of keys) expect(statSync(join(bench.work, file)).mode & 0o077).toBe(0);
});

test("passes PGP keys, shares and threshold to Vault", () => {
  bootstrap({ RECOVERY_PGP_KEYS: "/scripts/a.asc,/scripts/b.asc", RECOVERY_THRESHOLD: "4" });
  expect(bench.calls("operator init")).toEqual([
    "vault operator init -format=json -recovery-shares=5 -recovery-threshold=4 -recovery-pgp-keys=/scripts/a.asc,/scripts/b.asc",
  ]);
});

test("configures token review from files outside a pod", () => {
  bootstrap({ KUBERNETES_HOST: "https://k8s:6443", KUBERNETES_CA_CERT: "/ca", TOKEN_REVIEWER_JWT: "/jwt" });
  expect(bench.get("data/auth_terraform_config").trim().split("\n")).toEqual([
    "kubernetes_host=https://k8s:6443",
    "disable_local_ca_jwt=true",
    "kubernetes_ca_cert=@/ca",
    "token_reviewer_jwt=@/jwt",
  ]);
});

describe("initialization", () => {
  afterEach(() => expect(bench.calls("operator init")).toEqual([]));

  test("is refused while a server does not answer, because it may hold the data", () => {
    bench.set("silent", "https://vault-2:8200\n");
    const { code, output } = bootstrap({ TIMEOUT_SECONDS: "1" });
    expect(code).toBe(1);
    expect(output).toContain("waited in vain for every server to answer");
    expect(output).toContain("connection refused");
  });

  test("is refused if a container is missing, because its key would be lost", () => {
    bench.forget(stored(4));
    const { code, output } = bootstrap({ TIMEOUT_SECONDS: "1" });
    expect(code).toBe(1);
    expect(output).toContain("waited in vain for the container test/vault/recovery-key-4");
    expect(output).toContain("ResourceNotFoundException");
  });

  test("is refused if a container is scheduled for deletion", () => {
    bench.set(`${stored(2)}.deleted`, "");
    const { code, output } = bootstrap();
    expect(code).toBe(64);
    expect(output).toContain("test/vault/recovery-key-2 is scheduled for deletion");
  });

  test("is refused if a container holds a key of another cluster, which is named", () => {
    bench.set(stored(3), "cluster-gone-share-3");
    const { code, output } = bootstrap();
    expect(code).toBe(64);
    expect(output).toContain("recovery-key-3 holds a key of another cluster (version cluster-gone-share-3)");
    expect(output).toContain("restore its snapshot instead");
  });
});

test("replaces the keys of the cluster that REPLACES_CLUSTER names", () => {
  bench.set(stored(3), "cluster-gone-share-3");
  expect(bootstrap({ REPLACES_CLUSTER: "cluster-gone" }).code).toBe(0);
  expectBootstrapped();
});

test("fails after a failed init and succeeds in the next run", () => {
  bench.failOnce("vault operator init *");
  const { code, output } = bootstrap();
  expect(code).toBe(1);
  expect(output).toContain("Vault was not initialised");
  expect(bootstrap().code).toBe(0);
  expectBootstrapped();
});

test("keeps a share until its container confirms that it is stored", () => {
  bench.set("forgetful", "");
  const { code, output } = bootstrap({ TIMEOUT_SECONDS: "3" });
  expect(code).toBe(1);
  expect(output).toContain("waited in vain for share 1 to be stored in test/vault/recovery-key-1");
  bench.forget("forgetful");
  expect(bootstrap().code).toBe(0);
  expectBootstrapped();
});

test.each([
  "aws secretsmanager describe-secret *",
  "aws secretsmanager put-secret-value *",
  "vault audit enable *",
  "vault policy write terraform-bootstrap *",
  "vault auth enable *",
  "vault write auth/terraform/role/deploy *",
  "vault write -field=token auth/terraform/login *",
  "vault token revoke -self",
])("retries a temporary failure of `%s`", (call) => {
  bench.failOnce(call);
  expect(bootstrap().code).toBe(0);
  expectBootstrapped();
});

describe("a new version of the configuration", () => {
  beforeEach(() => {
    bootstrap();
    bench.set("data/sys_policies_acl_terraform-deploy", "older");
    bench.loseMemory();
  });

  test("requests a root token from the custodians with reason and commands", async () => {
    const { code, output } = await bootstrapWithCustodians();
    expect(output).toContain("the policy terraform-deploy is not the one of this version");
    expect(output).toContain("vault operator generate-root -init");
    expect(output).toContain("hand-over");
    expect(output).not.toContain("enable_unauthenticated_access");
    expect(code).toBe(0);
    expectBootstrapped();
  });

  test("tells the custodians on Vault 2 to open and close generate-root", async () => {
    bench.set("version", "2.0.4");
    const { output } = await bootstrapWithCustodians();
    expect(output).toContain('enable_unauthenticated_access = ["generate-root"]');
    expect(output).toContain("ends well only when it is closed again");
    expect(output).not.toContain("CLOSE generate-root");
  });

  test("fails if no root token is handed over in time", () => {
    const { code, output } = bootstrap({ TIMEOUT_SECONDS: "2" });
    expect(code).toBe(1);
    expect(output).toContain("waited in vain for a root token of the custodians");
  });

  test("rejects a token that is not root", () => {
    bench.run("bootstrap-check.sh", { TIMEOUT_SECONDS: "2" });
    bench.run("bootstrap-init.sh");
    bench.run("bootstrap-store.sh");
    handOver("default");
    const { code } = bench.run("bootstrap-configure.sh", { TIMEOUT_SECONDS: "2" });
    expect(code).toBe(1);
    expect(bench.workFiles()).not.toContain("root/.vault-token");
    bench.forget("tokens/PLANTED-of-custodians");
  });
});

describe("unauthenticated generate-root", () => {
  const standby = "https://vault-2:8200";
  beforeEach(() => bench.set("version", "2.0.4"));

  test("is not mentioned if it is closed at every server on Vault 2", () => {
    const { code, output } = bootstrap();
    expect(code).toBe(0);
    expect(output).not.toContain("CLOSE generate-root");
    expect(bench.calls("generate-root -status")).toHaveLength(3);
  });

  test("delays success until the last server has closed it, including a standby", () => {
    bench.set("open", `${standby}\n`);
    bench.set("closes-after", "4");
    const { code, output } = bootstrap();
    expect(output).toContain(
      `CLOSE generate-root: root is revoked and the login stands, but ${standby} starts a new root token for whoever asks.`,
    );
    expect(output).toContain("Closed: no server starts a root token without a login.");
    expect(code).toBe(0);
    expect(output.indexOf("Vault refuses it")).toBeLessThan(output.indexOf("CLOSE generate-root"));
    expectBootstrapped();
  });

  test("fails the job and names the server if it stays open", () => {
    bench.set("open", `${standby}\n`);
    const { code, output } = bootstrap({ TIMEOUT_SECONDS: "4" });
    expect(code).toBe(1);
    expect(output).toContain(
      `waited in vain for generate-root to be closed at every server: ${standby} starts a new root token`,
    );
    expect(output).not.toContain("Nothing holds root");
  });

  test("is not checked on Vault 1", () => {
    bench.set("version", "1.21.0");
    expect(bootstrap().code).toBe(0);
    expect(bench.calls("generate-root -status")).toEqual([]);
  });
});

test("rejects an empty hand-over", () => {
  const { code, output } = bench.run("bootstrap-accept-root.sh");
  expect(code).toBe(1);
  expect(output).toContain("no token came by stdin");
  expect(bench.workFiles()).not.toContain("root/.vault-token");
});

test("finds and revokes a root token that an interrupted run left behind", () => {
  bootstrap();
  bench.loseMemory();
  bench.set("tokens/PLANTED-lost", "root");
  bench.set("accessors/accessor-lost", "PLANTED-lost");
  const { output } = bootstrap();
  expect(output).toContain("Revoked a root token that was left behind (accessor accessor-lost)");
  expectBootstrapped();
});

test("skips the search for root tokens with a message if there are too many tokens", () => {
  bootstrap();
  bench.loseMemory();
  const { code, output } = bootstrap({ ROOT_SEARCH_LIMIT: "0" });
  expect(code).toBe(0);
  expect(output).toContain("not searched for a root token");
});

test("fails if Vault still accepts the root token after the revocation", () => {
  bench.run("bootstrap-check.sh");
  bench.run("bootstrap-init.sh");
  bench.run("bootstrap-store.sh");
  bench.set("fail-always", "vault token revoke -self");
  bench.write("work/deadline", String(Math.floor(Date.now() / 1000) + 4));
  const { code, output } = bench.run("bootstrap-configure.sh");
  expect(code).toBe(1);
  expect(output).toContain("waited in vain for the root token to be revoked and refused");
  expect(output).not.toContain("Nothing holds root");
});

test("stops at an audit device or mount with the same name but other settings", () => {
  bootstrap();
  bench.set("data/sys_audit", "file_path=/elsewhere\nmode=0600\n");
  bench.run("bootstrap-check.sh");
  handOver("root");
  const { code, output } = bench.run("bootstrap-configure.sh");
  expect(code).toBe(64);
  expect(output).toContain("the audit device bootstrap-file exists and is another");

  bench.set("data/sys_audit", "file_path=/vault/audit/audit.log\nmode=0600\n");
  bench.set("auth-type", "userpass");
  const second = bench.run("bootstrap-configure.sh");
  expect(second.code).toBe(64);
  expect(second.output).toContain("auth/terraform exists and is not of type kubernetes");
});

describe("an initialized Vault without stored keys", () => {
  test("stops with the wipe command and a warning", () => {
    bench.set("initialised", "by somebody");
    const { code, output } = bootstrap();
    expect(code).toBe(64);
    expect(output).toContain("Vault (cluster cluster-a) is initialised");
    expect(output).toContain("wipe --everything");
    expect(output).toContain("Do NOT wipe a cluster that is in use");
    expect(output).not.toContain("Then set replacesCluster");
  });

  test("explains how the next run can replace shares that are already stored", () => {
    bench.set("initialised", "by a run that was killed");
    bench.set(stored(1), "cluster-a-share-1");
    const { output } = bootstrap();
    expect(output).toContain("stored: 1)");
    expect(output).toContain("Then set replacesCluster to cluster-a");
  });

  test("reports stored keys of another cluster", () => {
    bench.set("initialised", "by somebody");
    bench.set(stored(1), "cluster-b-share-1");
    const { code, output } = bootstrap();
    expect(code).toBe(64);
    expect(output).toContain("holds a key of another cluster (version cluster-b-share-1)");
  });
});

/** Indices of a bootstrap's changes. There are 15; the test of their order lists them. */
const CHANGES = Array.from({ length: 16 }, (_, index) => index + 1);

test.each(CHANGES)("completes in the same pod after a kill at change %i", (number) => {
  bench.set("kill", `${number} after`);
  expect(bootstrap().code).not.toBe(0);
  bench.forget("kill");
  expect(bootstrap()).toMatchObject({ code: 0 });
  expectBootstrapped();
});

test("prints the wipe command after a kill before Vault's reply to the initialization", () => {
  bench.set("kill", "1 unanswered");
  expect(bootstrap().code).not.toBe(0);
  bench.forget("kill");
  const { code, output } = bootstrap();
  expect(code).toBe(64);
  expect(output).toContain("wipe --everything");
});

test.each(CHANGES)(
  "completes in another pod after a kill at change %i, or prints the wipe command",
  async (n) => {
    bench.set("kill", `${n} after`);
    expect(bootstrap().code).not.toBe(0);
    bench.forget("kill");
    bench.loseMemory();
    const { code, output } = await bootstrapWithCustodians();
    if (n <= 5) {
      // From init to the last share but one: the keys were lost with the pod.
      expect(code).toBe(64);
      expect(output).toContain("wipe --everything");
      return;
    }
    expect(code).toBe(0);
    expectBootstrapped();
    // Custodians are needed only until the role `bootstrap` exists.
    expect(output.includes("ROOT NEEDED")).toBe(n < 13);
  },
);

describe("a bootstrap without a root token", () => {
  const ask = (deadline: string) => {
    bootstrap();
    bench.loseMemory();
    mkdirSync(bench.work);
    bench.set("data/sys_policies_acl_terraform-deploy", "older");
    bench.write("work/deadline", deadline);
    return bench.run("bootstrap-configure.sh", { TIMEOUT_SECONDS: "1" });
  };

  test.each(["", "soon", "1e9"])("prints the end of its wait if its deadline is %j", (deadline) => {
    const { output } = ask(deadline);
    expect(output).toContain("ROOT NEEDED");
    expect(output).toMatch(/^Waiting until \d\d:\d\d:\d\d UTC\.$/m);
    expect(output).not.toMatch(/date:|integer|unknown operand/);
  });

  test("reports that its folder was deleted during the run", () => {
    const { code, output } = bench.run("bootstrap-configure.sh", { TIMEOUT_SECONDS: "1" });
    expect(code).toBe(1);
    expect(output).toContain(`FAILED: the folder ${bench.work} was deleted while this job was at work`);
    expect(output).not.toContain("ROOT NEEDED");
  });
});
