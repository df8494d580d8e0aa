import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Run, ScriptBench } from "../jobs/script-bench";

jest.setTimeout(60_000);

let world: string;
let primary: ScriptBench;
let secondary: ScriptBench;

beforeEach(() => {
  world = mkdtempSync(join(tmpdir(), "world-"));
  for (const folder of ["containers", "issued"]) mkdirSync(join(world, folder));
  put("containers/key", "");
  put("containers/token", "");
  const environment = {
    PATH: `${join(__dirname, "stand-ins")}:${process.env.PATH}`,
    WORLD: world,
    TOOLS_DIR: "/nowhere",
    KEY_CONTAINER: "key",
    TOKEN_CONTAINER: "token",
    SECONDARY_ID: "dr-west",
    CLUSTER_ADDRESS: "https://cluster.example.com:8201",
  };
  primary = new ScriptBench(environment);
  primary.set("cluster", "cluster-a");
  secondary = new ScriptBench(environment);
});

afterEach(() => {
  for (const bench of [primary, secondary]) {
    bench.expectNoSecret();
    bench.remove();
  }
  rmSync(world, { recursive: true });
});

/** Writes a file that both clusters can access. */
function put(name: string, text: string): void {
  writeFileSync(join(world, name), text);
}

function held(name: string): string {
  const file = join(world, name);
  return existsSync(file) ? readFileSync(file, "utf8").trim() : "";
}

const onPrimary = (environment = {}) => primary.run("dr-primary.sh", environment);
const onSecondary = (environment = {}) => secondary.run("dr-secondary.sh", environment);

