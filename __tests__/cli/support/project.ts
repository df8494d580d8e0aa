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

/** Stacks that a program makes, with the names of those that they depend on. */
export type Stacks = Readonly<Record<string, readonly string[]>>;

/** Actions of a plan, as Terraform shows it: one list for each resource. */
export const actions = (...list: string[][]) => ({
  resource_changes: list.map((it) => ({ change: { actions: it } })),
});

/** The command line in a project of its own, with stand-ins for the program and for what it runs. */
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

  /** Says in cdktf.json how the CDK app is run. */
  app(command: string, more: object = {}): void {
    this.write("cdktf.json", JSON.stringify({ language: "typescript", app: command, ...more }));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  write(path: string, text: string): void {
    mkdirSync(join(this.folder, path, ".."), { recursive: true });
    writeFileSync(join(this.folder, path), text, { mode: 0o755 });
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), "utf8");
  }

  /** Puts a script in the place of a program that a package brings. */
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
   * A program that synthesizes stacks with the given dependencies; `content` is in what Terraform reads, and `vault`
   * are those that configure Vault.
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

  /** A Terraform whose plans are the given ones, by stack; it writes down how it was called. */
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

  /** How Terraform was called, each time with the stack's name before it. */
  get calls(): string[] {
    const file = join(this.folder, "calls");
    return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
  }

  get planned(): string[] {
    return this.calls.flatMap((line) => /^(\S+) plan /.exec(line)?.slice(1) ?? []);
  }

  /** The environment of the last call. */
  get env(): Record<string, string> {
    const lines = this.read("env").trim().split("\n");
    return Object.fromEntries(lines.map((line) => [line.split("=")[0], line.slice(line.indexOf("=") + 1)]));
  }

  /** @returns the commit that git made of the project as it stands */
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

  /** @param meanwhile is given the process when it has begun */
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

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  /** Both streams. */
  readonly output: string;
}
