import { execFileSync } from "node:child_process";
import { constants, closeSync, mkdtempSync, openSync, readFileSync, readSync, rmSync } from "node:fs";
import { type Server, type Socket, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TerraformStack, Testing } from "cdktf";
import { Tls, serverNames } from "../../constructs/server/tls";
import { vaultAt } from "../../constructs/server/vault";
import { auditAlerts } from "../../constructs/observability/alerts/audit";
import { watchedVault } from "../../constructs/observability/watched-vault";
import { caFile } from "../../local/certificates";
import { httpRequest } from "../../local/http";
import { auditLog, devices, expectAudited, expectRecorded } from "./audit-trail";
import {
  type Session,
  ask,
  asked,
  eventually,
  logInAsTerraform,
  part,
  ports,
  serversThatSay,
} from "./support";

/** Third audit device, enabled for one test. */
const DEVICE = "test-device";
/** Time that Vault waits for a device that does not finish writing an entry. */
const VAULT_WAITS_MS = 10_000;

let session: Session;
let folder: string;

beforeAll(async () => {
  session = await logInAsTerraform();
  await session.request("DELETE", `sys/audit/${DEVICE}`);
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "audit-"));
  asked.length = 0;
});
afterEach(async () => {
  await session.request("DELETE", `sys/audit/${DEVICE}`);
  rmSync(folder, { recursive: true });
});

async function look(): Promise<{ status: number; ms: number }> {
  const begun = Date.now();
  const { status } = await ask("GET", "auth/token/lookup-self", { token: session.token, timeoutMs: 120_000 });
  return { status, ms: Date.now() - begun };
}

/** Values of the active server's metrics. Metrics appear with their first sample, so missing ones are 0. */
async function metrics(...names: string[]): Promise<number[]> {
  const [leader] = (await serversThatSay("active")) as ("vault-0" | "vault-1" | "vault-2")[];
  const url = `https://127.0.0.1:${ports[`${leader}-metrics`]}/v1/sys/metrics?format=prometheus`;
  const { text } = await httpRequest(url, { tls: { ca: caFile } });
  return names.map((name) => Number(new RegExp(`^${name} (.*)$`, "m").exec(text)?.[1] ?? 0));
}

/** Metrics of a cluster alert in the order of its expression, and the limit of its last comparison. */
function alert(name: string): { metrics: string[]; limit: number } {
  const watched = watchedVault(new TerraformStack(Testing.app(), "test"), {
    vault: vaultAt(),
    replicas: 3,
    tls: Tls.existingSecret({ secretName: "vault-tls", ...serverNames("vault", "vault") }),
  });
  const { expr } = auditAlerts(watched).find((it) => it.name === name)!;
  return { metrics: expr.match(/vault_audit_\w+/g)!, limit: Number(/> (\d+)$/.exec(expr)?.[1]) };
}

/** Mean time in milliseconds that Vault waited for the audit devices, computed like the alert VaultAuditStall. */
async function meanAuditTime(meanwhile: () => Promise<unknown>): Promise<number> {
  const ratio = alert("VaultAuditStall").metrics;
  expect(ratio).toEqual(["vault_audit_log_request_sum", "vault_audit_log_request_count"]);
  const [sum, count] = await metrics(...ratio);
  await meanwhile();
  const [laterSum, laterCount] = await metrics(...ratio);
  return (laterSum - sum) / (laterCount - count);
}

/** Sidecar that accepts connections but never reads from them. */
class Sidecar {
  readonly path = join(folder, "socket");
  private readonly server: Server;
  private readonly connections: Socket[] = [];

  static async listen(): Promise<Sidecar> {
    const sidecar = new Sidecar();
    await new Promise<void>((resolve) => sidecar.server.listen(sidecar.path, resolve));
    const options = { address: sidecar.path, socket_type: "unix", write_timeout: "2s" };
    await session.request("PUT", `sys/audit/${DEVICE}`, { type: "socket", options });
    return sidecar;
  }

  private constructor() {
    this.server = createServer({ pauseOnConnect: true }, (connection) => {
      connection.on("error", () => undefined);
      this.connections.push(connection);
    });
  }

  close(): void {
    this.server.close();
    for (const connection of this.connections) connection.destroy();
  }
}

test("records every request in two devices of different kinds, and hashes secrets", async () => {
  const { data } = await session.request("GET", "sys/audit");
  expect(Object.keys(data).sort()).toEqual(devices.map((device) => `${device}/`).sort());
  expect(new Set(Object.values<any>(data).map(({ options }) => options.file_path)).size).toBe(2); // eslint-disable-line @typescript-eslint/no-explicit-any
  const fresh = await logInAsTerraform();
  await fresh.request("GET", "auth/token/lookup-self");
  await expectAudited({ "Vault token": fresh.token });
});

