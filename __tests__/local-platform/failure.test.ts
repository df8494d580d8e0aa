import { setTimeout as sleep } from "node:timers/promises";
import { Session, eventually, logInAsTerraform, part, raftServers, servers, serversThatSay } from "./support";

/** How long a new leader may take until it serves. */
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

test("a standby that is killed comes back unsealed without a human, and the supervisor tells of it", async () => {
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

describe("when the leader is killed while somebody writes", () => {
  const mount = "failure-test";
  beforeAll(() => session.request("POST", `sys/mounts/${mount}`, { type: "kv" }));
  afterAll(() => session.request("DELETE", `sys/mounts/${mount}`));

  test("another leads within seconds, no acknowledged write is lost, and the killed server comes back", async () => {
    const [leader] = await serversThatSay("active");
    const log = new Map<string, number>();
    const writer = startWriter(mount, log);

    await eventually("writes before the failure", 10, async () => log.size >= 50);
    const killed = Date.now();
    await kill(leader);
    // Writes under way when the leader died may still be acknowledged; one that was begun later proves a new leader.
    const isServed = () => [...log.values()].some((begun) => begun > killed + 500);
    await eventually("a write at a new leader", ELECTION_SECONDS, async () => isServed());
    const seconds = (Date.now() - killed) / 1000;
    await sleep(1000);
    await writer.stop();

    expect(seconds).toBeLessThan(ELECTION_SECONDS);
    expect((await serversThatSay("active"))[0]).not.toBe(leader);
    const lost = [];
    for (const key of log.keys()) {
      const { data } = await session.request("GET", `${mount}/${key}`, undefined, writer.server());
      if (data.value !== key) lost.push(key);
    }
    expect(lost).toEqual([]);
    await eventually(`${leader} is back`, 60, allAreWell);
    console.log(
      `${log.size} writes acknowledged, none lost; the new leader served after ${seconds.toFixed(1)} s`,
    );
  });
});

/**
 * Writes one key after the other, at most for a minute, and logs those that Vault has acknowledged with the time at
 * which they were begun. When a server does not agree, or not soon, it goes on to the next one.
 */
function startWriter(mount: string, log: Map<string, number>) {
  const hasty = new Session(session.token, 5000);
  let on = true;
  let server = 0;
  const deadline = Date.now() + 60_000;
  const done = (async () => {
    for (let number = 0; on && Date.now() < deadline; number++) {
      const key = `write-${number}`;
      const begun = Date.now();
      try {
        await hasty.request("POST", `${mount}/${key}`, { value: key }, servers[server]);
        log.set(key, begun);
      } catch {
        server = (server + 1) % servers.length;
        await sleep(100);
      }
    }
  })();
  return {
    server: () => servers[server],
    stop: () => {
      on = false;
      return done;
    },
  };
}
