import { chmodSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Job, type JobRun } from "./jobs";
import {
  type Session,
  ask,
  eventually,
  logInAsTerraform,
  part,
  raftServers,
  servers,
  serversThatSay,
} from "./support";
import { Writer } from "./writer";
import { HttpServer } from "../support/servers/http";

const NAMES = ["vault-0", "vault-1", "vault-2"];
/** Time within which a new leader must serve requests. */
const ELECTION_SECONDS = 15;

jest.setTimeout(240_000);

let session: Session;
let job: Job;
let stand: Kubernetes;
beforeEach(async () => {
  session = await logInAsTerraform();
  await eventually("three healthy servers", 60, allAreWell);
  job = await Job.prepare("vault-rollout");
  stand = await Kubernetes.standFor(job);
});
afterEach(async () => {
  await stand.stop();
  job.remove();
  await eventually("three healthy servers", 90, allAreWell);
  await session.end();
});

async function allAreWell(): Promise<boolean> {
  const [standby, members] = await Promise.all([serversThatSay("standby"), raftServers(session)]);
  return standby.length === 2 && members.length === 3 && members.every(({ voter }) => voter);
}

/**
 * Stand-in for kubectl on the platform's servers, because no node runs pods here. Each process acts as a pod. Processes
 * that started after this object have the new revision. Deleting a pod terminates its process, as a kubelet does.
 */
class Kubernetes {
  static async standFor(job: Job): Promise<Kubernetes> {
    const pids = await Promise.all(NAMES.map(async (name) => (await part(name)).pid));
    const stand = new Kubernetes(new Map(NAMES.map((name, ordinal) => [name, pids[ordinal]])));
    stand.server = await HttpServer.start(async ({ url }) => ({
      body: await stand.answer(decodeURIComponent(url.slice(2))),
    }));
    const program = `#!${process.execPath}
const words = encodeURIComponent(process.argv.slice(2).join(" "));
require("node:http").get("${stand.server.url}/?" + words, (answer) => {
  answer.pipe(process.stdout);
  answer.on("end", () => (process.exitCode = answer.statusCode === 200 ? 0 : 1));
});
`;
    writeFileSync(job.path("bin", "kubectl"), program);
    chmodSync(job.path("bin", "kubectl"), 0o755);
    return stand;
  }

  /** Deleted pods in order, and whether each was active at the time. */
  readonly deleted: { name: string; active: boolean }[] = [];
  /** Name of a server that ignores its deletion. */
  heldUp?: string;
  private server!: HttpServer;

  private constructor(private readonly old: ReadonlyMap<string, number | undefined>) {}

  stop(): Promise<void> {
    return this.server.stop();
  }

  private async answer(call: string): Promise<string> {
    if (/get statefulset vault .*eneration/.test(call)) return "7";
    if (/get statefulset vault .*updateRevision/.test(call)) return "new";
    if (/get pods /.test(call)) return (await Promise.all(NAMES.map((name) => this.line(name)))).join("");
    const name = /delete pod (\S+) --wait=false/.exec(call)?.[1];
    if (!name) throw new Error(`not known: ${call}`);
    this.deleted.push({ name, active: (await serversThatSay("active")).includes(name) });
    const { pid } = await part(name);
    if (name !== this.heldUp) process.kill(pid as number, "SIGTERM");
    return `pod "${name}" deleted\n`;
  }

  private async line(name: string): Promise<string> {
    const { pid, health } = await part(name);
    if (pid === undefined) return "";
    const { says } = health;
    const sealed = says === "active" || says === "standby" ? "false" : "true";
    const revision = pid === this.old.get(name) ? "old" : "new";
    return `${name},${revision},${says === "active"},${sealed},${pid}\n`;
  }
}

const rollout = (changed: Record<string, string> = {}): Promise<JobRun> =>
  job.run({
    SERVER_TIMEOUT_SECONDS: "60",
    TIMEOUT_SECONDS: "200",
    VAULT_SERVERS: servers.join(" "),
    ...changed,
  });

test("replaces standbys one by one and the active server last, and loses no write", async () => {
  const mount = "rollout-test";
  // Removes the mount of an interrupted run.
  await session.request("DELETE", `sys/mounts/${mount}`);
  await session.request("POST", `sys/mounts/${mount}`, { type: "kv" });
  const [leader] = await serversThatSay("active");
  const writer = new Writer(mount, session);
  const { code, output } = await rollout();
  await sleep(1000);
  await writer.stop();
  expect({ code, output }).toEqual({
    code: 0,
    output: expect.stringContaining("All 3 servers run revision new."),
  });

  expect(stand.deleted.map(({ active }) => active)).toEqual([false, false, false]);
  expect(stand.deleted.map(({ name }) => name).at(-1)).toBe(leader);
  expect(output).toContain(`${leader} is active: it steps down.`);
  const [first, last] = [Math.min(...writer.refusals), Math.max(...writer.refusals)];
  const seconds = writer.refusals.length === 0 ? 0 : (last - first) / 1000;
  expect(seconds).toBeLessThan(ELECTION_SECONDS);
  expect(await writer.lost(session)).toEqual([]);
  console.log(
    `${writer.log.size} writes acknowledged, none lost; writes were refused for ${seconds.toFixed(1)} s, ` +
      `during one election.`,
  );
  await session.request("DELETE", `sys/mounts/${mount}`);
});

test("stops at a server that does not come back, and Vault goes on serving", async () => {
  const [leader] = await serversThatSay("active");
  stand.heldUp = NAMES.filter((name) => name !== leader).at(-1);
  const { code, output } = await rollout({ SERVER_TIMEOUT_SECONDS: "5" });
  expect({ code, output }).toEqual({
    code: 1,
    output: expect.stringContaining(
      `FAILED: waited in vain for ${stand.heldUp} to run the new revision, unsealed`,
    ),
  });
  expect(stand.deleted.map(({ name }) => name)).toEqual([stand.heldUp]);
  expect((await ask("GET", "sys/health", { server: (await part(leader)).address })).status).toBe(200);
});

test("allows the role autopilot's state, but no configuration, rotation or mounts", async () => {
  const { text } = await ask("POST", "auth/kubernetes/login", {
    body: { role: "vault-rollout", jwt: job.token },
  });
  const token = JSON.parse(text).auth.client_token;
  const status = async (method: string, path: string) => (await ask(method, path, { token })).status;
  expect(await status("GET", "sys/storage/raft/autopilot/state")).toBe(200);
  expect(await status("GET", "sys/storage/raft/configuration")).toBe(403);
  expect(await status("PUT", "sys/rotate")).toBe(403);
  expect(await status("GET", "sys/mounts")).toBe(403);
  await ask("POST", "auth/token/revoke-self", { token });
});
