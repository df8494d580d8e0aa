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

export const ROOT = resolve(__dirname, "../../..");
/** All that the tests make; removed with `removeAll`. */
const folder = mkdtempSync(join(tmpdir(), "stranger-"));

type Manifest = Record<string, Record<string, string>>;

interface Stack {
  readonly terraform: { backend?: object };
  readonly resource: Readonly<Record<string, Record<string, unknown>>>;
  readonly data?: object;
}

/** A stranger's npm says what is wrong, even where these tests are run by a silent one. */
const environment = { ...process.env, npm_config_loglevel: undefined };

/** A program whose output and exit code a test reads. */
export function outcome(cwd: string, program: string, args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: "utf8", env: environment });
  return { status, stdout, stderr };
}

/** Runs a program and gives what it printed; what fails is told with all of it. */
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

/** The package as the registry would get it. */
export function pack(): string {
  run(ROOT, "npm", ["pack", "--silent", "--pack-destination", folder]);
  const file = readdirSync(folder).find((name) => name.endsWith(".tgz"));
  if (!file) throw new Error("npm pack made nothing");
  return join(folder, file);
}

export function emptyFolder(name: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  return path;
}

/** An empty TypeScript project as `cdktf init` makes it, with the packages that it installs. */
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

/** A copy of a project, with other packages named in its manifest and the tarball installed. */
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
  // cdktf and constructs are those of the project.
  manifest.dependencies = { ...own.peerDependencies, ...manifest.dependencies };
  change(manifest);
  manifest.dependencies["cdktf-vault-platform"] = `file:${tarball}`;
  writeFileSync(path, JSON.stringify(manifest));
  rmSync(join(copy, "package-lock.json"), { force: true });
  run(copy, "npm", ["install", "--no-fund", "--no-audit", "--prefer-offline"]);
  return copy;
}

/** What a program synthesized, by stack, without the place of the local state, which is the project's. */
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

/** `terraform validate` of every stack that was synthesized, or of those with such a name. */
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

export function removeAll(): void {
  rmSync(folder, { recursive: true, force: true });
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
