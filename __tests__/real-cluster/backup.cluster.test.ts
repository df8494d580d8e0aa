import { runNow } from "./support/kubernetes";
import { environment, names } from "./support/platform";
import { run } from "./support/shell";

interface Stored {
  readonly Key: string;
  readonly Size: number;
}

function snapshots(): Stored[] {
  const args = [
    "s3api",
    "list-objects-v2",
    "--bucket",
    names.snapshotBucket,
    "--region",
    environment.aws.region,
  ];
  const text = run("aws", [...args, "--output", "json"]).trim();
  return text ? ((JSON.parse(text) as { Contents?: Stored[] }).Contents ?? []) : [];
}

test("puts a snapshot into the bucket, and completes the restore drill", async () => {
  const before = snapshots().length;
  await runNow("vault", "vault-backup", 300);
  const now = snapshots().filter(({ Size }) => Size > 10_000);
  expect(now.length).toBe(before + 1);
  const said = await runNow("vault", "vault-restore-drill", 600);
  expect(said).toMatch(/restored|drill/i);
});
