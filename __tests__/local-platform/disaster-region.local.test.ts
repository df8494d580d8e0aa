import { names } from "../../local/platform";
import { withDatabase } from "../../local/postgres";
import { destroyServers, restartServers, restoreServers, takeSnapshot } from "./disaster";
import { RecoveryRegion } from "./recovery-region";
import {
  SecretWriter,
  database,
  logInAsService,
  ports,
  service,
  serviceAccountToken,
  serversThatSay,
} from "./support";
import { testWithState } from "./terraform";

/** Time limit, generous for two busy cores. Measured values are in docs/disaster-recovery.md. */
const MINUTES = 5;

const SAVED = "payment-service/region-test";
const WRITTEN_THERE = "payment-service/region-test-west";

jest.setTimeout(300_000);

let region: RecoveryRegion;
let writer: SecretWriter;
let noted: Readonly<Record<string, string>>;
let struck: number;

beforeAll(async () => {
  region = await RecoveryRegion.prepare();
  writer = await SecretWriter.arrive();
});
afterAll(() => region?.remove());

/** Logs in at the servers of the second region. @returns a token */
async function logInThere(namespace: string, name: string, role = name): Promise<string> {
  const jwt = await serviceAccountToken(namespace, name);
  const { auth } = await region.vault.done("POST", "auth/kubernetes/login", undefined, { role, jwt });
  return auth.client_token;
}

test("leaves the standby's servers uninitialized", async () => {
  await writer.write(SAVED, { saved: "before the snapshot" });
  noted = await takeSnapshot();
  await region.replicateSnapshots();
  for (const server of region.vault.addresses) {
    const { text } = await region.vault.ask("GET", "sys/seal-status", {}, server);
    expect(JSON.parse(text)).toMatchObject({ initialized: false });
  }
  await writer.write(SAVED, { saved: "after the snapshot" });
});

test("restores the copies in the other region under the key's replica, and serves", async () => {
  struck = Date.now();
  await destroyServers();
  const restored = await region.run("vault-restore");
  expect(restored).toEqual({ code: 0, output: expect.stringContaining("RESTART NEEDED") });
  await region.vault.restart();
  const { code, output } = await region.run("vault-restore");
  expect({ code, output }).toEqual({
    code: 0,
    output: expect.stringContaining(`Vault serves again as cluster ${noted.cluster}`),
  });
  const recoveryTime = (Date.now() - struck) / 1000;
  const recoveryPoint = Math.round(struck / 1000) - Number(noted.created);
  expect(output).toContain(`(${noted.created}), `);

  const token = await logInThere(service.namespace, service.name);
  for (const server of region.vault.addresses) {
    const { text } = await region.vault.ask("GET", `secret/data/${SAVED}`, { token }, server);
    // Only data that was written after the snapshot is lost.
    expect(JSON.parse(text).data.data).toEqual({ saved: "before the snapshot" });
  }
  const { data } = await region.vault.done("GET", "database/creds/payment-service-role", token);
  const { username: user, password } = data;
  await withDatabase({ port: ports.postgres, database: database.database, user, password }, (client) =>
    client.query("SELECT 1"),
  );
  await region.vault.done("POST", "pki/issue/payment-service", token, {
    common_name: "payment-service.production.svc",
  });

  console.log(
    `In another region ${recoveryTime.toFixed(0)} s after the loss; ` +
      `lost was what had been written in the ${recoveryPoint} s since the snapshot.`,
  );
  expect(recoveryTime).toBeLessThan(MINUTES * 60);
  expect(recoveryPoint).toBeLessThan(MINUTES * 60);
});

test("uses only the other region's AWS services, and its copied snapshots", () => {
  const { served, refused } = region.gate;
  expect(refused).toEqual([]);
  expect(served).toContain("kms TrentService.Decrypt");
  const objects = served.filter((request) => /^s3 GET .*\.snap$/.test(request));
  expect(objects).not.toEqual([]);
  expect(objects.every((request) => request.includes("/vault-snapshots-local-123456789012-us-west-2/"))).toBe(
    true,
  );
});

testWithState("local-config")(
  "plans no changes of the restored configuration with a copy of the state",
  async () => {
    const { code, stdout, stderr } = await region.planConfiguration();
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: expect.stringContaining("No changes."),
      stderr: "",
    });
  },
);

test("backs up in the other region, and restores that in the first region", async () => {
  const writer = await logInThere(names.namespace, "test-secret-writer");
  await region.vault.done("POST", `secret/data/${WRITTEN_THERE}`, writer, { data: { saved: "there" } });
  const saved = await region.run("vault-backup", true);
  expect(saved).toEqual({ code: 0, output: expect.stringContaining("Saved: ") });
  await region.vault.kill("SIGTERM");
  await region.bringBackLatest();

  // The region is available again, with empty servers.
  expect(await serversThatSay("not initialised")).toHaveLength(3);
  expect(await restoreServers()).toEqual({ code: 0, output: expect.stringContaining("RESTART NEEDED") });
  await restartServers();
  expect(await restoreServers()).toEqual({ code: 0, output: expect.stringContaining("Vault serves again") });
  const back = await logInAsService();
  const { data } = await back.request("GET", `secret/data/${WRITTEN_THERE}`);
  expect(data.data).toEqual({ saved: "there" });
  await back.end();
  const again = await SecretWriter.arrive();
  await again.forget(SAVED, WRITTEN_THERE);
  await again.leave();
});
