import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Programs that some tests need, and where to get each. */
const SOURCES: Readonly<Record<string, string>> = {
  vault: 'the local platform: export PATH="$(npm run --silent local -- --path):$PATH"',
  postgres: 'PostgreSQL, or the local platform: export PATH="$(npm run --silent local -- --path):$PATH"',
  initdb: 'PostgreSQL, or the local platform: export PATH="$(npm run --silent local -- --path):$PATH"',
  "syslog-ng": 'the local platform: export PATH="$(npm run --silent local -- --path):$PATH"',
  bao: "OpenBao, https://openbao.org",
  terraform: "Terraform 1.11 or later, https://developer.hashicorp.com/terraform/install",
  kubectl: "Kubernetes, https://kubernetes.io/docs/tasks/tools",
  prometheus: "the system's package prometheus",
  promtool: "the system's package prometheus",
  gpg: "the system's package gnupg",
  shellcheck: "the system's package shellcheck",
  busybox: "the system's package busybox",
  openssl: "the system's package openssl",
  bash: "the system's package bash",
  zsh: "the system's package zsh",
  fish: "the system's package fish",
  sh: "every system",
};

export type Program = keyof typeof SOURCES & string;

/** The path of a program on PATH. @returns undefined where it is missing */
export function findProgram(program: string): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, program)).find(existsSync);
}

/** Names what is missing and where to get it. @returns undefined when all programs are on PATH */
export function missingPrograms(...programs: readonly Program[]): string | undefined {
  const missing = programs.filter((program) => findProgram(program) === undefined);
  if (missing.length === 0) return undefined;
  return missing.map((program) => `${program} is not on PATH; it comes with ${SOURCES[program]}`).join("; ");
}

/** `describe`, or a skipped one after a message that names what is missing and where to get it. */
export function describeWithPrograms(...programs: readonly Program[]): jest.Describe {
  return needing(programs, describe, describe.skip);
}

/** `test`, or a skipped one after a message that names what is missing and where to get it. */
export function testWithPrograms(...programs: readonly Program[]): jest.It {
  return needing(programs, test, test.skip as jest.It);
}

function needing<T>(programs: readonly Program[], run: T, skip: T): T {
  const missing = missingPrograms(...programs);
  if (missing === undefined) return run;
  console.warn(`skipped: ${missing}`);
  return skip;
}
