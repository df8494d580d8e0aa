import { spawnSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** A process, as no later process is: numbers are used again. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Time at which it started, as the system writes it. */
  readonly started: string;
  /** Where its number is valid: a machine or a container. */
  readonly host: string;
}

/** This process. */
export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, started: startTime(process.pid) ?? "", host: ownHost() };
}

/** Returns whether the process still runs, or undefined where this machine or container cannot know. */
export function isRunning({ pid, started, host }: ProcessIdentity): boolean | undefined {
  if (host !== ownHost()) return undefined;
  return startTime(pid) === started;
}

/** Returns undefined for a process that has ended, whether its parent has collected it or not. */
function startTime(pid: number): string | undefined {
  try {
    // The name of the program may hold spaces and parentheses. State is field 3, the start time field 22.
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
