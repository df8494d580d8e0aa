import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

jest.setTimeout(120_000);

const root = resolve(__dirname, "..");
let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "synth-"))));
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs Node in the project. A CDK app writes to the folder `out`. */
function node(args: readonly string[], out = "out", more: NodeJS.ProcessEnv = {}) {
  return spawnSync(process.execPath, args, {
    cwd: root,
    env: { ...process.env, CDKTF_OUTDIR: join(folder, out), ...more },
    encoding: "utf8",
  });
}
const PROGRAM = ["cli/program/run.cjs", "main.ts"];

/** All files of a folder by path. */
function files(out: string): Record<string, string> {
  const below = join(folder, out);
  const paths = readdirSync(below, { recursive: true, encoding: "utf8" }).filter((it) => /\.\w+$/.test(it));
  return Object.fromEntries(paths.sort().map((path) => [path, readFileSync(join(below, path), "utf8")]));
}

test("writes its stacks, prints nothing to stdout, and warns about findings of hardening rules", () => {
  const { status, stdout, stderr } = node(PROGRAM);
  expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
  expect(stderr).toMatch(/^dev-cluster\/Vault\/Resource: .+ \(mutual-tls\)\. Set mutual of Tls/m);
  expect(existsSync(join(folder, "out", "stacks", "dev-cluster", "cdk.tf.json"))).toBe(true);
});

test("writes the same bytes as plain cdktf, run by ts-node", () => {
  const plain = join(folder, "plain.ts");
  writeFileSync(
    plain,
    `import { App } from "${root}/node_modules/cdktf";
    import { definitions } from "${root}/environments";
    import { buildPlatform } from "${root}/stacks";
    const app = new App();
    buildPlatform(app, definitions);
    app.synth();`,
  );
  expect(node(PROGRAM).status).toBe(0);
  const tsNode = node(["--require", "ts-node/register/transpile-only", plain], "plain", {
    TS_NODE_PROJECT: join(root, "tsconfig.json"),
  });
  expect(tsNode).toMatchObject({ status: 0, stderr: "" });
  const written = files("out");
  expect(Object.keys(written).length).toBeGreaterThan(10);
  expect(written).toEqual(files("plain"));
});

test("writes the same stacks for one environment alone as among all", () => {
  expect(node(PROGRAM).status).toBe(0);
  expect(node(PROGRAM, "dev", { VAULT_PLATFORM_ENVIRONMENT: "dev" }).status).toBe(0);
  const [all, dev] = [files("out"), files("dev")];
  const stacks = Object.keys(dev).filter((path) => path.endsWith("cdk.tf.json"));
  expect(stacks).toEqual(
    ["foundation", "cluster", "config", "workloads"].map((it) => `stacks/dev-${it}/cdk.tf.json`).sort(),
  );
  for (const path of stacks) expect(dev[path]).toBe(all[path]);
});

test("replaces no function of cdktf, its helpers, Node's loader or errors while it runs", () => {
  const watch = join(folder, "watch.cjs");
  writeFileSync(
    watch,
    `const Module = require("node:module");
    const load = Module.createRequire(${JSON.stringify(join(root, "main.ts"))});
    const seen = [];
    const look = (name, object, depth) => {
      for (const [key, { value }] of Object.entries(Object.getOwnPropertyDescriptors(object))) {
        if (typeof value === "function") seen.push([name + "." + key, object, key, value]);
        if (depth > 0 && typeof value === "function" && value.prototype) look(name + "." + key, value.prototype, depth - 1);
      }
    };
    const files = ["cdktf/lib/util", "cdktf/lib/tokens/private/resolve", "cdktf/lib/tokens/private/stack-trace",
      "cdktf/lib/terraform-stack", "cdktf/lib/app", "cdktf/lib/tokens/token", "cdktf/lib/synthesize/synthesizer",
      "cdktf/lib/terraform-element", "cdktf/lib/tfExpression", "constructs/lib/construct"];
    for (const file of files) look(file, load(file), 1);
    for (const file of ["json-stable-stringify", "archiver"]) {
      const path = Module.createRequire(load.resolve("cdktf")).resolve(file);
      const before = Module.createRequire(path)(path);
      seen.push([file, { get now() { return Module.createRequire(path)(path); } }, "now", before]);
    }
    look("Module", Module, 1);
    look("Module._extensions", Module._extensions, 0);
    for (const object of [Error, JSON]) look(object.name ?? "JSON", object, 0);
    seen.push(["Error.prepareStackTrace", Error, "prepareStackTrace", Error.prepareStackTrace]);
    const wanted = ["cdktf/lib/terraform-stack.TerraformStack.toTerraform", "cdktf/lib/tokens/private/resolve.resolve",
      "constructs/lib/construct.Node.addMetadata", "Module._load", "Module._extensions..js", "Error.captureStackTrace"];
    process.on("exit", () => {
      const replaced = seen.filter(([, object, key, value]) => object[key] !== value).map(([name]) => name);
      console.log(JSON.stringify({ looked: wanted.every((it) => seen.some(([name]) => name === it)), replaced }));
    });`,
  );
  const { status, stdout } = node(["--require", watch, ...PROGRAM]);
  expect({ status, ...JSON.parse(stdout) }).toEqual({ status: 0, looked: true, replaced: [] });
});
