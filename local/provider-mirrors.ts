import { type Dirent, existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

/** A provider in a mirror folder: `registry.terraform.io/hashicorp/aws` in one or more versions. */
export interface MirroredProvider {
  readonly source: string;
  readonly versions: readonly string[];
  readonly folder: string;
}

/** Roots for the search for mirrors. */
export interface MirrorRoots {
  /** Environment variables, which can change Terraform's implied folders. */
  readonly env: NodeJS.ProcessEnv;
  /** Folder of the project. Terraform also searches its `terraform.d/plugins`. */
  readonly project: string;
  /** Folder of add-on software from system packages. Its direct subfolders may be mirrors. */
  readonly addOns: string;
}

/** The user's own Terraform CLI configuration, if it exists. It is then used unchanged. */
export function ownCliConfig(env: NodeJS.ProcessEnv): string | undefined {
  const candidates = [env.TF_CLI_CONFIG_FILE, join(env.HOME ?? homedir(), ".terraformrc")];
  return candidates.find((path) => path && existsSync(path));
}

/** All providers in filesystem mirrors: Terraform's implied folders first, then add-on software. */
export function findMirroredProviders(roots: MirrorRoots): MirroredProvider[] {
  const folders = [
    ...impliedFolders(roots),
    ...subFolders(roots.addOns).map((name) => join(roots.addOns, name)),
  ];
  return [...new Set(folders)].flatMap(providersIn);
}

/**
 * Renders a CLI configuration that lists all mirrors. A configuration with a single mirror would hide the implied
 * folders. A plain `direct` would query the registry even for mirrored providers, so `direct` excludes them.
 * @see https://developer.hashicorp.com/terraform/cli/config/config-file#provider-installation
 */
export function renderCliConfig(providers: readonly MirroredProvider[]): string {
  const quoted = (sources: Iterable<string>) =>
    [...new Set(sources)]
      .sort()
      .map((source) => JSON.stringify(source))
      .join(", ");
  const folders = [...new Set(providers.map(({ folder }) => folder))];
  const mirrors = folders.map((folder) => {
    const held = providers.filter((provider) => provider.folder === folder).map(({ source }) => source);
    return `  filesystem_mirror {\n    path    = ${JSON.stringify(folder)}\n    include = [${quoted(held)}]\n  }\n`;
  });
  const exclude =
    providers.length > 0 ? `\n    exclude = [${quoted(providers.map(({ source }) => source))}]\n  ` : "";
  return `provider_installation {\n${mirrors.join("")}  direct {${exclude}}\n}\n`;
}

/** One line per provider with its source. */
export function describeMirrors(providers: readonly MirroredProvider[]): string[] {
  return [
    ...providers.map(
      ({ source, versions, folder }) => `${shortName(source)} ${versions.join(", ")} from ${folder}`,
    ),
    providers.length > 0 ? "other providers from their registry" : "all providers from their registry",
  ];
}

function shortName(source: string): string {
  return source.replace(/^registry\.terraform\.io\//, "");
}

function impliedFolders({ env, project }: MirrorRoots): string[] {
  const home = env.HOME ?? homedir();
  const shared = env.XDG_DATA_DIRS || ["/usr/local/share", "/usr/share"].join(delimiter);
  const data = [env.XDG_DATA_HOME || join(home, ".local", "share"), ...shared.split(delimiter)];
  return [
    join(project, "terraform.d", "plugins"),
    join(home, ".terraform.d", "plugins"),
    ...data.map((folder) => join(folder, "terraform", "plugins")),
  ];
}

/** Reads `host/namespace/type/version/os_arch/` and, packed, `host/namespace/type/terraform-provider-*.zip`. */
function providersIn(folder: string): MirroredProvider[] {
  const found: MirroredProvider[] = [];
  for (const host of subFolders(folder).filter((name) => name.includes("."))) {
    for (const namespace of subFolders(join(folder, host))) {
      for (const type of subFolders(join(folder, host, namespace))) {
        const provider = join(folder, host, namespace, type);
        const versions = [...subFolders(provider), ...packedVersions(provider)].filter((name) =>
          /^\d+\.\d+\.\d+/.test(name),
        );
        if (versions.length > 0) found.push({ source: `${host}/${namespace}/${type}`, versions, folder });
      }
    }
  }
  return found;
}

function packedVersions(folder: string): string[] {
  return entriesOf(folder).flatMap(
    ({ name }) => /^terraform-provider-[^_]+_([^_]+)_.*\.zip$/.exec(name)?.slice(1, 2) ?? [],
  );
}

function subFolders(folder: string): string[] {
  return entriesOf(folder)
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .map(({ name }) => name)
    .sort();
}

/** Entries of a folder. An unreadable path (missing, a file, no permission) is not a mirror and has none. */
function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
