import { setTimeout as sleep } from "node:timers/promises";
import { type Session, eventually, logInAsTerraform, part, raftServers, serversThatSay } from "./support";
import { Writer } from "./writer";

/** Time within which a new leader must serve requests. */
const ELECTION_SECONDS = 15;

let session: Session;
beforeAll(async () => {
  session = await logInAsTerraform();
  await eventually("three healthy servers", 60, allAreWell);
});

async function allAreWell(): Promise<boolean> {
  const [active, standby, members] = await Promise.all([
    serversThatSay("active"),
    serversThatSay("standby"),
    raftServers(session),
  ]);
  return active.length === 1 && standby.length === 2 && members.every(({ voter }) => voter);
}

async function kill(name: string): Promise<void> {
  process.kill((await part(name)).pid as number, "SIGKILL");
}

test("restarts and unseals a killed standby, and counts the restart", async () => {
  const [name] = await serversThatSay("standby");
  const before = await part(name);
  await kill(name);
  await eventually(`${name} is started again`, 30, async () => (await part(name)).restarts > before.restarts);
  await eventually(
    `${name} is a standby again`,
    60,
    async () => (await part(name)).health.says === "standby",
  );
  expect(await part(name)).toMatchObject({ restarts: before.restarts + 1, lastEnd: "ended by SIGKILL" });
  await eventually("three voters", 60, allAreWell);
});

describe("a leader that is killed during writes", () => {
  const mount = "failure-test";
  beforeAll(() => session.request("POST", `sys/mounts/${mount}`, { type: "kv" }));
  afterAll(() => session.request("DELETE", `sys/mounts/${mount}`));

  test("is replaced within seconds and comes back, without loss of acknowledged writes", async () => {
    const [leader] = await serversThatSay("active");
    const writer = new Writer(mount, session);
    const { log } = writer;

    await eventually("writes before the failure", 10, async () => log.size >= 50);
    const killed = Date.now();
    await kill(leader);
    // Writes in flight at the failure may still be acknowledged. Only a write started later proves a new leader.
    const isServed = () => [...log.values()].some((begun) => begun > killed + 500);
    await eventually("a write at a new leader", ELECTION_SECONDS, async () => isServed());
    const seconds = (Date.now() - killed) / 1000;
    await sleep(1000);
    await writer.stop();

    expect(seconds).toBeLessThan(ELECTION_SECONDS);
    expect((await serversThatSay("active"))[0]).not.toBe(leader);
    expect(await writer.lost(session)).toEqual([]);
    await eventually(`${leader} is back`, 60, allAreWell);
    console.log(
      `${log.size} writes acknowledged, none lost; the new leader served after ${seconds.toFixed(1)} s`,
    );
  });
});
