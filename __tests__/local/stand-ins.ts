import { type ChildProcess, spawn } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { awsPrograms } from "../../local/emulator";

const root = resolve(__dirname, "../..");
const venv = join("cache/cdktf-vault-platform", basename(dirname(awsPrograms)));

/** Running command. */
export interface Run {
  readonly child: ChildProcess;
  /** Waits until the output contains the text or the run ends. It fails in the latter case. */
  readonly says: (text: string) => Promise<void>;
  /** Exit code and output, once the run has ended. */
  readonly end: Promise<{ code: number | null; output: string }>;
}

/** Temporary copy of the job's project, with stand-ins for Terraform and for every part of the platform. */
export class Project {
  readonly folder = mkdtempSync(join(tmpdir(), "local-"));
  /** Folders in PATH after that of the stand-ins. */
  systemFolders = ["/usr/bin", "/bin"];

  constructor() {
    // The user that PostgreSQL runs as needs access.
    chmodSync(this.folder, 0o755);
    for (const name of [
      "access",
      "analysis",
      "cli",
      "constructs",
      "environments",
      "hardening",
      "local",
      "platform",
    ]) {
      cpSync(join(root, name), join(this.folder, name), { recursive: true });
    }
    for (const step of ["check", "init", "store", "configure"]) this.bootstrapStep(step, `echo ${step}`);
    symlinkSync(join(root, "node_modules"), join(this.folder, "node_modules"));
    this.file("cdktf.json", JSON.stringify({ app: "node main.js" }));
    this.file(
      "main.js",
      'const now = new Date(); require("fs").utimesSync("cdktf.out/manifest.json", now, now);',
    );
    this.file("cdktf.out/manifest.json", JSON.stringify({ stacks: { "local-foundation": {} } }));
    this.file("cdktf.out/stacks/local-foundation/cdk.tf.json", "{}");
    this.file("bin/python3", "#!/bin/sh\necho Python 3.11.2\n");
    this.file("plugins/terraform-provider-vault", "");
    this.terraform(":");
    this.file(`${venv}/complete`, "");
    this.emulator(SERVE_HTTP);
    this.program("vault", "Vault v1.21.0 (stand-in)", SERVE_VAULT);
    this.program("kube-apiserver", "Kubernetes v1.34.2", SERVE_KUBERNETES);
    this.program("etcd", "etcd Version: 3.6.4", SERVE_ETCD);
    this.program("postgres", "postgres (PostgreSQL) 15.18", SERVE_POSTGRES);
    // The stand-in for PostgreSQL does not support SQL.
    const nothing = [
      "makeDatabases = async () => {}",
      "initialPasswords = () => ({})",
      "initialPasswordFiles = () => ({})",
      "variablePrefix = () => ''",
    ];
    this.file("local/databases.ts", nothing.map((text) => `export const ${text};\n`).join(""));
    this.program("initdb", "initdb (PostgreSQL) 15.18", "");
  }

  path(path: string): string {
    return join(this.folder, path);
  }

  file(path: string, text: string): void {
    mkdirSync(join(this.folder, path, ".."), { recursive: true });
    writeFileSync(this.path(path), text, { mode: 0o755 });
  }

  exists(path: string): boolean {
    return existsSync(this.path(path));
  }

  remove(path: string): void {
    rmSync(this.path(path), { recursive: true, force: true });
  }

  /** Writes a program on PATH that prints its version or runs the given JavaScript. */
  program(name: string, version: string, script: string): void {
    const tells = `if (/version$/.test(process.argv[2])) { console.log(${JSON.stringify(version)}); process.exit(); }`;
    this.file(`bin/${name}`, `#!${process.execPath}\n${tells}\n${script}\n`);
  }

  /** Replaces the script of a bootstrap step. */
  bootstrapStep(step: string, commands: string): void {
    this.file(`constructs/jobs/scripts/bootstrap-${step}.sh`, `${commands}\n`);
  }

  /** Replaces the AWS emulator with JavaScript code. */
  emulator(script: string): void {
    this.file(`${venv}/bin/python`, `#!${process.execPath}\n${script}\n`);
  }

  /** Deletes the Python interpreter of the AWS emulator. */
  removeEmulatorsPython(): void {
    this.remove(`${venv}/bin/python`);
  }

  /** Sets the output of every Terraform plan, all of which fail. */
  terraformPlans(says: string): void {
    this.file("plan.json", says);
  }

  /** Writes a stand-in for Terraform. Its apply runs the commands and reports no changes. */
  terraform(apply: string): void {
    this.file(
      "bin/terraform",
      `#!/bin/sh
case $1 in
  version) echo "Terraform v1.11.4" ;;
  init) case $PWD in
    *dev-workloads) echo "Error while installing hashicorp/kubernetes v2.38.0: not found" >&2; exit 1 ;;
  esac; touch .terraform.lock.hcl
    version=.terraform/providers/registry.terraform.io/hashicorp/vault/5.6.0
    mkdir -p $version; ln -sfn "${this.folder}/plugins" $version/linux_amd64 ;;
  plan) cat ../../../plan.json; exit 1 ;;
  apply) ${apply}
    echo '{"type":"change_summary","changes":{"add":0,"change":0,"remove":0}}' ;;
esac
`,
    );
  }

