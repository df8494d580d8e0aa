import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { installOnce } from "./cache";
import type { ManagedProcess } from "./managed-process";
import { places } from "./places";
import { UserError } from "../constructs/core/user-error";
import { run } from "../cli/processes";

/** All Python packages with their checksums. */
const requirements = join(__dirname, "toolchain", "aws", "requirements.txt");
const venv = join(
  places.cache,
  `aws-${createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 12)}`,
);

/** Folder with the programs `moto_server` and `aws`. */
export const awsPrograms = join(venv, "bin");

/** AWS identity of the platform's programs. The emulator accepts any identity. */
export const awsIdentity = {
  AWS_ACCESS_KEY_ID: "local",
  AWS_SECRET_ACCESS_KEY: "local",
  AWS_EC2_METADATA_DISABLED: "true",
  // Ignore ~/.aws, which could disable an endpoint or name a real account.
  AWS_CONFIG_FILE: "/dev/null",
  AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
};

/** Also checks that the Python of the virtual environment still exists. */
function areInstalled(): boolean {
  return ["complete", "bin/python"].every((file) => existsSync(join(venv, file)));
}

/** Installs the emulator and the AWS command line into a private virtual environment, which later runs reuse. */
export function provideAwsPrograms(say: (text: string) => void): Promise<void> {
  return installOnce({
    name: basename(venv),
    what: "the AWS emulator",
    isThere: areInstalled,
    install: async () => {
      say("installing the AWS emulator into a private virtual environment (about a minute, once)");
      await install();
    },
    say,
  });
}

async function install(): Promise<void> {
  rmSync(venv, { recursive: true, force: true });
  for (const [program, args] of [
    ["python3", ["-m", "venv", venv]],
    [
      join(awsPrograms, "pip"),
      ["install", "--quiet", "--require-hashes", "--only-binary=:all:", `--requirement=${requirements}`],
    ],
  ] as const) {
    const { code, stdout, stderr } = await run(program, args);
    if (code !== 0) {
      // Python reports a missing venv package on standard output.
      throw new UserError(`The AWS emulator (moto) could not be installed:\n${(stdout + stderr).trim()}`);
    }
  }
  writeFileSync(join(venv, "complete"), "");
}

/**
 * The AWS emulator of the local platform. It keeps all data in memory, which is lost when it ends.
 * @param host - address that it listens on
 */
export function emulatorPart(port: number, host = "127.0.0.1"): ManagedProcess {
  const address = `http://${host}:${port}`;
  return {
    name: "aws-emulator",
    program: join(awsPrograms, "python"),
    args: [join(places.root, "local", "aws-emulator.py"), "-H", host, "-p", String(port)],
    env: { PATH: process.env.PATH ?? "", HOME: places.run },
    logFile: join(places.run, "aws-emulator.log"),
    address,
    check: { kind: "http", url: `${address}/moto-api/`, well: { 200: "ready" } },
  };
}
