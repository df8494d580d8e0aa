import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { relative } from "node:path";

/** Pattern of Vault and ServiceAccount tokens from any issuer. */
export const TOKEN = /hv[sbr]\.[A-Za-z0-9_-]{20,}|eyJhbGciOi[A-Za-z0-9_-]{10,}\.eyJ/;

/** Finds files that contain one of the texts, plain or in Base64. @returns their paths relative to `base` */
export function filesWith(texts: readonly string[], base: string, folders: readonly string[]): string[] {
  const needles = texts.flatMap((text) => [text, Buffer.from(text).toString("base64").replace(/=+$/, "")]);
  // Passed on stdin, because other users can read arguments.
  return grep(["-F", "-f", "-"], `${needles.join("\n")}\n`, base, folders);
}

/** Finds files that contain a token. @returns their paths relative to `base` */
export function filesWithTokens(base: string, folders: readonly string[]): string[] {
  return grep(["-E", "-e", TOKEN.source], "", base, folders);
}

function grep(what: string[], input: string, base: string, folders: readonly string[]): string[] {
  const found = spawnSync("grep", ["-r", "-l", "-a", ...what, ...folders], { input, encoding: "utf8" });
  // Files can disappear between listing and reading.
  const problems = found.stderr.split("\n").filter((line) => line && !/No such file/.test(line));
  if (found.error || problems.length > 0) throw new Error(`grep: ${found.error ?? problems.join("\n")}`);
  return found.stdout
    .split("\n")
    .filter(Boolean)
    .map((path) => relative(base, path))
    .sort();
}

/** Recorder of the command lines of all processes. Every user of the machine may read them. */
export class ProcessListing {
  /** True if the system has /proc. */
  static readonly isPossible = existsSync("/proc/self/cmdline");

  /** Recorded command lines. */
  readonly commandLines = new Set<string>();
  private readonly timer: NodeJS.Timeout;

  /** Polls, because most processes run for less than a second. */
  constructor() {
    this.look();
    this.timer = setInterval(() => this.look(), 25);
  }

  stop(): void {
    this.look();
    clearInterval(this.timer);
  }

  private look(): void {
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      try {
        this.commandLines.add(readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " "));
      } catch {
        // The process has ended.
      }
    }
  }
}
