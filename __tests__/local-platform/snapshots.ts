import { createHash, randomUUID } from "node:crypto";
import { copyFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../support/servers/processes";
import { Job, type JobRun, aws } from "./jobs";

/** Metadata of a snapshot. */
export type Metadata = Record<string, string>;

/**
 * Forbidden targets without the database. It is reachable on this machine; in the cluster a network policy blocks it.
 */
const KEPT_AWAY = { FORBIDDEN_TARGETS: "vault.vault.svc:8200 vault-active.vault.svc:8200" };

/** Good snapshot of the platform, and a bucket for bad ones. They must not become the platform's latest snapshot. */
export class Snapshots {
  /** Runs a backup and creates the bucket for bad snapshots. */
  static async take(): Promise<Snapshots> {
    const backup = await Job.prepare("vault-backup");
    const { code, output } = await backup.run();
    if (code !== 0) throw new Error(output);
    const pairs = readFileSync(backup.path("snapshot", "metadata"), "utf8").trim().split(",");
    const snapshots = new Snapshots(Object.fromEntries(pairs.map((pair) => pair.split("="))));
    copyFileSync(backup.path("snapshot", "vault.snap"), snapshots.good);
    backup.remove();
    await aws("s3", "mb", `s3://${snapshots.bucket}`);
    return snapshots;
  }

  /** Bucket for bad snapshots. */
  readonly bucket = `drill-${randomUUID()}`;
  readonly folder = mkdtempSync(join(tmpdir(), "drill-"));
  /** Path of the good snapshot. */
  readonly good = join(this.folder, "good.snap");

  private constructor(readonly noted: Metadata) {}

  content(): Buffer {
    return readFileSync(this.good);
  }

  /** Uploads the next snapshot to the bucket, with metadata as from the backup. */
  async upload(content: Buffer, changed: Metadata = {}): Promise<void> {
    const file = join(this.folder, "next.snap");
    writeFileSync(file, content);
    const sha256 = createHash("sha256").update(content).digest("hex");
    const metadata = Object.entries({ ...this.noted, sha256, ...changed });
    const text = metadata.map(([key, value]) => `${key}=${value}`).join(",");
    const time = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
    const target = `s3://${this.bucket}/vault/2026/11/vault-${time}.snap`;
    await aws("s3", "cp", "--only-show-errors", file, target, "--metadata", text);
  }

  async remove(): Promise<void> {
    await aws("s3", "rb", "--force", `s3://${this.bucket}`);
    rmSync(this.folder, { recursive: true });
  }
}

/** Runs the drill with access to targets that a network policy would block. */
export async function runDrill(drill: Job, changed: Readonly<Record<string, string>> = {}): Promise<JobRun> {
  return drill.run({ ...KEPT_AWAY, COPY_PORT: String(await freePort()), ...changed });
}

/** Files that a drill should have deleted: the copy's data, its keys and the tokens. */
export function leftovers(drill: Job): string[] {
  const work = readdirSync(drill.path("work"), { recursive: true, encoding: "utf8" });
  return [
    ...readdirSync(drill.path("data")),
    ...work.filter((file) => /vault-token|init\.json|^root|^drill/.test(file)),
  ];
}
