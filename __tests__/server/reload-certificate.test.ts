import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { imageShell } from "../support/shells";

const script = join(__dirname, "../../constructs/server/scripts/reload-certificate.sh");

/** Runs the sidecar with a stand-in for Vault that records each SIGHUP. */
async function withSidecar(body: (folder: string, hangups: () => number) => Promise<void>): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "reload-"));
  const file = (name: string) => join(folder, name);
  writeFileSync(file("tls.crt"), "certificate 1");
  writeFileSync(file("tls.key"), "key 1");
  writeFileSync(file("hangups"), "");
  const vault = spawn("sh", [
    "-c",
    `trap 'echo hangup >>"${file("hangups")}"' HUP; while :; do sleep 0.05; done`,
  ]);
  writeFileSync(file("pidof"), `#!/bin/sh\n[ "$1" = vault ] && echo ${vault.pid}\n`);
  chmodSync(file("pidof"), 0o755);
  // Busybox prefers its built-in pidof to the one on PATH.
  const source = readFileSync(script, "utf8").replace("$(pidof vault)", `$("${file("pidof")}" vault)`);
  writeFileSync(file("script.sh"), source);
  const sidecar = spawn(imageShell[0], [...imageShell.slice(1), file("script.sh")], {
    env: { ...process.env, TLS_FOLDER: folder, INTERVAL: "0.1" },
  });
  let output = "";
  sidecar.stdout.on("data", (text) => (output += text));
  try {
    await sleep(300);
    await body(folder, () => readFileSync(file("hangups"), "utf8").split("hangup").length - 1);
  } finally {
    sidecar.kill("SIGKILL");
    vault.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
  return output;
}

test("reloads Vault for a renewed certificate, and prints no key", async () => {
  const output = await withSidecar(async (folder, hangups) => {
    expect(hangups()).toBe(0);
    writeFileSync(join(folder, "tls.key"), "key 2");
    writeFileSync(join(folder, "tls.crt"), "certificate 2");
    await sleep(700);
    // Two consecutive writes can be detected as two changes.
    expect(hangups()).toBeGreaterThanOrEqual(1);
    expect(hangups()).toBeLessThanOrEqual(2);
    const before = hangups();
    await sleep(400);
    expect(hangups()).toBe(before);
  });
  expect(output).toContain("certificate renewed: told Vault");
  expect(output).not.toContain("key 2");
});

test("does not reload Vault for an unchanged certificate", async () => {
  await withSidecar(async (folder, hangups) => {
    writeFileSync(join(folder, "tls.crt"), "certificate 1");
    await sleep(400);
    expect(hangups()).toBe(0);
  });
});
