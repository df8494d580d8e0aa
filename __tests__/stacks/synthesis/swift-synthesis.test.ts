import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { withServices } from "../../../bench/definitions";
import { definitions } from "../../../environments";
import { production } from "../../../environments/production";
import type { EnvironmentDefinition } from "../../../environments/schema";
import { buildPlatform } from "../../../stacks";
import { swiftly } from "../../../stacks/synthesis/swift-synthesis";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "swift-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Everything that a program writes, by the names of the files. */
function written(
  within: <T>(work: () => T) => T,
  environments: readonly EnvironmentDefinition[],
): Record<string, unknown> {
  const outdir = mkdtempSync(join(folder, "out-"));
  within(() => {
    const app = new App({ outdir });
    buildPlatform(app, environments);
    app.synth();
  });
  const files = readdirSync(outdir, { recursive: true, withFileTypes: true }).filter((it) => it.isFile());
  return Object.fromEntries(
    files.map(({ parentPath, path, name }) => {
      const file = join(parentPath ?? path, name);
      const content = readFileSync(file, "utf8");
      return [file.slice(outdir.length), name.endsWith(".json") ? (JSON.parse(content) as unknown) : content];
    }),
  );
}

test.each<[string, readonly EnvironmentDefinition[]]>([
  ["all environments", definitions],
  ["services of teams with a stack each", [withServices(production, { count: 4, perShard: 2 })]],
])("a program with %s writes the same as with the engine's own ways", (_, environments) => {
  expect(written(swiftly, environments)).toEqual(written((work) => work(), environments));
});
