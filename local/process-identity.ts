import { spawnSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** Unique identity of a process. The process id alone can be reused by a later process. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Start time in the system's format. */
  readonly started: string;
  /** Machine or container in which the process id is valid. */
  readonly host: string;
}

/** Identity of this process. */
export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, started: startTime(process.pid) ?? "", host: ownHost() };
}

/** Returns whether the process still runs, or undefined if it belongs to another machine or container. */
export function isRunning({ pid, started, host }: ProcessIdentity): boolean | undefined {
  if (host !== ownHost()) return undefined;
  return startTime(pid) === started;
}

/** Returns undefined for a process that has ended, even if its parent has not collected it yet. */
function startTime(pid: number): string | undefined {
  try {
    // The name of the program may contain spaces and parentheses. State is field 3, the start time field 22.
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? undefined : `${bootId()} ${fields[19]}`;
  } catch {
    if (process.platform === "linux") return undefined;
  }
  const { stdout } = spawnSync("ps", ["-p", String(pid), "-o", "lstart="], { encoding: "utf8" });
  return stdout?.trim() || undefined;
}

function bootId(): string {
  return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
}

function ownHost(): string {
  try {
    return `${hostname()} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return hostname();
  }
}
