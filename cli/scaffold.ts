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

/**
 * Definitions that a project gets as its example. They are those of this package, because a separate copy would not be
 * tested.
 */
const DEFINITIONS = ["dev.ts", "production.ts", "shared.ts", "staging.ts"];
const WORKFLOWS = ["deploy.yml", "drift.yml", "merge.yml", "pull-request.yml"];
/** Jobs that test this package instead of a project. */
const OWN_JOBS = ["tests", "cdktn", "checkov", "gitleaks"];

/** Command that runs the app of the project, wherever the package manager installs this package. */
const RUN = `node -e "require('cdktf-vault-platform/run')" main.ts`;

const source = (...path: string[]) => join(projectPaths.package, ...path);

/**
 * Writes a project that can be synthesized. It depends on the current version of this package.
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
  // npm excludes .gitignore files from packages.
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

/** package.json of the project, with cdktf and the providers in the versions that this package was tested with. */
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
  // Removed jobs leave lines with only indentation.
  return document.toString({ lineWidth: 0, flowCollectionPadding: false }).replaceAll(/^ +\n/gm, "");
}

function json(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
