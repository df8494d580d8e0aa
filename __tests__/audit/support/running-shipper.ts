import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { shipperConfiguration } from "../../../constructs/audit/shipper-configuration";
import type { SiemSink } from "../../../constructs/audit/siem-sink";
import { missingPrograms, programPath } from "../../support/needs";

const SCRIPT = join(__dirname, "../../../constructs/audit/scripts/ship-audit.sh");

/**
 * Checks for syslog-ng 4, the major version of the image.
 * @returns the missing program and its source, undefined if it is present
 */
export function missingShipper(): string | undefined {
  const missing = missingPrograms("syslog-ng");
  if (missing) return missing;
  const { stdout } = spawnSync(programPath("syslog-ng"), ["--version"], { encoding: "utf8" });
  const [version] = stdout.split("\n");
  if (version.startsWith("syslog-ng 4")) return undefined;
  return `syslog-ng on PATH is not of version 4, but "${version}"; the local platform has it: npm run local -- path`;
}

/** Options of a running shipper. */
export interface RunningShipperProps {
  readonly sink: SiemSink;
  readonly auditFolder: string;
  /** Name of the Vault process that the shipper signals after a rotation. */
  readonly vaultProcess: string;
  /** Token of the sink. @default - token-1 */
  readonly token?: string;
  /** Size at which the audit file is rotated. @default - 128 MiB */
  readonly rotateBytes?: number;
}

/** The shipper's container as local processes, with the same script and configuration. */
export class RunningShipper {
  readonly folder = mkdtempSync(join(tmpdir(), "shipper-"));
  output = "";
  private child?: ChildProcess;

  constructor(private readonly props: RunningShipperProps) {
    for (const name of ["configuration", "state", "run"]) mkdirSync(this.path(name));
    const { sink } = props;
    // Shorter waits keep the tests fast.
    const text = shipperConfiguration(sink)
      .replace("time-reopen(5)", "time-reopen(1)")
      .replaceAll("batch-timeout(1000)", "batch-timeout(200)");
    writeFileSync(this.path("configuration/shipper.conf"), text);
    writeFileSync(this.path("configuration/siem-ca.pem"), sink.props.caCertificate ?? "");
    this.renewToken(props.token ?? "token-1");
    this.start();
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** Socket of the second audit device. */
  get socket(): string {
    return this.path("shipper.sock");
  }

  /**
   * Connects to the socket.
   * @throws Error while there is no listener: the file may be left over from an earlier shipper
   */
  listens(): Promise<void> {
    return new Promise((resolve, reject) => {
      const connection = connect(this.socket, () => connection.end(resolve));
      connection.once("error", reject);
    });
  }

  /** Replaces the token of the sink. */
  renewToken(token: string): void {
    writeFileSync(this.path("credential"), token);
  }

  start(): void {
    this.child = spawn("sh", [SCRIPT], {
      // Separate process group, to end all processes together.
      detached: true,
      env: {
        PATH: process.env.PATH,
        SERVER: "vault-0",
        AUDIT_FOLDER: this.props.auditFolder,
        CONFIGURATION_FOLDER: this.path("configuration"),
        CREDENTIAL: this.path("credential"),
        STATE_FOLDER: this.path("state"),
        RUN_FOLDER: this.path("run"),
        SOCKET: this.socket,
        ROTATE_BYTES: String(this.props.rotateBytes ?? 2 ** 27),
        VAULT_PROCESS: this.props.vaultProcess,
        INTERVAL: "0.2",
      },
    });
    for (const stream of [this.child.stdout!, this.child.stderr!]) {
      stream.on("data", (text) => (this.output += text));
    }
  }

  /** Ends the shipper: SIGKILL ends all its processes at once, SIGTERM lets it shut down. */
  async end(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    process.kill(signal === "SIGKILL" ? -child.pid! : child.pid!, signal);
    await ended;
  }

  /** Exit code, or null while it runs. */
  get exitCode(): number | null {
    return this.child?.exitCode ?? null;
  }

  /** ID of the shipper's process group. */
  get processGroup(): number {
    return this.child!.pid!;
  }

  /** Generations of the audit log in one of its folders, sorted. */
  generations(folder: "waiting" | "shipping" | "sent"): string[] {
    const path = join(this.props.auditFolder, folder);
    return existsSync(path) ? readdirSync(path).sort() : [];
  }

  /** Ends the shipper and deletes its folder. */
  async remove(): Promise<void> {
    await this.end("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }
}
