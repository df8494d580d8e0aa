import { type SpawnSyncReturns, spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bootstrapPolicy, deployPolicy } from "../../constructs/jobs/bootstrap-policies";
import { imageShell } from "../support/shells";

/** Folder of the jobs' scripts. */
export const SCRIPTS = join(__dirname, "../../constructs/jobs/scripts");
const STAND_INS = join(__dirname, "stand-ins");

/** Result of a script. */
export interface Run {
  readonly code: number | null;
  readonly output: string;
}

/**
 * Test bench for job scripts, with stand-ins for `vault`, `aws` and `kubectl`. Secret values contain PLANTED.
 * `expectNoSecret` finds them in the output, in arguments and in environment variables.
 */
export class ScriptBench {
  private readonly folder = mkdtempSync(join(tmpdir(), "scripts-"));
  readonly work = join(this.folder, "work");
  private readonly state = join(this.folder, "state");
  private shown = "";

  constructor(private readonly environment: Readonly<Record<string, string>>) {
    for (const folder of ["fail", "secrets", "objects", "data", "tokens", "accessors"]) {
      mkdirSync(join(this.state, folder), { recursive: true });
    }
    this.write("jwt", "PLANTED jwt");
    mkdirSync(this.path("policies"));
    this.write("policies/deploy-policy.hcl", deployPolicy());
    this.write("policies/bootstrap-policy.hcl", bootstrapPolicy());
  }

  /** Path of a file or folder of this bench. */
  path(name: string): string {
    return join(this.folder, name);
  }

  write(name: string, text: string): void {
    writeFileSync(this.path(name), text);
  }

  /** Sets a value in the state of the stand-ins, which is one file per value. */
  set(name: string, text: string): void {
    this.write(`state/${name}`, text);
  }

  /** Value in the state of the stand-ins, empty if it is not set. */
  get(name: string): string {
    const file = join(this.state, name);
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  }

  /** Deletes a value from the state of the stand-ins. */
  forget(name: string): void {
    rmSync(join(this.state, name), { force: true });
  }

  /** Makes the first matching call fail, for example `vault audit enable *`. */
  failOnce(pattern: string): void {
    this.set(`fail/${readdirSync(join(this.state, "fail")).length}-${Date.now()}`, pattern);
  }

  /** Calls in order. */
  calls(containing = ""): string[] {
    return lines(this.get("calls.log")).filter((call) => call.includes(containing));
  }

  /** Calls that changed something, in order. */
  changes(): string[] {
    return lines(this.get("changes.log"));
  }

  /** Policies of the tokens that Vault would accept. */
  policies(): string[] {
    const folder = join(this.state, "tokens");
    return readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8").trim());
  }

  /** Names of the snapshots in the bucket. */
  objects(): string[] {
    return readdirSync(join(this.state, "objects")).filter((name) => name.endsWith(".snap"));
  }

  workFiles(): string[] {
    return readdirSync(this.work, { recursive: true, encoding: "utf8" });
  }

  /** Deletes the work folder, as at the end of a pod. */
  loseMemory(): void {
    rmSync(this.work, { recursive: true, force: true });
  }

  /** Runs a script to its end, for at most 90 seconds. */
  run(script: string, environment: Readonly<Record<string, string>> = {}, input = ""): Run {
    const result: SpawnSyncReturns<string> = spawnSync(
      imageShell[0],
      [...imageShell.slice(1), join(SCRIPTS, script)],
      {
        env: this.env(environment),
        input,
        encoding: "utf8",
        timeout: 90_000,
        killSignal: "SIGKILL",
      },
    );
    return this.remember({ code: result.status, output: result.stdout + result.stderr });
  }

  /** Starts a script. `onOutput` receives the complete output after each change. @returns the result at its end */
  start(
    script: string,
    environment: Readonly<Record<string, string>>,
    onOutput: (output: string) => void,
  ): Promise<Run> {
    const child = spawn(imageShell[0], [...imageShell.slice(1), join(SCRIPTS, script)], {
      env: this.env(environment),
    });
    let output = "";
    const listen = (text: Buffer) => {
      output += text;
      onOutput(output);
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
    const deadline = setTimeout(() => child.kill("SIGKILL"), 90_000);
    return new Promise((resolve) => {
      child.on("close", (code) => {
        clearTimeout(deadline);
        resolve(this.remember({ code, output }));
      });
    });
  }

  /** Expects no secret value in outputs, arguments and environment variables. */
  expectNoSecret(): void {
    for (const text of [this.shown, this.get("calls.log"), this.get("environments.log")]) {
      expect(text.split("\n").filter((line) => line.includes("PLANTED"))).toEqual([]);
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private remember(run: Run): Run {
    this.shown += run.output;
    return run;
  }

  private env(environment: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
    return {
      PATH: `${STAND_INS}:${process.env.PATH}`,
      STATE: this.state,
      WORK_DIR: this.work,
      POLICIES_DIR: this.path("policies"),
      SERVICE_ACCOUNT_TOKEN: this.path("jwt"),
      VAULT_ADDR: "https://active:8200",
      HOME: this.folder,
      POLL_SECONDS: "0",
      TIMEOUT_SECONDS: "60",
      ...this.environment,
      ...environment,
    };
  }
}

function lines(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}
