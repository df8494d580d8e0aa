import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { caFile } from "../../local/certificates";
import { programPath } from "../support/needs";
import { awsEnvironment, programsPath } from "./jobs";

/** Holder of a recovery share, with a separate home folder as machine. Only this folder contains the PGP key. */
export class Custodian {
  readonly home = mkdtempSync(join(tmpdir(), "custodian-"));
  private key?: string;

  constructor(readonly share: number) {}

  /** Armored PGP public key for Vault, generated with gpg on first use. */
  get publicKey(): string {
    return (this.key ??= this.makeKey());
  }

  /**
   * Runs a command of a page as this custodian.
   * @returns its stdout
   * @throws Error with its stderr if it fails
   */
  async run(command: string, vault: string, input = ""): Promise<string> {
    const { status, stdout, stderr } = await this.try(command, vault, input);
    if (status !== 0) throw new Error(`custodian ${this.share}: ${stderr}`);
    return stdout;
  }

  /** Runs a command like `run`, and returns its result even if it fails. */
  async try(command: string, vault: string, input = ""): Promise<SpawnSyncReturns<string>> {
    return spawnSync("sh", ["-c", command], {
      input,
      cwd: this.home,
      encoding: "utf8",
      env: {
        ...awsEnvironment,
        PATH: await programsPath(),
        HOME: this.home,
        GNUPGHOME: this.home,
        VAULT_ADDR: vault,
        VAULT_CACERT: caFile,
      },
    });
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.home, file), text);
  }

  /** Ends the gpg agent and deletes the custodian's folder. */
  leave(): void {
    // Without this, the gpg agent would keep running.
    if (this.key)
      spawnSync(programPath("gpgconf"), ["--kill", "all"], { env: { ...process.env, GNUPGHOME: this.home } });
    rmSync(this.home, { recursive: true, force: true });
  }

  private makeKey(): string {
    this.gpg("--quick-generate-key", `custodian-${this.share}@example.com`, "default", "default", "never");
    return this.gpg("--armor", "--export");
  }

  private gpg(...args: string[]): string {
    const { status, stdout, stderr } = spawnSync(
      programPath("gpg"),
      ["--batch", "--passphrase", "", ...args],
      {
        encoding: "utf8",
        env: { ...process.env, GNUPGHOME: this.home },
      },
    );
    if (status !== 0) throw new Error(`gpg ${args[0]}: ${stderr}`);
    return stdout;
  }
}
