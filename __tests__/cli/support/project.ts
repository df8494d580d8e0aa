import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(__dirname, "../../..");

/** Names of stacks with the names of their dependencies. */
export type Stacks = Readonly<Record<string, readonly string[]>>;

/** Plan in Terraform's JSON format, with one list of actions per resource. */
export const actions = (...list: string[][]) => ({
  resource_changes: list.map((it) => ({ change: { actions: it } })),
});

/** Temporary project with the command line and stand-ins for the CDK app and other programs. */
export class Project {
  readonly folder = mkdtempSync(join(tmpdir(), "cli-"));

  constructor() {
    for (const folder of [
      "access",
      "analysis",
      "cli",
      "constructs",
      "environments",
      "hardening",
      "platform",
    ]) {
      cpSync(join(root, folder), join(this.folder, folder), { recursive: true });
    }
    symlinkSync(join(root, "node_modules"), join(this.folder, "node_modules"));
    mkdirSync(join(this.folder, "bin"));
    symlinkSync(process.execPath, join(this.folder, "bin", "node"));
    this.app("node --require tsx/cjs main.ts");
  }

  /** Sets the command of the CDK app in cdktf.json. */
  app(command: string, more: object = {}): void {
    this.write("cdktf.json", JSON.stringify({ language: "typescript", app: command, ...more }));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  /** Writes an executable file, and creates its folder. */
  write(path: string, text: string): void {
    mkdirSync(join(this.folder, path, ".."), { recursive: true });
    writeFileSync(join(this.folder, path), text, { mode: 0o755 });
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), "utf8");
  }

  /** Replaces a program from an npm package with a script. */
  packageProgram(name: string, script: string): void {
    const modules = join(this.folder, "node_modules");
    rmSync(modules, { recursive: true });
    mkdirSync(modules);
    for (const entry of readdirSync(join(root, "node_modules"))) {
      if (entry !== ".bin") symlinkSync(join(root, "node_modules", entry), join(modules, entry));
    }
    this.write(`node_modules/.bin/${name}`, `#!/bin/sh\n${script}\n`);
  }

  /**
   * Writes a CDK app that synthesizes stacks with the given dependencies. `content` is added to the Terraform JSON, and
   * the stacks in `vault` configure Vault.
   */
  program(
    stacks: Stacks,
    {
      backend = { s3: {} } as Readonly<Record<string, unknown>>,
      content = {} as Readonly<Record<string, unknown>>,
      vault = [] as readonly string[],
    } = {},
  ): void {
    const manifest = Object.entries(stacks).map(([name, dependencies]) => [
      name,
      { name, dependencies, workingDirectory: `stacks/${name}` },
    ]);
    const files = Object.keys(stacks).map((name) => [
      name,
      {
        "//": { made: content.comment },
        terraform: { backend },
        locals: content[name],
        ...(vault.includes(name) && { provider: { vault: [{}] } }),
      },
    ]);
    this.write(
      "main.ts",
      `import { mkdirSync, writeFileSync } from "node:fs";
      const out = process.env.CDKTF_OUTDIR;
      for (const [stack, file] of ${JSON.stringify(files)}) {
        mkdirSync(out + "/stacks/" + stack, { recursive: true });
        writeFileSync(out + "/stacks/" + stack + "/cdk.tf.json", JSON.stringify(file));
      }
      writeFileSync(out + "/manifest.json", ${JSON.stringify(JSON.stringify({ stacks: Object.fromEntries(manifest) }))});`,
    );
    this.write("cdktf.out/.keep", "");
  }

  /** Writes a stand-in for Terraform that returns the given plans by stack and records its calls. */
  terraform(plans: Readonly<Record<string, object>> = {}, failing = "none"): void {
    this.write(
      "bin/terraform",
      `#!/bin/sh
stack=$(basename "$PWD")
echo "$stack $*" >>"${this.folder}/calls"
env | grep -E '^(AWS_|TF_VAR_|KUBE_|VAULT_|ACTIONS_)' >"${this.folder}/env"
case "$1 $stack" in
  "plan ${failing}") echo "Error: no such role" >&2; exit 1 ;;
  plan*) echo "the plan of $stack"; for last; do :; done; echo x >"\${last#-out=}" ;;
  show*) case $stack in
${Object.entries(plans)
  .map(([stack, plan]) => `    ${stack}) echo '${JSON.stringify(plan)}' ;;`)
  .join("\n")}
    *) echo '{}' ;;
  esac ;;
esac
`,
    );
  }

  /** Terraform calls, each preceded by the stack's name. */
  get calls(): string[] {
    const file = join(this.folder, "calls");
    return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
  }

  /** Names of the planned stacks, in order. */
  get planned(): string[] {
    return this.calls.flatMap((line) => /^(\S+) plan /.exec(line)?.slice(1) ?? []);
  }

  /** Environment variables of the last call. */
  get env(): Record<string, string> {
    const lines = this.read("env").trim().split("\n");
    return Object.fromEntries(lines.map((line) => [line.split("=")[0], line.slice(line.indexOf("=") + 1)]));
  }

  /** Commits the current state of the project. @returns the commit */
  commit(): string {
    if (!existsSync(join(this.folder, ".git"))) {
      this.git("init", "-q", "-b", "main");
      this.write(".gitignore", "*\n!main.ts\n!cdktf.json\n!package-lock.json\n");
    }
    this.git("add", "-A");
    this.git("commit", "-q", "--allow-empty", "-m", "step");
    return this.git("rev-parse", "HEAD").trim();
  }

  git(...args: string[]): string {
    return execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@t", ...args], {
      cwd: this.folder,
      encoding: "utf8",
    });
  }

  /** Runs the command line. @param meanwhile receives the process after its start */
  call(
    args: readonly string[],
    env: NodeJS.ProcessEnv = {},
    meanwhile: (child: ChildProcess) => Promise<void> = async () => {},
  ): Promise<Ended> {
    const child = spawn(process.execPath, ["--import", "tsx", "cli/main.ts", ...args], {
      cwd: this.folder,
      env: { ...process.env, PATH: `${join(this.folder, "bin")}:/usr/bin:/bin`, HOME: this.folder, ...env },
    });
    let stdout = "";
    let output = "";
    child.stdout.on("data", (data) => (stdout += data));
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (output += data));
    const end = new Promise<Ended>((done) => child.on("close", (code) => done({ code, stdout, output })));
    return meanwhile(child).then(() => end);
  }
}

/** Result of a command. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  /** Combined stdout and stderr. */
  readonly output: string;
}
