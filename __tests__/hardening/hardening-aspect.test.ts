import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { App, Aspects, TerraformStack } from "cdktf";
import { declareEnvironment } from "../../hardening/environment-facts";
import { HardeningAspect, applyHardening, warningsOf } from "../../hardening/hardening-aspect";
import { HardeningError } from "../../hardening/hardening-error";
import { suppressRule } from "../../hardening/suppression";
import { container } from "./support/plain";

let outdir: string;
let app: App;
beforeEach(() => {
  outdir = mkdtempSync(join(tmpdir(), "hardening-"));
  app = new App({ outdir });
});
afterEach(() => rmSync(outdir, { recursive: true }));

function addStack(name: string): TerraformStack {
  const stack = new TerraformStack(app, name);
  new AwsProvider(stack, "Aws", { region: "us-east-1" });
  return stack;
}

/** All files written by synthesis. */
const written = () =>
  readdirSync(outdir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);

const badKey = (stack: TerraformStack) => new KmsKey(stack, "Key", {});

test("stops synthesis before the first file if the last stack has an error", () => {
  addStack("first");
  badKey(addStack("second"));
  applyHardening(app);
  expect(() => app.synth()).toThrow(HardeningError);
  expect(written()).toEqual([]);
});

test("lists every error of every stack with its path and fix in the message", () => {
  badKey(addStack("first"));
  badKey(addStack("second"));
  applyHardening(app);
  expect(() => app.synth()).toThrow(
    [
      "The hardening rules found 2 problems; nothing was written:",
      ...["first", "second"].map(
        (stack) =>
          `  - ${stack}/Key: a plan may destroy the key (kms-deletion). Set deletion_window_in_days = 30 and lifecycle prevent_destroy; without its key Vault's data is lost for good.`,
      ),
    ].join("\n"),
  );
});

test("throws an error with the report, which is not printed with the error", () => {
  badKey(addStack("first"));
  applyHardening(app);
  const attempt = () => app.synth();
  expect(attempt).toThrow(
    expect.objectContaining({ report: expect.objectContaining({ errors: [expect.anything()] }) }),
  );
  try {
    attempt();
  } catch (error) {
    expect(inspect(error)).not.toContain("_friendlyUniqueId");
  }
});

test("writes nothing even if cdktf continues on error annotations", () => {
  badKey(addStack("first"));
  applyHardening(app);
  process.env.CDKTF_CONTINUE_SYNTH_ON_ERROR_ANNOTATIONS = "true";
  try {
    expect(() => app.synth()).toThrow(HardeningError);
  } finally {
    delete process.env.CDKTF_CONTINUE_SYNTH_ON_ERROR_ANNOTATIONS;
  }
  expect(written()).toEqual([]);
});

test("writes a stack with a suppressed error", () => {
  suppressRule(badKey(addStack("first")), "kms-deletion", "made for one test");
  applyHardening(app);
  app.synth();
  expect(existsSync(join(outdir, "stacks", "first", "cdk.tf.json"))).toBe(true);
});

test("adds a warning once and continues synthesis", () => {
  const stack = addStack("first");
  new KubernetesProvider(stack, "Kubernetes", {});
  declareEnvironment(stack, { name: "first", secretsEncryption: "kms" });
  container({ image: "app:1.0.0", resources: { limits: { cpu: "1" } } })(stack);
  applyHardening(app);
  app.synth();
  app.synth();
  expect(warningsOf(app)).toEqual([
    expect.stringMatching(
      /^first\/R\d+: container app: no limit of memory \(pod-resource-limits\)\. Set resources\.limits/,
    ),
  ]);
  const manifest = JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8"));
  expect(manifest.stacks.first.annotations).toEqual([
    expect.objectContaining({
      level: "@cdktf/warn",
      message: expect.stringMatching(/^container app: no limit of memory/),
    }),
  ]);
});

test("writes a stack again that was written before the evaluation", () => {
  const early = addStack("first");
  Aspects.of(addStack("second")).add(new HardeningAspect());
  app.synth();
  suppressRule(badKey(early), "kms-deletion", "made for one test");
  app.synth();
  expect(readFileSync(join(outdir, "stacks", "first", "cdk.tf.json"), "utf8")).toContain("aws_kms_key");
});

test("writes no local path into the manifest", () => {
  const stack = addStack("first");
  new KubernetesProvider(stack, "Kubernetes", {});
  declareEnvironment(stack, { name: "first", secretsEncryption: "kms" });
  container({ image: "app:1.0.0", resources: { limits: { cpu: "1" } } })(stack);
  applyHardening(app);
  app.synth();
  expect(warningsOf(app)).not.toEqual([]);
  expect(readFileSync(join(outdir, "manifest.json"), "utf8")).not.toContain(process.cwd());
});

test("evaluates again in a second synthesis", () => {
  const stack = addStack("first");
  applyHardening(app);
  app.synth();
  badKey(stack);
  expect(() => app.synth()).toThrow(HardeningError);
});

test("evaluates the whole app from an aspect on one stack", () => {
  const stack = addStack("first");
  badKey(addStack("second"));
  Aspects.of(stack).add(new HardeningAspect());
  expect(() => app.synth()).toThrow("second/Key: a plan may destroy the key");
  expect(written()).toEqual([]);
});
