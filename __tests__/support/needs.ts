import { accessSync, constants } from "node:fs";
import { delimiter, join, relative } from "node:path";

const LOCAL_PLATFORM = 'the local platform: export PATH="$(npm run --silent local -- path):$PATH"';

/** Programs that some tests need, and where to get each. */
const SOURCES = {
  vault: LOCAL_PLATFORM,
  postgres: `PostgreSQL, or ${LOCAL_PLATFORM}`,
  initdb: `PostgreSQL, or ${LOCAL_PLATFORM}`,
  "syslog-ng": LOCAL_PLATFORM,
  bao: "OpenBao, https://openbao.org",
  terraform: "Terraform 1.11 or later, https://developer.hashicorp.com/terraform/install",
  kubectl: "Kubernetes, https://kubernetes.io/docs/tasks/tools",
  go: "Go, https://go.dev/dl",
  prometheus: "the system's package prometheus",
  promtool: "the system's package prometheus",
  pgrep: "the system's package procps",
  gpg: "the system's package gnupg",
  gpgconf: "the system's package gnupg",
  shellcheck: "the system's package shellcheck",
  busybox: "the system's package busybox",
  openssl: "the system's package openssl",
  script: "the system's package bsdutils or util-linux-script",
  "apt-get": "Debian",
  dash: "the system's package dash",
  bash: "the system's package bash",
  zsh: "the system's package zsh",
  fish: "the system's package fish",
  sh: "every system",
} as const;

export type Program = keyof typeof SOURCES;

/** The path of a program on PATH. @returns undefined where it is missing */
export function findProgram(program: Program): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, program)).find(isExecutable);
}

/** As `findProgram`, for what has to be there by now. @throws Error that says where to get it */
export function programPath(program: Program): string {
  const path = findProgram(program);
  if (path === undefined) throw new Error(missingPrograms(program));
  return path;
}

/** Names what is missing and where to get it. @returns undefined when all programs are on PATH */
export function missingPrograms(...programs: readonly Program[]): string | undefined {
  const missing = programs.filter((program) => findProgram(program) === undefined);
  if (missing.length === 0) return undefined;
  return missing.map((program) => `${program} is not on PATH; it comes with ${SOURCES[program]}`).join("; ");
}

/** `describe`, or a skipped one after a message that names what is missing and where to get it. */
export function describeWithPrograms(...programs: readonly Program[]): jest.Describe {
  return describeUnless(missingPrograms(...programs));
}

/** `test`, or a skipped one after a message that names what is missing and where to get it. */
export function testWithPrograms(...programs: readonly Program[]): jest.It {
  return testUnless(missingPrograms(...programs));
}

/**
 * `describe`, or a skipped one after a message.
 * @param missing what the tests need and this machine has not, and where to get it; undefined where nothing is missing
 */
export function describeUnless(missing: string | undefined): jest.Describe {
  return needing(missing, describe, describe.skip);
}

/**
 * `test`, or a skipped one after a message.
 * @param missing what the test needs and this machine has not, and where to get it; undefined where nothing is missing
 */
export function testUnless(missing: string | undefined): jest.It {
  return needing(missing, test, test.skip as jest.It);
}

/** What a test file has said already. */
const said = new Set<string>();

/** Says once what is left out of a test, for what is only a part of one. */
export function sayMissing(missing: string): void {
  const { testPath } = expect.getState();
  const line = `skipped in ${relative(process.cwd(), testPath ?? "")}: ${missing}\n`;
  // Of a file whose tests are all skipped, Jest shows nothing that it printed to the console.
  if (!said.has(line)) process.stderr.write(line);
  said.add(line);
}

function needing<T>(missing: string | undefined, run: T, skip: T): T {
  if (missing === undefined) return run;
  sayMissing(missing);
  return skip;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
