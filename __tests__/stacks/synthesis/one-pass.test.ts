import { readFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, LocalBackend, TerraformLocal, TerraformOutput, TerraformStack, Tokenization } from "cdktf";
import { inOnePass } from "../../../stacks/synthesis/one-pass";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "one-pass-"))));
afterEach(() => rmSync(folder, { recursive: true }));

/** Writes two stacks; the second refers to the first where this is wanted. */
function synthesize(options: { reference: boolean }): Record<string, string> {
  const app = new App({ outdir: folder });
  const [first, second] = ["first", "second"].map((id) => {
    const stack = new TerraformStack(app, id);
    new LocalBackend(stack, { path: `${id}.tfstate` });
    return stack;
  });
  const local = new TerraformLocal(first, "Local", "known");
  new TerraformOutput(first, "Own", { value: local.asString });
  new TerraformOutput(second, "Output", { value: options.reference ? local.asString : "plain" });
  app.synth();
  return Object.fromEntries(
    ["first", "second"].map((id) => [id, readFileSync(join(folder, "stacks", id, "cdk.tf.json"), "utf8")]),
  );
}

test.each([false, true])(
  "what is written is what the engine writes; a reference between stacks: %s",
  (reference) => {
    const expected = synthesize({ reference });
    expect(inOnePass(() => synthesize({ reference }))).toEqual(expected);
    expect(expected.first.includes("cross-stack-output")).toBe(reference);
  },
);

test("without references between stacks nothing is resolved beforehand", () => {
  const prepare = jest.spyOn(TerraformStack.prototype, "prepareStack");
  inOnePass(() => synthesize({ reference: false }));
  expect(prepare).not.toHaveBeenCalled();
  prepare.mockRestore();
});

test("a stack without a backend gets one, as ever", () => {
  const app = new App({ outdir: folder });
  const stack = new TerraformStack(app, "stack");
  inOnePass(() => app.synth());
  expect(stack.node.children.some(LocalBackend.isBackend)).toBe(true);
});

test("the work's own errors come out, and it is not begun anew", () => {
  const work = jest.fn(() => {
    throw new Error("told");
  });
  expect(() => inOnePass(work)).toThrow("told");
  expect(work).toHaveBeenCalledTimes(1);
});

test("the engine is as before afterwards", () => {
  const known = () => [
    TerraformStack.prototype.prepareStack,
    App.prototype.crossStackReference,
    Tokenization.resolve,
  ];
  const before = known();
  inOnePass(() => synthesize({ reference: true }));
  expect(() =>
    inOnePass(() => {
      throw new Error();
    }),
  ).toThrow();
  expect(known()).toEqual(before);
});
