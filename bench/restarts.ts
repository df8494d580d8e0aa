import { setTimeout as sleep } from "node:timers/promises";
import type { Say } from "./platform";
import { RANGE, type Table, range } from "./table";

/** Mount of a secrets engine that only the failover measurement uses. */
const MOUNT = "bench";
const SECONDS = 60;

/** Measures the downtime of Vault after servers end. */
export async function restartTable(runs: number, say: Say): Promise<Table> {
  const platform = await import("../__tests__/local-platform/support.js");
  const { ask, eventually, logInAsTerraform, part, raftServers, servers, serversThatSay, Session } = platform;
  const session = await logInAsTerraform();
  await session.request("POST", `sys/mounts/${MOUNT}`, { type: "kv" });

  const isWhole = async () => {
    const [active, standby] = await Promise.all([serversThatSay("active"), serversThatSay("standby")]);
    const members = await raftServers(session);
    return (
      active.length === 1 && standby.length === servers.length - 1 && members.every(({ voter }) => voter)
    );
  };
  const end = async (name: string, signal: NodeJS.Signals) => {
    const { pid } = await part(name);
    const start = Date.now();
    process.kill(pid!, signal);
    return { pid: pid!, start };
  };
  /** Seconds until one of the servers acknowledges a write that started after `start`. */
  const untilWritten = async (names: readonly string[], start: number): Promise<number> => {
    const quick = new Session(session.token, 1000);
    const addresses = await Promise.all(names.map(async (name) => (await part(name)).address));
    const write = (address: string) =>
      quick.request("POST", `${MOUNT}/probe`, { value: String(start) }, address);
    while (Date.now() - start < SECONDS * 1000) {
      const written = await Promise.any(addresses.map(write)).then(
        () => true,
        () => false,
      );
      if (written) return (Date.now() - start) / 1000;
      await sleep(20);
    }
    throw new Error(`no server took a write for ${SECONDS} s`);
  };
  const isSealed = async (address: string): Promise<boolean | undefined> => {
    try {
      return JSON.parse((await ask("GET", "sys/seal-status", { server: address, timeoutMs: 1000 })).text)
        .sealed;
    } catch {
      return undefined;
    }
  };

  const failover = async (signal: NodeJS.Signals): Promise<number> => {
    const [leader] = await serversThatSay("active");
    const others = await serversThatSay("standby");
    const { pid, start } = await end(leader, signal);
    if (signal === "SIGTERM") await eventually("the leader's end", SECONDS, async () => hasEnded(pid));
    return untilWritten(others, start);
  };
  const restartOfStandby = async () => {
    const [name] = await serversThatSay("standby");
    const { address } = await part(name);
    const { pid } = await end(name, "SIGTERM");
    await eventually("the standby's end", SECONDS, async () => hasEnded(pid));
    for (const begun = Date.now(); Date.now() - begun < SECONDS * 1000; await sleep(10)) {
      const sealed = await isSealed(address);
      // Only the new process can answer, because the previous one has ended.
      if (sealed === false) return (Date.now() - Date.parse((await part(name)).since)) / 1000;
    }
    throw new Error(`${name} was not unsealed after ${SECONDS} s`);
  };
  const restartOfAll = async () => {
    const names = [...(await serversThatSay("active")), ...(await serversThatSay("standby"))];
    const ended = await Promise.all(names.map((name) => end(name, "SIGTERM")));
    await eventually("the servers' end", SECONDS, async () => ended.every(({ pid }) => hasEnded(pid)));
    return untilWritten(names, Math.min(...ended.map(({ start }) => start)));
  };

  const cases: [string, () => Promise<number>][] = [
    ["a standby restarts: from its start until it is unsealed", restartOfStandby],
    ["failover: the leader is killed, until another takes a write", () => failover("SIGKILL")],
    ["failover: the leader gets SIGTERM, until another takes a write", () => failover("SIGTERM")],
    ["all servers get SIGTERM and start again: until one takes a write", restartOfAll],
  ];
  const rows: string[][] = [];
  for (const [title, measured] of cases) {
    const values: number[] = [];
    for (let run = 0; run < runs; run++) {
      await eventually("three servers that are well", SECONDS * 2, isWhole);
      say(`${title}, run ${run + 1} of ${runs}`);
      values.push(await measured());
    }
    rows.push([title, ...range(values), String(runs)]);
  }
  await eventually("three servers that are well", SECONDS * 2, isWhole);
  await session.request("DELETE", `sys/mounts/${MOUNT}`);
  await session.end();
  return {
    title: "Restarts and failover of three servers",
    notes: [
      "Seconds. Unsealing asks a KMS on the same machine. Servers that have ended are started again within a tenth of a second.",
    ],
    columns: ["what", ...RANGE, "runs"],
    rows,
  };
}

function hasEnded(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}
