import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type App, Testing, TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { applyHardening } from "../../hardening/hardening-aspect";
import { PlatformStack } from "../../stacks/platform-stack";

class Layer extends PlatformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id, { account: "123456789012", region: "us-east-1", stateRegion: "us-east-1", state: "s3" });
  }
}

let app: App;
let layer: Layer;
beforeEach(() => {
  app = Testing.app() as App;
  layer = new Layer(app, "layer");
});

const written = () =>
  JSON.parse(readFileSync(join(app.outdir, "stacks", "layer", "cdk.tf.json"), "utf8")) as { output?: object };
const output = (id: string) => new TerraformOutput(layer, id, { value: "x" });

test("writes the current outputs in each synthesis, with and without hardening", () => {
  output("first");
  app.synth();
  expect(Object.keys(written().output!)).toEqual(["first"]);
  output("second");
  applyHardening(app);
  app.synth();
  expect(Object.keys(written().output!)).toEqual(["first", "second"]);
});

test("includes outputs that are added after the hardening in both renderings", () => {
  applyHardening(app);
  app.synth();
  output("late");
  expect(Object.keys((layer.toTerraform() as { output: object }).output)).toEqual(["late"]);
  app.synth();
  expect(Object.keys(written().output!)).toEqual(["late"]);
});
