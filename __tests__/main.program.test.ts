import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

test("the program writes its stacks, says nothing, and warns of what the hardening rules would have otherwise", () => {
  const folder = mkdtempSync(join(tmpdir(), "synth-"));
  try {
    const { status, stdout, stderr } = spawnSync(process.execPath, ["--require", "tsx/cjs", "main.ts"], {
      cwd: resolve(__dirname, ".."),
      env: { ...process.env, CDKTF_OUTDIR: folder },
      encoding: "utf8",
    });

    expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
    expect(stderr).toMatch(/^dev-cluster\/Vault\/Resource: .+ \(mutual-tls\)\. Set mutual of Tls/m);
    expect(existsSync(join(folder, "stacks", "dev-cluster", "cdk.tf.json"))).toBe(true);
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);
