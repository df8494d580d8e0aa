import { cpSync, mkdirSync, readFileSync, readdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { parseDocument } from "yaml";
import { received } from "../constructs/core/received";
import { projectPaths } from "./project-paths";
import { UserError } from "../constructs/core/user-error";

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly engines: Record<string, string>;
  readonly dependencies: Record<string, string>;
  readonly devDependencies: Record<string, string>;
  readonly peerDependencies: Record<string, string>;
}

/** This package's own definitions are the example: they are tested, and a copy of them would not be. */
const DEFINITIONS = ["dev.ts", "production.ts", "shared.ts", "staging.ts"];
const WORKFLOWS = ["deploy.yml", "drift.yml", "merge.yml", "pull-request.yml"];
/** Jobs that test this package and not what is made with it. */
const OWN_JOBS = ["tests", "cdktn", "checkov", "gitleaks"];

/** Runs the project's program, wherever the package manager keeps this package. */
const RUN = `node -e "require('cdktf-vault-platform/run')" main.ts`;

const source = (...path: string[]) => join(projectPaths.package, ...path);

/**
 * Writes a project that synthesizes, with the package in the version that writes it.
 * @returns the files, relative to the folder
 */
export function writeProject(folder: string): string[] {
  const name = basename(folder);
  if (!/^[a-z][a-z0-9-]*$/.test(name)) {
    throw new UserError(
      `The folder's name must be lower-case letters, digits and dashes, got ${received(name)}.`,
    );
  }
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  cpSync(source("templates", "platform"), folder, { recursive: true });
  // npm leaves files of this name out of packages.
  renameSync(join(folder, "gitignore"), join(folder, ".gitignore"));
  write("package.json", json(projectManifest(name)));
  const settings = JSON.parse(readFileSync(source("cdktf.json"), "utf8")) as object;
  write("cdktf.json", json({ ...settings, app: RUN, projectId: name }));
  for (const file of DEFINITIONS) {
    cpSync(source("environments", file), join(folder, "environments", file));
  }
  for (const file of WORKFLOWS) write(`.github/workflows/${file}`, workflow(file));
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => statSync(join(folder, path)).isFile())
    .sort();
}

/** The engine and the providers in the versions that this version of the package was tested with. */
function projectManifest(name: string): object {
  const own = JSON.parse(readFileSync(source("package.json"), "utf8")) as Manifest;
  const tested = { ...own.dependencies, ...own.devDependencies };
  const pick = (names: readonly string[]) => Object.fromEntries(names.map((it) => [it, tested[it]]));
  return {
    name,
    private: true,
    engines: own.engines,
    scripts: {
      synth: "vault-platform synth",
      account: "bash scripts/deploy-account.sh",
      "vault-platform": "vault-platform",
      typecheck: "tsc",
    },
    dependencies: { ...pick(Object.keys(own.peerDependencies)), [own.name]: own.version },
    devDependencies: pick(["@types/node", "cdktf-cli", "typescript"]),
  };
}

function workflow(file: string): string {
  const text = readFileSync(source(".github", "workflows", file), "utf8");
  const document = parseDocument(text);
  const own = OWN_JOBS.filter((job) => document.hasIn(["jobs", job]));
  if (own.length === 0) return text;
  for (const job of own) document.deleteIn(["jobs", job]);
  // Where the first job was, its indentation stays.
  return document.toString({ lineWidth: 0, flowCollectionPadding: false }).replaceAll(/^ +\n/gm, "");
}

function json(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
