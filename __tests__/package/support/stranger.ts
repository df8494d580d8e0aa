import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { findMirroredProviders, ownCliConfig, renderCliConfig } from "../../../local/provider-mirrors";

/** Folder of the repository. */
export const ROOT = resolve(__dirname, "../../..");
/** Folder of all files that the tests create, deleted by `removeAll`. */
const folder = mkdtempSync(join(tmpdir(), "stranger-"));

type Manifest = Record<string, Record<string, string>>;

interface Stack {
  readonly terraform: { backend?: object };
  readonly resource: Readonly<Record<string, Record<string, unknown>>>;
  readonly data?: object;
}

/** Resets npm's log level: npm must print errors even if these tests run in silent mode. */
const environment = { ...process.env, npm_config_loglevel: undefined };

/** Runs a program. @returns its output and exit code */
export function outcome(cwd: string, program: string, args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: "utf8", env: environment });
  return { status, stdout, stderr };
}

/** Runs a program. @returns its stdout @throws Error with the complete output if it fails */
export function run(
  cwd: string,
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    encoding: "utf8",
    env: { ...environment, CHECKPOINT_DISABLE: "1", CDKTF_LOG_LEVEL: "error", ...env },
    maxBuffer: 2 ** 28,
  });
  if (error) throw error;
  if (status !== 0)
    throw new Error(`${program} ${args.join(" ")} in ${cwd}: exit ${status}\n${stdout}${stderr}`);
  return stdout;
}

/** Packs the package as for the registry. @returns the path of the tarball */
export function pack(): string {
  run(ROOT, "npm", ["pack", "--silent", "--pack-destination", folder]);
  const file = readdirSync(folder).find((name) => name.endsWith(".tgz"));
  if (!file) throw new Error("npm pack made nothing");
  return join(folder, file);
}

/** Creates a folder that `removeAll` deletes. @returns its path */
export function emptyFolder(name: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  return path;
}

/** Creates an empty TypeScript project with `cdktf init`, including the packages that it installs. */
export function cdktfInit(): string {
  const project = emptyFolder("init");
  run(
    project,
    join(ROOT, "node_modules", ".bin", "cdktf"),
    [
      "init",
      "--template=typescript",
      "--local",
      "--project-name=stranger",
      "--project-description=empty",
    ].concat("--enable-crash-reporting=false"),
  );
  return project;
}

/** Copies a project, changes its dependencies and installs the tarball. @returns the copy */
export function installed(
  project: string,
  name: string,
  tarball: string,
  change: (manifest: Manifest) => void,
): string {
  const copy = join(folder, name);
  cpSync(project, copy, {
    recursive: true,
    filter: (path) => dirname(path) !== project || basename(path) !== "node_modules",
  });
  const path = join(copy, "package.json");
  const manifest = JSON.parse(readFileSync(path, "utf8")) as Manifest;
  const own = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Manifest;
  // The project's versions of cdktf and constructs take precedence.
  manifest.dependencies = { ...own.peerDependencies, ...manifest.dependencies };
  change(manifest);
  manifest.dependencies["cdktf-vault-platform"] = `file:${tarball}`;
  writeFileSync(path, JSON.stringify(manifest));
  rmSync(join(copy, "package-lock.json"), { force: true });
  run(copy, "npm", ["install", "--no-fund", "--no-audit", "--prefer-offline"]);
  return copy;
}

/** Synthesized stacks by name, without the local backend, whose path depends on the project. */
export function stacksOf(out: string): Record<string, Stack> {
  return Object.fromEntries(
    readdirSync(join(out, "stacks")).map((name) => {
      const text = readFileSync(join(out, "stacks", name, "cdk.tf.json"), "utf8");
      const stack = JSON.parse(text) as Stack;
      delete stack.terraform.backend;
      return [name, stack];
    }),
  );
}

/** Runs `terraform validate` for the synthesized stacks with a matching name. */
export function validateAll(out: string, names = /^/): void {
  const text = renderCliConfig(findMirroredProviders({ env: process.env, project: ROOT, addOns: "/opt" }));
  const config = ownCliConfig(process.env) ?? join(folder, "terraform.rc");
  if (config === join(folder, "terraform.rc") && !existsSync(config)) writeFileSync(config, text);
  for (const name of readdirSync(join(out, "stacks")).filter((it) => names.test(it))) {
    const stack = join(out, "stacks", name);
    const env = { TF_CLI_CONFIG_FILE: config, TF_DATA_DIR: join(folder, "terraform", digest(stack)) };
    run(stack, "terraform", ["init", "-backend=false", "-input=false", "-no-color"], env);
    run(stack, "terraform", ["validate", "-no-color"], env);
  }
}

/** Deletes all files that the tests have created. */
export function removeAll(): void {
  rmSync(folder, { recursive: true, force: true });
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
