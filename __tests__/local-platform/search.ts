import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { relative } from "node:path";

/** What tokens of Vault and of ServiceAccounts look like, whoever made them. */
export const TOKEN = /hv[sbr]\.[A-Za-z0-9_-]{20,}|eyJhbGciOi[A-Za-z0-9_-]{10,}\.eyJ/;

/** Files below the folders in which one of the texts is, as it stands or in Base64; their paths below `base`. */
export function filesWith(texts: readonly string[], base: string, folders: readonly string[]): string[] {
  const needles = texts.flatMap((text) => [text, Buffer.from(text).toString("base64").replace(/=+$/, "")]);
  // The texts are not arguments, which others would see.
  return grep(["-F", "-f", "-"], `${needles.join("\n")}\n`, base, folders);
}

export function filesWithTokens(base: string, folders: readonly string[]): string[] {
  return grep(["-E", "-e", TOKEN.source], "", base, folders);
}

function grep(what: string[], input: string, base: string, folders: readonly string[]): string[] {
  const found = spawnSync("grep", ["-r", "-l", "-a", ...what, ...folders], { input, encoding: "utf8" });
  // What is being written may be gone before it is read.
  const problems = found.stderr.split("\n").filter((line) => line && !/No such file/.test(line));
  if (found.error || problems.length > 0) throw new Error(`grep: ${found.error ?? problems.join("\n")}`);
  return found.stdout
    .split("\n")
    .filter(Boolean)
    .map((path) => relative(base, path))
    .sort();
}

/** The command lines of processes, which every user of the machine may read. */
export class ProcessListing {
  static readonly isPossible = existsSync("/proc/self/cmdline");

  readonly commandLines = new Set<string>();
  private readonly timer: NodeJS.Timeout;

  /** Looks again and again, because most processes live for less than a second. */
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
        // It has ended.
      }
    }
  }
}