/** Calls that changed something, with run-specific values removed. */
const changes = (bench: ScriptBench) =>
  bench.changes().map((call) =>
    call
      .replace(/ jwt=@.*/, "")
      .replace(/=(@|file:\/\/)\S*\//g, "=$1")
      .replace(/file:\/\/\S*\//, "file://")
      .replace(/--client-request-token \S+/, "--client-request-token ID"),
  );

/** Runs both jobs concurrently to completion. */
function both(): Promise<Run[]> {
  return Promise.all([
    primary.start("dr-primary.sh", {}, () => {}),
    secondary.start("dr-secondary.sh", {}, () => {}),
  ]);
}

/** Simulates a request of the secondary that its job has not yet received an answer to. */
function asked(request: string, key = "key-1"): void {
  put("containers/key", key);
  put("containers/key.version", request);
}

const LOGIN = "vault write -field=token auth/kubernetes/login role=vault-dr-replication";

test("connects the secondary to the primary with concurrent jobs and leaves no login", async () => {
  const [first, second] = await both();
  expect(first.output).toContain("The secondary dr-west is connected.");
  expect(second.output).toContain("The secondary dr-west has caught up and follows the primary.");
  expect([first.code, second.code]).toEqual([0, 0]);
  expect(changes(primary)).toEqual([
    LOGIN,
    "vault write sys/replication/dr/primary/enable primary_cluster_addr=https://cluster.example.com:8201",
    "vault write -field=token sys/replication/dr/primary/secondary-token id=dr-west secondary_public_key=@key",
    "aws secretsmanager put-secret-value --secret-id token --secret-string file://token --client-request-token ID --output json",
    "vault token revoke -self",
  ]);
  expect(changes(secondary)).toEqual([
    LOGIN,
    "vault write -f -field=secondary_public_key sys/replication/dr/secondary/generate-public-key",
    "aws secretsmanager put-secret-value --secret-id key --secret-string file://key --client-request-token ID --output json",
    "vault write sys/replication/dr/secondary/enable token=@token",
  ]);
  expect(held("containers/token.version")).toBe(held("containers/key.version"));
  for (const bench of [primary, secondary]) {
    expect(bench.policies()).toEqual([]);
    expect(bench.workFiles().filter((file) => /(^|\/)(token|new|\.vault-token)$/.test(file))).toEqual([]);
  }
});

test("changes nothing in a second run after success", async () => {
  await both();
  for (const bench of [primary, secondary]) {
    bench.forget("changes.log");
    bench.loseMemory();
  }
  expect(onPrimary().code).toBe(0);
  expect(onSecondary().code).toBe(0);
  expect([...primary.changes(), ...secondary.changes()]).toEqual([]);
});

describe("the secondary's job after a kill", () => {
  test.each([1, 2, 3, 4])("completes around change %i and wipes once", (change) => {
    for (const moment of ["before", "unanswered", "after"]) {
      secondary.set("answers", "");
      secondary.set("kill", `${change} ${moment}`);
      expect(onSecondary().code).not.toBe(0);
      secondary.loseMemory();
      expect(onSecondary().code).toBe(0);
      expect(secondary.get("mode").trim()).toBe("secondary");
      expect(secondary.get("wipes")).toBe("wiped\n");
      ["mode", "wipes", "changes", "kill", "tokens/PLANTED-token"].forEach((name) => secondary.forget(name));
    }
  });
});

describe("the primary's job after a kill", () => {
  test.each([1, 2, 3, 4])("answers around change %i with one valid token", (change) => {
    for (const moment of ["before", "unanswered", "after"]) {
      asked("request-1");
      primary.set("connects", "");
      primary.set("kill", `${change} ${moment}`);
      expect(onPrimary().code).not.toBe(0);
      primary.loseMemory();
      expect(onPrimary().code).toBe(0);
      expect(held("containers/token.version")).toBe("request-1");
      expect(held("issued/dr-west")).toBe(held("containers/token"));
      ["mode", "changes", "kill", "tokens/PLANTED-token"].forEach((name) => primary.forget(name));
      ["connected", "issued/dr-west", "containers/token.version"].forEach((name) =>
        rmSync(join(world, name)),
      );
    }
  });
});

test("answers a new request of the secondary and revokes the unused token", () => {
  primary.set("mode", "primary");
  asked("request-1");
  onPrimary({ TIMEOUT_SECONDS: "1" });
  expect(held("containers/token")).toBe("PLANTED-for-key-1");
  asked("request-2", "key-2");
  primary.loseMemory();
  const { output } = onPrimary({ TIMEOUT_SECONDS: "1" });
  expect(output).toContain("An earlier token of the id dr-west was not used; it is revoked.");
  expect(held("containers/token")).toBe("PLANTED-for-key-2");
  expect(held("containers/token.version")).toBe("request-2");
});

test("does not answer a request twice, even before the secondary connects", () => {
  primary.set("mode", "primary");
  asked("request-1");
  onPrimary({ TIMEOUT_SECONDS: "1" });
  primary.forget("changes.log");
  primary.loseMemory();
  const { code, output } = onPrimary({ TIMEOUT_SECONDS: "1" });
  expect(code).toBe(1);
  expect(output).toContain("waited in vain for the secondary dr-west to ask and to connect");
  expect(output).toContain("request request-1 is answered, and the secondary has not connected");
  expect(primary.changes()).toEqual([]);
});

test("does not revoke a connected secondary, whatever the container holds", () => {
  primary.set("mode", "primary");
  put("issued/dr-west", "in use");
  put("connected", "dr-west");
  asked("request-of-somebody", "key-of-somebody");
  expect(onPrimary().code).toBe(0);
  expect(primary.changes()).toEqual([]);
});

test("rejects an answer to another request", () => {
  put("containers/token", "PLANTED-for-key-0");
  put("containers/token.version", "an-older-request");
  const { code, output } = onSecondary({ TIMEOUT_SECONDS: "1" });
  expect(code).toBe(1);
  expect(output).toContain("token holds the answer to another request; does the primary's job run?");
  expect(secondary.calls("secondary/enable")).toEqual([]);
});

test("waits until the secondary has caught up", () => {
  secondary.set("answers", "");
  secondary.set("follows", "merkle-sync");
  expect(onSecondary().code).toBe(0);
  secondary.set("follows", "idle");
  const { code, output } = onSecondary({ TIMEOUT_SECONDS: "1" });
  expect(code).toBe(1);
  expect(output).toContain("its state is idle");
});

describe("a secondary with data", () => {
  const refused = (environment = {}) => {
    secondary.set("answers", "");
    const { code, output } = onSecondary(environment);
    expect(code).toBe(64);
    expect(output).toContain("this Vault (cluster cluster-b) has data of its own");
    expect(secondary.calls("generate-public-key")).toEqual([]);
    expect(secondary.get("mode")).toBe("");
    expect(secondary.policies()).toEqual([]);
    return output;
  };

  test("is not wiped if it has a secrets engine", () => {
    secondary.set("mounts", "secret pki");
    expect(refused()).toContain("\n  secret\n  pki\nIf nobody needs it any more, take a snapshot");
  });

  test("is not wiped if it has an auth method", () => {
    secondary.set("auths", "oidc");
    expect(refused()).toContain("\n  auth/oidc\n");
  });

  test("is not wiped if an auth method has a name similar to the login mount", () => {
    secondary.set("auth-path", "k8s.eu/west");
    secondary.set("auths", "k8s-eu/west");
    expect(refused({ AUTH_PATH: "k8s.eu/west" })).toContain("\n  auth/k8s-eu/west\n");
  });

  test("is not wiped if it has a namespace", () => {
    secondary.set("namespaces", "payments");
    expect(refused()).toContain("\n  namespace payments/\n");
  });

  test("is not wiped if replacesCluster names another cluster", () => {
    secondary.set("mounts", "secret");
    refused({ REPLACES_CLUSTER: "cluster-a" });
  });
});

test("does not wipe data that was written during the wait for the primary", async () => {
  const run = secondary.start("dr-secondary.sh", {}, (output) => {
    if (!output.includes("Asked by request") || secondary.get("mounts")) return;
    secondary.set("mounts", "secret");
    const request = held("containers/key.version");
    put("issued/dr-west", "PLANTED-for-key-1");
    put("containers/token", "PLANTED-for-key-1");
    put("containers/token.version", request);
  });
  const { code, output } = await run;
  expect(output).toContain("has data of its own");
  expect(code).toBe(64);
  expect(secondary.get("wipes")).toBe("");
});

test("wipes a secondary whose cluster is named as replaced", () => {
  secondary.set("answers", "");
  secondary.set("mounts", "secret");
  expect(onSecondary({ REPLACES_CLUSTER: "cluster-b" }).code).toBe(0);
  expect(secondary.get("wipes")).toBe("wiped\n");
});

test.each(["vault secrets list *", "vault auth list *", "vault list *"])(
  "wipes nothing if the list of `%s` fails",
  (call) => {
    secondary.set("answers", "");
    secondary.set("fail-always", call);
    const { code, output } = onSecondary({ TIMEOUT_SECONDS: "1" });
    expect(code).toBe(1);
    expect(output).toContain("waited in vain for a public key of this Vault");
    expect(secondary.get("wipes")).toBe("");
  },
);

test("wipes nothing if a list has an unknown format", () => {
  secondary.set("answers", "");
  secondary.set("prints-otherwise", "");
  const { code, output } = onSecondary({ TIMEOUT_SECONDS: "1" });
  expect(code).toBe(1);
  expect(output).toContain("the lists of mounts cannot be read");
  expect(secondary.get("wipes")).toBe("");
});

describe("a lost response to enabling replication", () => {
  test("does not fail the primary's job", () => {
    asked("request-1");
    primary.set("connects", "");
    primary.set("loses-answer", "vault write sys/replication/dr/primary/enable *");
    expect(onPrimary().code).toBe(0);
  });

  test("does not fail the secondary's job or wipe it twice", () => {
    secondary.set("answers", "");
    secondary.set("loses-answer", "vault write sys/replication/dr/secondary/enable *");
    expect(onSecondary().code).toBe(0);
    expect(secondary.get("wipes")).toBe("wiped\n");
  });
});

describe("a refused login", () => {
  test("fails the primary's job with its cause, without changes", () => {
    primary.set("refuses-login", "");
    const { code, output } = onPrimary({ TIMEOUT_SECONDS: "1" });
    expect(code).toBe(1);
    expect(output).toMatch(/waited in vain for this Vault to be the primary.*permission denied/s);
    expect(primary.changes()).toEqual([]);
  });

  test("fails the secondary's job with its cause, without changes", () => {
    secondary.set("refuses-login", "");
    const { code, output } = onSecondary({ TIMEOUT_SECONDS: "1" });
    expect(code).toBe(1);
    expect(output).toMatch(/waited in vain for a public key of this Vault.*permission denied/s);
    expect(secondary.changes()).toEqual([]);
  });
});

describe("errors that need an operator", () => {
  test("stops if Vault is not Enterprise", () => {
    primary.set("version", "1.21.0");
    const { code, output } = onPrimary();
    expect(code).toBe(64);
    expect(output).toContain("DR replication needs Vault Enterprise, and https://active:8200 runs 1.21.0");
  });

  test("stops the primary's job on a secondary", () => {
    primary.set("mode", "secondary");
    const { code, output } = onPrimary();
    expect(code).toBe(64);
    expect(output).toContain("this Vault is a DR secondary");
    expect(primary.changes()).toEqual([]);
  });

  test("stops the secondary's job on a primary", () => {
    secondary.set("mode", "primary");
    const { code, output } = onSecondary();
    expect(code).toBe(64);
    expect(output).toContain("this Vault is a DR primary, and becoming a secondary would wipe it");
    expect(secondary.changes()).toEqual([]);
  });

  test("stops if this Vault is the secondary of another id", () => {
    secondary.set("mode", "secondary");
    secondary.set("secondary-id", "dr-east");
    const { code, output } = onSecondary();
    expect(code).toBe(64);
    expect(output).toContain("this Vault is the secondary 'dr-east' and not dr-west");
  });

  test("stops if a container is scheduled for deletion", () => {
    put("containers/token.deleted", "");
    const { code, output } = onSecondary();
    expect(code).toBe(64);
    expect(output).toContain("token is scheduled for deletion");
  });
});

test("waits for Vault and for the containers", () => {
  primary.set("silent", "");
  expect(onPrimary({ TIMEOUT_SECONDS: "1" }).output).toContain("waited in vain for Vault to be unsealed");
  rmSync(join(world, "containers/key"));
  expect(onSecondary({ TIMEOUT_SECONDS: "1" }).output).toContain(
    "waited in vain for the containers key and token",
  );
});

test.each([
  "aws secretsmanager put-secret-value *",
  "vault write -f *",
  "vault write sys/*",
  "vault auth list *",
])("retries a temporary failure of `%s` on the secondary", (call) => {
  secondary.set("answers", "");
  secondary.failOnce(call);
  expect(onSecondary().code).toBe(0);
  expect(secondary.get("wipes")).toBe("wiped\n");
});

test.each([
  "vault write sys/replication/dr/primary/enable *",
  "vault write -field=token sys/*",
  "aws secretsmanager put-secret-value *",
])("retries a temporary failure of `%s` on the primary", (call) => {
  asked("request-1");
  primary.set("connects", "");
  primary.failOnce(call);
  expect(onPrimary().code).toBe(0);
  expect(held("issued/dr-west")).toBe(held("containers/token"));
  expect(readdirSync(join(world, "issued"))).toEqual(["dr-west"]);
});
