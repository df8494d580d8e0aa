import { accessSync, constants } from "node:fs";
import { delimiter, join, relative } from "node:path";

const LOCAL_PLATFORM = 'the local platform: export PATH="$(npm run --silent local -- path):$PATH"';

/** Programs that some tests need, and the source of each. */
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
  chromium: "the system's package chromium",
  bash: "the system's package bash",
  zsh: "the system's package zsh",
  fish: "the system's package fish",
  sh: "every system",
} as const;

/** Program that a test can require. */
export type Program = keyof typeof SOURCES;

/** Path of a program on PATH, or undefined if it is missing. */
export function findProgram(program: Program): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, program)).find(isExecutable);
}

/** Path of a program that must be on PATH. @throws Error naming the source of a missing program */
export function programPath(program: Program): string {
  const path = findProgram(program);
  if (path === undefined) throw new Error(missingPrograms(program));
  return path;
}

/** Message naming the missing programs and their sources, or undefined if all of them are on PATH. */
export function missingPrograms(...programs: readonly Program[]): string | undefined {
  const missing = programs.filter((program) => findProgram(program) === undefined);
  if (missing.length === 0) return undefined;
  return missing.map((program) => `${program} is not on PATH; it comes with ${SOURCES[program]}`).join("; ");
}

/** `describe`, skipped if a program is missing. The message names the program and its source. */
export function describeWithPrograms(...programs: readonly Program[]): jest.Describe {
  return describeUnless(missingPrograms(...programs));
}

/** `test`, skipped if a program is missing. The message names the program and its source. */
export function testWithPrograms(...programs: readonly Program[]): jest.It {
  return testUnless(missingPrograms(...programs));
}

/**
 * `describe`, skipped with a message if a prerequisite is missing.
 * @param missing the missing prerequisite and its source; undefined if nothing is missing
 */
export function describeUnless(missing: string | undefined): jest.Describe {
  return needing(missing, describe, describe.skip);
}

/**
 * `test`, skipped with a message if a prerequisite is missing.
 * @param missing the missing prerequisite and its source; undefined if nothing is missing
 */
export function testUnless(missing: string | undefined): jest.It {
  return needing(missing, test, test.skip as jest.It);
}

/** Messages that this test file has printed. */
const said = new Set<string>();

/** Prints once that tests or parts of a test are skipped. */
export function sayMissing(missing: string): void {
  const { testPath } = expect.getState();
  const line = `skipped in ${relative(process.cwd(), testPath ?? "")}: ${missing}\n`;
  // If all tests of a file are skipped, Jest hides its console output.
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
