import { cpSync, mkdtempSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Folders with the code of the CDK app. */
const FOLDERS = ["analysis", "constructs", "environments", "hardening", "platform", "stacks"];

/**
 * Copies the CDK app, with imports like those that `cdktf init` generates: every provider import uses the provider's
 * barrel. The caller removes the folder.
 */
export function copyWithBarrelImports(root: string): string {
  const copy = mkdtempSync(join(tmpdir(), "bench-habit-"));
  for (const entry of ["main.ts", "tsconfig.json", "package.json", ...FOLDERS]) {
    cpSync(join(root, entry), join(copy, entry), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  for (const file of readdirSync(copy, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".ts") || file.startsWith("node_modules")) continue;
    const path = join(copy, file);
    writeFileSync(path, throughBarrel(readFileSync(path, "utf8")));
  }
  return copy;
}

const SUBMODULE_IMPORT =
  /^import (?:type )?\{([^}]+)\} from "(@cdktf\/provider-[a-z]+)\/lib\/([a-z0-9-]+)";$/gm;

/** Rewrites the provider imports of a source file to use the barrel. */
export function throughBarrel(source: string): string {
  return source.replace(SUBMODULE_IMPORT, (_line, names: string, provider: string, submodule: string) => {
    const namespace = submodule.replace(/-([a-z0-9])/g, (_dash, letter: string) => letter.toUpperCase());
    // Two providers may have submodules of the same name.
    const local = `${namespace}Of${provider.replace(/\W/g, "_")}`;
    const aliases = names
      .split(",")
      .map((text) => text.replace(/^\s*type\s+/, "").trim())
      .filter(Boolean)
      .map((text) => text.split(" as "))
      .map(([name, alias = name]) => `import ${alias} = ${local}.${name};`);
    return [`import { ${namespace} as ${local} } from "${provider}";`, ...aliases].join("\n");
  });
}
