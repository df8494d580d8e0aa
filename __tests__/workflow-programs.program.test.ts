import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { testWithPrograms } from "./support/needs";

// The first run builds the programs from their modules.
jest.setTimeout(600_000);

const root = resolve(__dirname, "..");

testWithPrograms("go")("passes actionlint", () => {
  const { status, stdout, stderr } = spawnSync("npm", ["run", "--silent", "actionlint"], {
    cwd: root,
    encoding: "utf8",
  });
  expect({ status, stdout, stderr: status === 0 ? "" : stderr }).toEqual({
    status: 0,
    stdout: "",
    stderr: "",
  });
});

testWithPrograms("go")(
  "finds a committed secret in a test file with gitleaks, and never prints the secret",
  () => {
    const repository = mkdtempSync(join(tmpdir(), "gitleaks-"));
    const git = (...args: string[]) =>
      execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@t", ...args], { cwd: repository });
    const commit = (text: string) => {
      writeFileSync(join(repository, "__tests__", "a.test.ts"), text);
      git("add", "-A");
      git("commit", "-q", "-m", "step");
      return spawnSync("npm", ["run", "--silent", "gitleaks", "--", repository], {
        cwd: root,
        encoding: "utf8",
      });
    };
    try {
      git("init", "-q");
      mkdirSync(join(repository, "__tests__"));
      copyFileSync(join(root, ".gitleaks.toml"), join(repository, ".gitleaks.toml"));
      // Assembled at runtime, so that the scan does not report this file.
      const key = (value: string) => `const key = { stripe_api_key: "sk_${"live"}_${value}" };`;
      expect(commit(key("4eC39HqLyjWDarjtT1zdp7dc")).status).toBe(0);
      const found = commit(key("8Tn21WbqXkRzPovMcA5ytLhE"));
      expect(found.status).toBe(1);
      expect(found.stdout + found.stderr).not.toContain("8Tn21WbqXkRzPovMcA5ytLhE");
    } finally {
      rmSync(repository, { recursive: true });
    }
  },
);