test("records a rejected request with the reason", async () => {
  await ask("GET", "sys/mounts", { token: "hvs.nobody" });
  const [{ id }] = asked;
  for (const device of devices) {
    const entry = (await auditLog(device)).split("\n").find((line) => line.includes(id))!;
    expect(JSON.parse(entry)).toMatchObject({ error: expect.stringContaining("permission denied") });
  }
});

test("serves with one device that returns errors, logs it, and counts failures for the alert", async () => {
  const sidecar = await Sidecar.listen();
  sidecar.close();
  const watched = [alert("VaultAuditDeviceFailure").metrics[0], alert("VaultAuditFailure").metrics[0]];
  const [failures, refusals] = await metrics(...watched);
  const answers = [];
  for (let count = 0; count < 5; count++) answers.push(await look());
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  expect(Math.max(...answers.map(({ ms }) => ms))).toBeLessThan(2000);
  await expectRecorded();

  // Five requests and five responses.
  const after = await metrics(...watched);
  expect(after[0] - failures).toBeGreaterThanOrEqual(10);
  // The alert for failures of all devices does not fire.
  expect(after[1]).toBe(refusals);
  const [leader] = await serversThatSay("active");
  const log = readFileSync((await part(leader)).logFile, "utf8");
  expect(log).toMatch(/log request underlying pipeline error.*error writing to socket/s);
});

test("waits no longer than the write timeout for a sidecar that stops reading", async () => {
  const sidecar = await Sidecar.listen();
  const stalls: number[] = [];
  try {
    await eventually("the socket's buffer is full", 60, async () => {
      const { status, ms } = await look();
      expect(status).toBe(200);
      if (ms > 1500) stalls.push(ms);
      return stalls.length > 0;
    });
  } finally {
    sidecar.close();
  }
  // A request produces two entries; each of them can find the buffer full.
  expect(stalls[0]).toBeLessThan(4000 + 1500);
  await expectRecorded();
  console.log(`a socket that nobody reads: one request took ${stalls[0]} ms, then a new connection was made`);
});

test("stalls every request while one device hangs, above the limit of VaultAuditStall", async () => {
  const fifo = join(folder, "fifo");
  execFileSync("mkfifo", [fifo]);
  const reader = openSync(fifo, constants.O_RDWR | constants.O_NONBLOCK);
  const drain = () => {
    const buffer = Buffer.alloc(65_536);
    try {
      while (readSync(reader, buffer) > 0);
    } catch {
      // The pipe is empty.
    }
  };
  let draining: NodeJS.Timeout | undefined;
  try {
    await session.request("PUT", `sys/audit/${DEVICE}`, { type: "file", options: { file_path: fifo } });
    const healthy = await meanAuditTime(async () => look());
    let first = { status: 0, ms: 0 };
    await eventually("the pipe is full", 120, async () => {
      first = await look();
      return first.ms > VAULT_WAITS_MS;
    });
    const [failures] = await metrics("vault_audit_log_request_failure");
    let together: { status: number; ms: number }[] = [];
    const stalled = await meanAuditTime(async () => {
      together = await Promise.all([look(), look(), look()]);
    });

    // Requests succeed late: the entries of the request and of the response both wait.
    expect(first.status).toBe(200);
    for (const { status, ms } of together) {
      expect(status).toBe(200);
      expect(ms).toBeGreaterThanOrEqual(2 * VAULT_WAITS_MS - 500);
      expect(ms).toBeLessThan(3 * VAULT_WAITS_MS);
    }
    // The requests wait in parallel.
    expect(
      Math.max(...together.map(({ ms }) => ms)) - Math.min(...together.map(({ ms }) => ms)),
    ).toBeLessThan(5000);
    // The other devices record everything. Vault therefore counts no failure; only the time increases.
    await expectRecorded();
    expect(await metrics("vault_audit_log_request_failure")).toEqual([failures]);
    const { limit } = alert("VaultAuditStall");
    expect(healthy).toBeLessThan(limit);
    expect(stalled).toBeGreaterThan(limit);

    draining = setInterval(drain, 20);
    await eventually("Vault answers at once", 30, async () => (await look()).ms < 1000);
    console.log(
      `a device that hangs: each request took ${together.map(({ ms }) => (ms / 1000).toFixed(1)).join(", ")} s and succeeded; ` +
        `mean time of an entry ${healthy.toFixed(1)} ms before, ${stalled.toFixed(0)} ms meanwhile; well again when it was read`,
    );
  } finally {
    draining ??= setInterval(drain, 20);
    await session.request("DELETE", `sys/audit/${DEVICE}`);
    clearInterval(draining);
    closeSync(reader);
  }
}, 400_000);
