import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { testUnless } from "../support/needs";
import { missingForTerraform } from "../support/terraform";
import { ROOT, cdktfInit, installed, pack, removeAll, run, stacksOf, validateAll } from "./support/stranger";

const program = readFileSync(join(__dirname, "program.ts"), "utf8");
/** TypeScript version. `cdktf init` installs the newest one, but its ts-node supports only versions up to 5. */
const typescript = "5.9.3";

let tarball: string;
let empty: string;
beforeAll(() => {
  tarball = pack();
  empty = cdktfInit();
});
afterAll(removeAll);

/** Runs the program in a project. @returns the output folder */
function synthesize(project: string, name: string, text: string, node: string, args: string[] = []): string {
  const file = join(project, name);
  const out = join(project, `out-${name}`);
  writeFileSync(file, text);
  mkdirSync(out);
  run(project, node, [...args, file], { CDKTF_OUTDIR: out });
  return out;
}

test("packs no folder of the package's developers", () => {
  const files = run(ROOT, "tar", ["-tzf", tarball]).split("\n");
  expect(files).toContain("package/dist/cli/bin.js");
  expect(files.filter((file) => /^package\/(dist\/)?(local|bench|scripts|__tests__)\//.test(file))).toEqual(
    [],
  );
});

const commonJs = program
  .replaceAll(/^import (\{[^}]*\}) from ("[^"]*");$/gm, "const $1 = require($2);")
  .replaceAll("{ type ", "{ ");

/** Resources of the program, which must be equal for all versions of cdktf and the providers. */
let resources: unknown;

describe.each([
  ["cdktf, as `cdktf init` chooses it", "cdktf", () => undefined],
  [
    "cdktn under cdktf's name",
    "cdktn",
    (manifest: Record<string, Record<string, string>>) => {
      manifest.dependencies.cdktf = "npm:cdktn@^0.24.0";
      manifest.dependencies.constructs = ">=10.6.0 <10.8.0";
      manifest.overrides = { cdktf: manifest.dependencies.cdktf };
    },
  ],
  [
    "the oldest versions that the package admits",
    "cdktf",
    (manifest: Record<string, Record<string, string>>) => {
      const own = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
      for (const [name, range] of Object.entries<string>(own.peerDependencies)) {
        manifest.dependencies[name] = range.split(" ")[0].replace("^", "");
      }
    },
  ],
])("on %s", (title, engine, change) => {
  let project: string;
  let out: string;
  beforeAll(() => {
    project = installed(empty, title.replaceAll(/\W+/g, "-"), tarball, (manifest) => {
      manifest.devDependencies.typescript = typescript;
      change(manifest);
    });
    // The output of ts-node, which the template uses, is the reference for the other methods.
    out = synthesize(project, "main.ts", program, "npx", ["ts-node"]);
  });

  test("runs on the requested cdktf package", () => {
    const { name } = JSON.parse(readFileSync(join(project, "node_modules/cdktf/package.json"), "utf8"));
    expect(name).toBe(engine);
  });

  test("compiles by the template's settings, and as a module of Node", () => {
    run(project, "npx", ["tsc", "--noEmit", "--types", "node,jest"]);
    const nodeNext = ["--noEmit", "--strict", "--skipLibCheck", "--target", "es2022", "--types", "node"];
    writeFileSync(join(project, "module.mts"), program);
    run(project, "npx", ["tsc", ...nodeNext, "--module", "nodenext", "module.mts"]);
  });

  test("makes the same resources as on the first version", () => {
    const stacks = Object.entries(stacksOf(out)).map(([name, { resource, data }]) => [
      name,
      { resource, data },
    ]);
    resources ??= stacks;
    expect(stacks).toEqual(resources);
  });

  const noProviders = title.includes("oldest")
    ? "the oldest providers are at hand nowhere but in Terraform's registry"
    : undefined;
  testUnless(missingForTerraform(["aws", "helm", "kubernetes", "vault"]) ?? noProviders)(
    "validates in Terraform, with the scripts and charts of the constructs",
    () => {
      validateAll(out);
      const { cluster } = stacksOf(out) as Record<
        string,
        { resource: Record<string, Record<string, unknown>> }
      >;
      const scripts = JSON.stringify(cluster.resource.kubernetes_config_map_v1);
      expect(scripts).toContain(
        JSON.stringify(
          readFileSync(join(ROOT, "constructs/server/scripts/reload-certificate.sh"), "utf8"),
        ).slice(1, 80),
      );
      const charts = Object.values(cluster.resource.helm_release) as { chart: string }[];
      const own = charts.filter(({ chart }) => chart.startsWith("assets/"));
      expect(
        own.map(({ chart }) => existsSync(join(out, "stacks/cluster/cluster-stack", chart, "Chart.yaml"))),
      ).toContain(true);
    },
  );

  test("makes the same stacks as a CommonJS program", () => {
    expect(stacksOf(synthesize(project, "program.cjs", commonJs, "node"))).toEqual(stacksOf(out));
  });

  test("makes the same stacks as an ES module", () => {
    expect(stacksOf(synthesize(project, "program.mjs", program, "node"))).toEqual(stacksOf(out));
  });

  test("runs the command", () => {
    expect(run(project, "npx", ["vault-platform", "--help"])).toContain("npx vault-platform COMMAND");
  });
});
