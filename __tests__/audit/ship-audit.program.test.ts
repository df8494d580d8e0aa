import "reflect-metadata";
import { existsSync, mkdirSync, renameSync, rmSync, statSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SiemSink } from "../../constructs/audit/siem-sink";
import { RaftVault } from "../support/servers/raft-vault";
import { missingMount, mount, unmount } from "../support/mounts";
import { describeUnless, missingPrograms, testUnless } from "../support/needs";
import { RunningShipper, missingShipper } from "./support/running-shipper";
import { SinkStandIn } from "../support/servers/sink";
import { until } from "../support/servers/processes";

jest.setTimeout(180_000);

interface Entry {
  readonly type: string;
  readonly time: string;
  readonly request: { readonly id: string; readonly path: string };
}

/** Audit device that an entry comes from. */
type Origin = "file" | "socket" | "either";

/** Entry of a line, none for an invalid line. A full disk leaves half a line with the next one appended. */
function parsed(line: string): Entry[] {
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}

const noMount = missingMount();
const unmet = missingShipper() ?? missingPrograms("vault");

describeUnless(unmet)("audit shipper with a real Vault", () => {
  let vault: RaftVault;
  let sink: SinkStandIn;
  let shipper: RunningShipper;
  let load: Load | undefined;

  beforeEach(async () => {
    const process = `vault-${Math.random().toString(36).slice(2, 10)}`;
    vault = await RaftVault.start(process);
    sink = await SinkStandIn.start();
    await vault.initialise();
    const made = SiemSink.splunkHec({
      endpoint: sink.endpoint,
      credentials: { secretName: "siem", key: "token" },
      caCertificate: sink.certificate,
    });
    shipper = new RunningShipper({
      sink: made,
      auditFolder: join(vault.folder, "audit"),
      vaultProcess: process,
      rotateBytes: 500_000,
    });
    await device("bootstrap-file", { type: "file", options: { file_path: vault.auditFile("audit") } });
    await vault.done("POST", "sys/mounts/secret", { type: "kv" });
  }, 90_000);
  afterEach(async () => {
    await load?.stop();
    load = undefined;
    await shipper?.remove();
    await sink?.close();
    await vault?.stop();
  });

  const device = (name: string, body: object) => vault.done("PUT", `sys/audit/${name}`, body);

  const addSocket = () =>
    until(() =>
      device("siem", {
        type: "socket",
        options: { address: shipper.socket, socket_type: "unix", write_timeout: "2s" },
      }),
    );

  /** Received entries of a device, in order of arrival. */
  const arrived = (from: Origin = "file"): Entry[] =>
    sink.accepted
      .flatMap(({ body }) => body.split("\n"))
      .map((text) => JSON.parse(text))
      .filter(({ source }) => from === "either" || source === `vault:${from}`)
      .flatMap(({ event }) => parsed(event));

  /** Missing request and response entries, by the requested paths. Each path is requested once. */
  const missing = (paths: readonly string[], from?: Origin) => {
    const known = new Set(arrived(from).map(({ type, request }) => `${type} ${request.path}`));
    return paths.flatMap((path) => [`request ${path}`, `response ${path}`]).filter((it) => !known.has(it));
  };

  const allArrive = (paths: readonly string[], from?: Origin) =>
    until(async () => {
      const { length } = missing(paths, from);
      if (length > 0) throw new Error(`${length} of ${paths.length * 2} are missing\n${shipper.output}`);
    });

  /** Expects the entries of each client in order. A client waits for each response, so the order is determined. */
  const expectOrder = () => {
    const seen = new Set<string>();
    const last = new Map<string, number>();
    for (const entry of arrived()) {
      const key = `${entry.type} ${entry.request.id}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const [, client, count] = /^secret\/client-(\d+)\/(\d+)$/.exec(entry.request.path) ?? [];
      if (!client) continue;
      const place = Number(count) * 2 + (entry.type === "response" ? 1 : 0);
      expect(place).toBeGreaterThan(last.get(client) ?? -1);
      last.set(client, place);
    }
    expect(last.size).toBe(4);
  };

  /** Load of several hundred requests per second from four clients. */
  class Load {
    readonly paths: string[] = [];
    readonly failures: string[] = [];
    /** Duration of the slowest request in milliseconds. */
    slowest = 0;
    private running = true;
    private readonly clients: Promise<void>[];

    /** Starts four clients. @param first number of the first client, to keep the paths of several loads distinct */
    constructor(first = 0) {
      this.clients = [0, 1, 2, 3].map((client) => this.run(first + client));
    }

    private async run(client: number): Promise<void> {
      for (let count = 0; this.running; count++) {
        const start = Date.now();
        const path = `secret/client-${client}/${count}`;
        const { status, body } = await vault.call("GET", path);
        this.slowest = Math.max(this.slowest, Date.now() - start);
        await sleep(3);
        // The path does not exist, but Vault audits the request.
        if (status === 404) this.paths.push(path);
        else if (this.failures.length < 3) this.failures.push(`${status} ${JSON.stringify(body)}`);
      }
    }

    async stop(): Promise<void> {
      this.running = false;
      await Promise.all(this.clients);
    }
  }

  const loadFor = async (milliseconds: number) => {
    load ??= new Load();
    await sleep(milliseconds);
    return load;
  };

  const rotations = () => shipper.output.split("told Vault").length - 1;

  test("loses no entry during rotation under load, and removes sent files", async () => {
    const { paths, failures } = await loadFor(6_000);
    await load!.stop();
    await allArrive(paths);
    expectOrder();
    expect(failures).toEqual([]);
    expect(rotations()).toBeGreaterThanOrEqual(4);
    await until(async () => {
      expect(shipper.generations("waiting")).toEqual([]);
      expect(shipper.generations("sent")).toHaveLength(1);
      expect(shipper.generations("shipping")).toHaveLength(1);
    });
    // The shipped file is the one that Vault writes.
    const [reading] = shipper.generations("shipping");
    const folder = join(vault.folder, "audit");
    expect(statSync(join(folder, "shipping", reading)).ino).toBe(statSync(join(folder, "audit.log")).ino);
  });

  test("delivers all entries in order after outages, error responses and rejected tokens", async () => {
    await loadFor(1_500);
    await sink.close();
    await loadFor(3_000);
    const waiting = shipper.generations("waiting");
    expect(waiting.length).toBeGreaterThanOrEqual(2);
    await sink.open();
    for (const status of [503, 401, 400, 500, 302]) {
      sink.status = status;
      const { refusals } = sink;
      await until(async () => expect(sink.refusals).toBeGreaterThan(refusals));
    }
    // Unconfirmed generations are kept.
    expect(shipper.generations("waiting")).toEqual(expect.arrayContaining(waiting));
    sink.status = 200;
    const { paths, failures } = await loadFor(1_000);
    await load!.stop();
    await allArrive(paths);
    expectOrder();
    expect(failures).toEqual([]);
    await until(async () => expect(shipper.generations("waiting")).toEqual([]));
  });

  test("loses no entry when the shipper is stopped by SIGKILL or SIGTERM", async () => {
    for (const signal of ["SIGKILL", "SIGTERM", "SIGKILL"] as const) {
      await loadFor(1_200);
      await shipper.end(signal);
      await loadFor(600);
      shipper.start();
    }
    const { paths, failures } = await loadFor(1_200);
    await load!.stop();
    await allArrive(paths);
    expect(failures).toEqual([]);
  });

  test("loses no file entry when the pod is replaced while the sink is down", async () => {
    await sink.close();
    await loadFor(2_500);
    await shipper.end("SIGKILL");
    rmSync(shipper.path("state"), { recursive: true });
    mkdirSync(shipper.path("state"));
    shipper.start();
    const { paths } = await loadFor(500);
    await sink.open();
    await load!.stop();
    await allArrive(paths);
  });

  test("completes a rotation that was interrupted before Vault reopened its file", async () => {
    const { paths } = await loadFor(300);
    await shipper.end("SIGKILL");
    const folder = join(vault.folder, "audit");
    if (existsSync(join(folder, "audit.log"))) {
      renameSync(join(folder, "audit.log"), join(folder, "waiting", "1999999999.log"));
    }
    await loadFor(300);
    expect(existsSync(join(folder, "audit.log"))).toBe(false);
    shipper.start();
    await until(async () => expect(existsSync(join(folder, "audit.log"))).toBe(true));
    await load!.stop();
    await allArrive(paths);
  });

  test("keeps Vault working without a listener on the socket, and delivers entries after its return", async () => {
    await addSocket();
    const { paths } = await loadFor(1_500);
    await load!.stop();
    await allArrive(paths, "socket");
    await allArrive(paths, "file");

    await shipper.end("SIGKILL");
    load = new Load(4);
    await sleep(1_500);
    await load.stop();
    expect(load.failures).toEqual([]);
    expect(load.paths.length).toBeGreaterThan(100);
    expect(load.slowest).toBeLessThan(2_000);
    const without = load.paths;
    // A server that starts without a listener on the socket, in a pod or in a restore drill, must start anyway.
    await vault.done("PUT", "sys/seal");
    await vault.unseal();

    shipper.start();
    await until(() => shipper.listens());
    load = new Load(8);
    await sleep(1_500);
    await load.stop();
    expect(load.failures).toEqual([]);
    await allArrive(load.paths, "socket");
    await allArrive([...without, ...load.paths], "file");
  });

  test("delivers the entries of the socket device when the audit disk is full", async () => {
    await addSocket();
    await loadFor(500);
    await load!.stop();
    await allArrive(load!.paths);
    await shipper.end("SIGTERM");
    await vault.fill("audit", true);
    shipper.start();
    await until(() => shipper.listens());
    load = new Load(4);
    await sleep(1_000);
    await load.stop();
    expect(load.failures).toEqual([]);
    await allArrive(load.paths, "socket");
  });

  testUnless(noMount)(
    "keeps Vault working and loses no entry when the volume fills during an outage",
    async () => {
      const folder = join(vault.folder, "audit");
      await shipper.end("SIGTERM");
      // The device keeps its open file; a new file is created on the small volume.
      mount(folder, "size=6m");
      try {
        vault.reopenAudit();
        shipper.start();
        await until(() => shipper.listens());
        await addSocket();
        await loadFor(1_000);
        await sink.close();
        const metrics: { free: number; failed: boolean }[] = [];
        await until(async () => {
          const { bavail, blocks } = statfsSync(folder);
          const failed = /^vault_audit_sink_failure\S* [1-9]/m.test(await vault.scrape());
          metrics.push({ free: bavail / blocks, failed });
          expect(failed).toBe(true);
        });
        // The free space passes both alert limits before the device fails.
        const first = metrics.findIndex(({ failed }) => failed);
        expect(Math.min(...metrics.slice(0, first).map(({ free }) => free))).toBeLessThan(0.1);
        const { paths, failures } = await loadFor(1_000);
        await load!.stop();
        expect(failures).toEqual([]);
        await sink.open();
        await until(async () => {
          const { bavail, blocks } = statfsSync(folder);
          expect(bavail / blocks).toBeGreaterThan(0.25);
        });
        // Through either device.
        await allArrive(paths, "either");
        const after = new Load(4);
        await sleep(500);
        await after.stop();
        await allArrive(after.paths, "either");
        // The file works again. Its first entry is appended to half a line.
        await until(async () => expect(missing(after.paths, "file").length).toBeLessThanOrEqual(1));
      } finally {
        await load?.stop();
        await shipper.end("SIGKILL");
        // Lazily, because Vault has a file open there.
        unmount(folder);
      }
    },
  );

  test("answers requests within two seconds and loses no entry while the sink is down", async () => {
    await addSocket();
    await sink.close();
    const { paths } = await loadFor(3_000);
    expect(load!.slowest).toBeLessThan(2_000);
    await load!.stop();
    await sink.open();
    await allArrive(paths, "socket");
    await allArrive(paths, "file");
  });
});