  /** Runs `npm run local` with arguments. */
  start(...args: string[]): Run {
    const child = spawn(process.execPath, ["--import", "tsx", "local/main.ts", ...args], {
      cwd: this.folder,
      env: {
        ...process.env,
        HOME: this.folder,
        PATH: [this.path("bin"), ...this.systemFolders].join(":"),
        XDG_CACHE_HOME: this.path("cache"),
      },
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (output += data));
    return {
      child,
      says: async (text) => {
        while (!output.includes(text) && child.exitCode === null) await pause();
        expect(output).toContain(text);
      },
      end: new Promise((done) => child.on("close", (code) => done({ code, output }))),
    };
  }

  /** Process ID of a part in the supervisor's record; `supervisor` for the supervisor. */
  pid(name: string): number {
    const record = JSON.parse(readFileSync(this.path(".local/supervisor/record.json"), "utf8"));
    if (name === "supervisor") return record.pid;
    return record.parts.find((part: { name: string }) => part.name === name).pid;
  }

  /** Process IDs of the supervisor and of all parts. */
  pids(): number[] {
    const record = JSON.parse(readFileSync(this.path(".local/supervisor/record.json"), "utf8"));
    return [record.pid, ...record.parts.map(({ pid }: { pid: number }) => pid)];
  }

  /** All files and folders of the project, and the processes that run in it. */
  contents(): { files: string[]; processes: string[] } {
    /**
     * Identifies processes by working folder or command line. Neither is readable if it has ended or is another user's.
     */
    const isOurs = (pid: string) => {
      try {
        const told = [readlinkSync(`/proc/${pid}/cwd`), readFileSync(`/proc/${pid}/cmdline`, "utf8")];
        return told.some((text) => text.includes(this.folder));
      } catch {
        return false;
      }
    };
    return {
      files: readdirSync(this.folder, { recursive: true, encoding: "utf8" })
        .filter((path) => !path.startsWith("node_modules/"))
        .sort(),
      processes: readdirSync("/proc").filter((pid) => /^\d+$/.test(pid) && isOurs(pid)),
    };
  }

  /** Stops the platform and deletes the project. */
  async dispose(): Promise<void> {
    if (this.exists(".local")) await this.start("down").end;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Returns true for a running process, false for one that has ended but was not yet reaped. */
export function works(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8") !== "";
  } catch {
    return false;
  }
}

/** Waits 20 milliseconds. */
export function pause(): Promise<void> {
  return new Promise((done) => setTimeout(done, 20));
}

const SERVE_HTTP =
  'require("node:http").createServer((_, answer) => answer.end()).listen(process.argv[6], "127.0.0.1");';

const SERVE_HTTPS = `
const { readFileSync } = require("node:fs");
const serve = (port, cert, key) =>
  require("node:https")
    .createServer({ cert: readFileSync(cert), key: readFileSync(key) }, (_, answer) => answer.end('{"status":{"token":"stand-in"}}'))
    .listen(port, "127.0.0.1");
const option = (name) => process.argv.find((arg) => arg.startsWith(name + "=")).slice(name.length + 1);
`;

const SERVE_VAULT = `${SERVE_HTTPS}
const hcl = readFileSync(option("-config"), "utf8");
const value = (name) => new RegExp("\\\\b" + name + " *= \\"(.*)\\"").exec(hcl)[1];
serve(Number(value("address").split(":")[1]), value("tls_cert_file"), value("tls_key_file"));`;

const SERVE_KUBERNETES = `${SERVE_HTTPS}
serve(option("--secure-port"), option("--tls-cert-file"), option("--tls-private-key-file"));`;

const SERVE_ETCD = `${SERVE_HTTPS}
serve(new URL(option("--listen-client-urls")).port, option("--cert-file"), option("--key-file"));`;

/** PostgreSQL server that offers TLS and rejects every password. */
const SERVE_POSTGRES = `
const { readFileSync } = require("node:fs");
const setting = (name) => process.argv.find((arg) => arg.startsWith(name + "=")).slice(name.length + 1);
const [cert, key] = ["ssl_cert_file", "ssl_key_file"].map((name) => readFileSync(setting(name)));
const fields = Buffer.from("SFATAL\\0C28P01\\0Mno such user\\0\\0");
const head = Buffer.from([69, 0, 0, 0, fields.length + 4]);
require("node:net")
  .createServer((socket) => socket.once("data", () => {
    socket.write("S");
    const secure = new (require("node:tls").TLSSocket)(socket, { isServer: true, cert, key });
    secure.once("data", () => secure.end(Buffer.concat([head, fields])));
  }))
  .listen(setting("port"), "127.0.0.1");`;
