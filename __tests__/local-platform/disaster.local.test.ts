import { names } from "../../local/platform";
import { withDatabase } from "../../local/postgres";
import { destroyServers, restartServers, restoreServers, takeSnapshot } from "./disaster";
import { Job, aws } from "./jobs";
import { OwnVault } from "./own-vault";
import {
  SecretWriter,
  ask,
  database,
  eventually,
  logInAsService,
  logInAsTerraform,
  ports,
  raftServers,
  servers,
} from "./support";

/** Time limit, generous for two busy cores. Measured values are in the runbook. */
const MINUTES = 4;

jest.setTimeout(300_000);

test("restores nothing over the data of the snapshot's cluster", async () => {
  const noted = await takeSnapshot();
  const { code, output } = await restoreServers();
  expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining("nothing is restored") });
  expect(output).toContain(`hold the data of cluster ${noted.cluster} already`);
});

test("stops at servers of another cluster, with the command that would wipe them", async () => {
  const other = await OwnVault.start({ keyId: names.unsealKeyAlias });
  await other.initialise();
  const { code, output } = await restoreServers({
    VAULT_ADDR: other.addresses[0],
    VAULT_SERVERS: other.addresses.join(" "),
  });
  await other.stop();
  expect({ code, output }).toEqual({
    code: 64,
    output: expect.stringContaining("Data that is there is never overwritten."),
  });
  expect(output).toContain("kubectl -n vault scale statefulset vault --replicas=0");
});

test("initializes nothing while one server does not answer", async () => {
  const empty = await OwnVault.start({ keyId: names.unsealKeyAlias });
  const { code, output } = await restoreServers({
    VAULT_ADDR: empty.addresses[0],
    VAULT_SERVERS: `${empty.addresses[0]} https://127.0.0.1:1`,
    TIMEOUT_SECONDS: "12",
  });
  const { initialized } = await empty.done("GET", "sys/seal-status");
  await empty.stop();
  expect({ code, output }).toEqual({
    code: 1,
    output: expect.stringContaining("no answer from https://127.0.0.1:1"),
  });
  expect(initialized).toBe(false);
});

test("restores the last snapshot after the loss of all servers, and serves again", async () => {
  const path = "payment-service/disaster-test";
  const writer = await SecretWriter.arrive();
  await writer.write(path, { saved: "before the snapshot" });
  const before = await logInAsService();
  const noted = await takeSnapshot();
  await writer.write(path, { saved: "after the snapshot" });

  const struck = Date.now();
  await destroyServers();
  const restored = await restoreServers();
  expect(restored).toEqual({ code: 0, output: expect.stringContaining("RESTART NEEDED") });
  expect(restored.output).toContain("kubectl -n vault delete pod vault-0 vault-1 vault-2");
  await restartServers();
  const { code, output } = await restoreServers();
  const seconds = (Date.now() - struck) / 1000;
  expect({ code, output }).toEqual({
    code: 0,
    output: expect.stringContaining("Vault serves again as cluster"),
  });
  expect(output).toContain(`as cluster ${noted.cluster}: all servers unsealed, canary read`);
  expect(output).toContain(`(${noted.created}), `);
  expect(output).not.toMatch(/hvs\.|eyJ/);

  // All three servers return the same data; data that was written after the snapshot is lost.
  const service = await logInAsService();
  for (const server of servers) {
    const { data } = await service.request("GET", `secret/data/${path}`, undefined, server);
    expect(data.data).toEqual({ saved: "before the snapshot" });
  }
  // Earlier logins and their leases are valid again.
  expect(await before.status("GET", "auth/token/lookup-self")).toBe(200);

  const { data } = await service.request("GET", "database/creds/payment-service-role");
  const { username: user, password } = data;
  await withDatabase({ port: ports.postgres, database: database.database, user, password }, (client) =>
    client.query("SELECT 1"),
  );
  const issued = await service.request("POST", "pki/issue/payment-service", {
    common_name: "payment-service.production.svc",
  });
  expect(issued.data.certificate).toContain("BEGIN CERTIFICATE");

  const terraform = await logInAsTerraform();
  await eventually("three voters", 60, async () => {
    const members = await raftServers(terraform);
    return members.length === 3 && members.every(({ voter }) => voter);
  });
  expect(Object.keys((await terraform.request("GET", "sys/audit")).data).sort()).toEqual([
    "bootstrap-file/",
    "stdout/",
  ]);
  await expectRecoverySharesToFit();
  await service.end();
  await before.end();
  await terraform.end();
  const again = await SecretWriter.arrive();
  await again.forget(path);
  await again.leave();

  console.log(
    `Restored in ${seconds.toFixed(0)} s after the loss of everything; ` +
      `lost was what had been written in the ${Math.round(struck / 1000) - Number(noted.created)} s since the snapshot.`,
  );
  expect(seconds).toBeLessThan(MINUTES * 60);
});

test("changes nothing in a second run after a success", async () => {
  const { code, output } = await restoreServers();
  expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining("nothing is restored") });
});

/** Expects the custodians' shares to be those of the original, not those of the temporary empty cluster. */
async function expectRecoverySharesToFit(): Promise<void> {
  const { text } = await ask("PUT", "sys/generate-root/attempt", { body: {} });
  const { nonce } = JSON.parse(text);
  let complete = false;
  for (const share of [1, 2, 3]) {
    const key = await aws(
      ...["secretsmanager", "get-secret-value", "--secret-id", names.recoverySecret(share)],
      ...["--query", "SecretString", "--output", "text"],
    );
    const answer = await ask("PUT", "sys/generate-root/update", { body: { key, nonce } });
    expect(answer.status).toBe(200);
    complete = JSON.parse(answer.text).complete;
  }
  expect(complete).toBe(true);
  // Its output was never decoded; the bootstrap finds such tokens by their accessors.
  const bootstrap = await Job.prepare("vault-bootstrap");
  const { code, output } = await bootstrap.run({
    VAULT_SERVERS: servers.join(" "),
    KUBERNETES_HOST: `https://127.0.0.1:${ports.kubernetes}`,
    AUDIT_FILE: (await auditFile()) ?? "",
  });
  bootstrap.remove();
  expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining("Revoked a root token") });
}

async function auditFile(): Promise<string> {
  const terraform = await logInAsTerraform();
  const { data } = await terraform.request("GET", "sys/audit");
  await terraform.end();
  return data["bootstrap-file/"].options.file_path;
}
