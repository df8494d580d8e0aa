import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import type { Mutation } from "./mutation";

const JEST = ["--selectProjects", "units", "programs", "--maxWorkers=1", "--json"];

/** Result of a test run. */
export interface Verdict {
  /** Test files that failed. */
  readonly red: readonly string[];
}

/** Copy of the last commit for the faults, so that the checkout is not changed. */
export class Copy {
  private readonly folder = join(mkdtempSync(join(tmpdir(), "mutate-")), "copy");
  private readonly files: readonly string[];

  constructor() {
    execFileSync("git", ["worktree", "add", "--quiet", "--detach", this.folder, "HEAD"]);
    symlinkSync(resolve("node_modules"), join(this.folder, "node_modules"));
    this.files = execFileSync("git", ["ls-files"], { cwd: this.folder, encoding: "utf8" }).trim().split("\n");
  }

  /**
   * The file that a mutation changes.
   * @throws Error unless exactly one file has that name and contains the text, once
   */
  fileOf({ fault, file, from }: Mutation): string {
    const found = this.files
      .filter((path) => basename(path) === file && !path.startsWith("__tests__/"))
      .flatMap((path) => new Array<string>(this.read(path).split(from).length - 1).fill(path));
    if (found.length !== 1) {
      throw new Error(
        `"${fault}": the text must be in one ${file} once, found ${found.length} times: ${from}`,
      );
    }
    return found[0];
  }

  /** The test files of a mutation. @throws Error for a name without a test file */
  testsOf({ fault, tests }: Mutation): string[] {
    return tests.flatMap((name) => {
      const pattern = new RegExp(`(^|/)${name}([.]program)?[.]test[.]ts$`);
      const found = this.files.filter((path) => pattern.test(path));
      if (found.length === 0) throw new Error(`"${fault}": no test file is named ${name}`);
      return found;
    });
  }

  /** Runs tests on the copy with one fault. */
  judge(mutation: Mutation, tests: readonly string[]): Verdict {
    const path = this.fileOf(mutation);
    const text = this.read(path);
    writeFileSync(
      join(this.folder, path),
      text.replace(mutation.from, () => mutation.to),
    );
    try {
      return this.run(tests);
    } finally {
      writeFileSync(join(this.folder, path), text);
    }
  }

  /** Runs tests on the unchanged copy. */
  run(tests: readonly string[]): Verdict {
    const jest = join("node_modules", "jest", "bin", "jest.js");
    const args = [jest, ...JEST, "--runTestsByPath", ...tests];
    const { stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: this.folder,
      encoding: "utf8",
      maxBuffer: 1 << 28,
    });
    if (!stdout.startsWith("{")) throw new Error(`jest gave no report: ${stderr}`);
    const { testResults } = JSON.parse(stdout);
    const failed = (testResults as { name: string; status: string }[]).filter(
      ({ status }) => status === "failed",
    );
    return { red: failed.map(({ name }) => name.slice(this.folder.length + 1)) };
  }

  /** Deletes the copy. */
  remove(): void {
    execFileSync("git", ["worktree", "remove", "--force", this.folder]);
    rmSync(resolve(this.folder, ".."), { recursive: true, force: true });
  }

  private read(path: string): string {
    return readFileSync(join(this.folder, path), "utf8");
  }
}
