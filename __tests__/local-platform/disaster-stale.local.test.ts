import { randomBytes } from "node:crypto";
import { spawnSync } from "node:child_process";
import type { Client } from "pg";
import { quoteLiteral } from "../../constructs/engines/postgres-sql";
import { caFile } from "../../local/certificates";
import { withDatabase } from "../../local/postgres";
import { destroyServers, restartServers, restoreServers, takeSnapshot } from "./disaster";
import { activeServer, programsPath } from "./jobs";
import { Runbook } from "./runbook";
import { type Session, database, logInAsService, logInAsTerraform, ports } from "./support";

const runbook = new Runbook("disaster-recovery");
const CREDENTIALS = "database/creds/payment-service-role";

jest.setTimeout(300_000);

const asAdministrator = <T>(work: (client: Client) => Promise<T>) =>
  withDatabase({ port: ports.postgres, database: database.database }, work);

async function exists(user: string): Promise<boolean> {
  const { rowCount } = await asAdministrator((client) =>
    client.query("SELECT FROM pg_roles WHERE rolname = $1", [user]),
  );
  return rowCount === 1;
}

/** Runs a command of the runbook with the permissions of a session. */
async function run(command: string, session: Session, input = ""): Promise<void> {
  const { status, stderr } = spawnSync("sh", ["-c", command], {
    input,
    encoding: "utf8",
    env: {
      PATH: await programsPath(),
      HOME: "/nonexistent",
      VAULT_ADDR: await activeServer(),
      VAULT_CACERT: caFile,
      VAULT_TOKEN: session.token,
    },
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: expect.any(String) });
}

test("fixes a dead password and orphaned users after an old snapshot, by the runbook", async () => {
  const before = await logInAsService();
  const known = await before.request("GET", CREDENTIALS);
  // Names of database users end with the second of their creation.
  await new Promise((done) => setTimeout(done, 1100));
  const { created } = await takeSnapshot();

  const terraform = await logInAsTerraform();
  await terraform.request("POST", "database/rotate-root/payments-db");
  const orphan = await before.request("GET", CREDENTIALS);
  await destroyServers();
  expect((await restoreServers()).code).toBe(0);
  await restartServers();
  expect(await restoreServers()).toMatchObject({ code: 0 });

  const service = await logInAsService();
  const operator = await logInAsTerraform();
  await expect(service.request("GET", CREDENTIALS)).rejects.toThrow(/password authentication failed/);
  const lookup = (lease_id: string) => operator.status("PUT", "sys/leases/lookup", { lease_id });
  expect([await lookup(known.lease_id), await lookup(orphan.lease_id)]).toEqual([200, 400]);
  expect(await exists(orphan.data.username)).toBe(true);

  const password = randomBytes(24).toString("base64url");
  await asAdministrator((client) =>
    client.query(`ALTER ROLE vault_admin PASSWORD ${quoteLiteral(password)}`),
  );
  await run(runbook.command("vault write database/config/payments-db"), operator, password);
  await run(runbook.command("vault write -force database/rotate-root/payments-db"), operator);
  await asAdministrator((client) => client.query(runbook.sql("orphan", { CREATED: created })));

  expect(await exists(orphan.data.username)).toBe(false);
  const { data } = await service.request("GET", CREDENTIALS);
  const { username: user, password: fresh } = data;
  await withDatabase({ port: ports.postgres, database: database.database, user, password: fresh }, (client) =>
    client.query("SELECT 1"),
  );
  // Users known to the snapshot continue to work until their lease ends.
  expect(await exists(known.data.username)).toBe(true);
  await operator.request("POST", "sys/leases/revoke", { lease_id: known.lease_id, sync: true });
  expect(await exists(known.data.username)).toBe(false);
  await expect(
    withDatabase(
      { port: ports.postgres, database: database.database, user: "vault_admin", password },
      (client) => client.query("SELECT 1"),
    ),
  ).rejects.toMatchObject({ code: "28P01" });
  for (const session of [before, service, operator]) await session.end();
});
