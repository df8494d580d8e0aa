import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Part } from "./part";
import { places } from "./places";
import { Problem } from "./problem";
import { run } from "./processes";

const MOTO = "moto[server]==5.2.1";
const venv = join(places.cache, "moto-5.2.1");

/** Who the platform's programs are to the emulator, which believes anybody. */
export const awsIdentity = {
  AWS_ACCESS_KEY_ID: "local",
  AWS_SECRET_ACCESS_KEY: "local",
  AWS_EC2_METADATA_DISABLED: "true",
  // Nothing of ~/.aws, which could turn an endpoint off or name a real account.
  AWS_CONFIG_FILE: "/dev/null",
  AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
};

/** True when the emulator still has to be installed, or again: the Python that it was made with may be gone. */
export function emulatorIsMissing(): boolean {
  return !["complete", "bin/python"].every((file) => existsSync(join(venv, file)));
}

/** Installs the emulator into a private virtual environment that later runs find again. */
export async function installEmulator(): Promise<void> {
  rmSync(venv, { recursive: true, force: true });
  mkdirSync(places.cache, { recursive: true });
  for (const [program, args] of [
    ["python3", ["-m", "venv", venv]],
    [join(venv, "bin", "pip"), ["install", "--quiet", MOTO]],
  ] as const) {
    const { code, stdout, stderr } = await run(program, args);
    if (code !== 0) {
      // Python says on its standard output that a system lacks the package with venv.
      throw new Problem(`The AWS emulator (${MOTO}) could not be installed:\n${(stdout + stderr).trim()}`);
    }
  }
  writeFileSync(join(venv, "complete"), "");
}

/** The AWS emulator of the local platform; all it knows is in its memory and dies with it. */
export function emulatorPart(port: number): Part {
  const address = `http://127.0.0.1:${port}`;
  return {
    name: "aws-emulator",
    program: join(venv, "bin", "moto_server"),
    args: ["-H", "127.0.0.1", "-p", String(port)],
    env: { PATH: process.env.PATH ?? "", HOME: places.run },
    logFile: join(places.run, "aws-emulator.log"),
    address,
    check: { kind: "http", url: `${address}/moto-api/`, well: { 200: "ready" } },
  };
}
