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

test("an error in the last stack stops synthesis before the first one is written", () => {
  addStack("first");
  badKey(addStack("second"));
  applyHardening(app);
  expect(() => app.synth()).toThrow(HardeningError);
  expect(written()).toEqual([]);
});

test("the message has every error of every stack, where it is and what to do", () => {
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

test("the error has its report, and prints as its message", () => {
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

test("the command line of cdktf, which has programs write in spite of errors, gets nothing either", () => {
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

test("what is suppressed is written", () => {
  suppressRule(badKey(addStack("first")), "kms-deletion", "made for one test");
  applyHardening(app);
  app.synth();
  expect(existsSync(join(outdir, "stacks", "first", "cdk.tf.json"))).toBe(true);
});

test("a warning is printed, once, and stops nothing", () => {
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

test("a stack that was written before the judgement is written anew the next time", () => {
  const early = addStack("first");
  Aspects.of(addStack("second")).add(new HardeningAspect());
  app.synth();
  suppressRule(badKey(early), "kms-deletion", "made for one test");
  app.synth();
  expect(readFileSync(join(outdir, "stacks", "first", "cdk.tf.json"), "utf8")).toContain("aws_kms_key");
});

test("the manifest has no path of the machine on which it was made", () => {
  const stack = addStack("first");
  new KubernetesProvider(stack, "Kubernetes", {});
  declareEnvironment(stack, { name: "first", secretsEncryption: "kms" });
  container({ image: "app:1.0.0", resources: { limits: { cpu: "1" } } })(stack);
  applyHardening(app);
  app.synth();
  expect(warningsOf(app)).not.toEqual([]);
  expect(readFileSync(join(outdir, "manifest.json"), "utf8")).not.toContain(process.cwd());
});

test("a second synthesis judges anew", () => {
  const stack = addStack("first");
  applyHardening(app);
  app.synth();
  badKey(stack);
  expect(() => app.synth()).toThrow(HardeningError);
});

test("an aspect of one's own on one stack judges the whole app", () => {
  const stack = addStack("first");
  badKey(addStack("second"));
  Aspects.of(stack).add(new HardeningAspect());
  expect(() => app.synth()).toThrow("second/Key: a plan may destroy the key");
  expect(written()).toEqual([]);
});
