import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type App, Testing } from "cdktf";
import { definitions } from "../../environments";
import { findMirroredProviders, renderCliConfig } from "../../local/provider-mirrors";
import { PROVIDER_FOLDER } from "../../local/terraform";
import { buildPlatform } from "../../stacks";
import { describeUnless, missingPrograms, programPath } from "../support/needs";
import { type ProviderSchema, type StackJson, unknownNames } from "../support/provider-schema";

// The bindings are generated from 6.x, but 5.100 is also allowed. Synthesized stacks must not use features of 6.x.
const FLOOR = "5.100.0";

const mirrors = findMirroredProviders({
  env: process.env,
  project: resolve(__dirname, "../.."),
  addOns: "/opt",
}).filter(({ source, versions }) => source.endsWith("/hashicorp/aws") && versions.includes(FLOOR));
const noMirror =
  mirrors.length > 0
    ? undefined
    : `no mirror here holds hashicorp/aws ${FLOOR}; put it into ${PROVIDER_FOLDER}`;

describeUnless(missingPrograms("terraform") ?? noMirror)("oldest supported AWS provider", () => {
  let schema: ProviderSchema;
  beforeAll(() => {
    const folder = mkdtempSync(join(tmpdir(), "schema-"));
    const rc = join(folder, "terraform.rc");
    writeFileSync(rc, renderCliConfig(mirrors));
    const aws = { source: "hashicorp/aws", version: FLOOR };
    writeFileSync(
      join(folder, "main.tf.json"),
      JSON.stringify({ terraform: { required_providers: { aws } } }),
    );
    const terraform = (...args: string[]) => {
      const { stdout, stderr, status } = spawnSync(programPath("terraform"), args, {
        cwd: folder,
        env: { ...process.env, TF_CLI_CONFIG_FILE: rc, CHECKPOINT_DISABLE: "1" },
        encoding: "utf8",
        maxBuffer: 256 * 1024 * 1024,
      });
      if (status !== 0) throw new Error(`terraform ${args[0]} failed:\n${stderr}`);
      return stdout;
    };
    terraform("init", "-input=false");
    const { provider_schemas } = JSON.parse(terraform("providers", "schema", "-json"));
    schema = provider_schemas["registry.terraform.io/hashicorp/aws"];
    rmSync(folder, { recursive: true });
  }, 60_000);

  test("knows every type, argument and referenced attribute of every stack", () => {
    const app = Testing.app() as App;
    buildPlatform(app, definitions);
    app.synth();
    const folder = join(app.outdir, "stacks");
    for (const stack of readdirSync(folder)) {
      const json = JSON.parse(readFileSync(join(folder, stack, "cdk.tf.json"), "utf8")) as StackJson;
      expect({ stack, unknown: unknownNames(json, "aws", schema) }).toEqual({ stack, unknown: [] });
    }
  });

  test.each<[string, StackJson, string]>([
    [
      "an argument of 6.x",
      { resource: { aws_s3_bucket: { logs: { bucket: "logs", region: "us-east-1" } } } },
      "aws_s3_bucket.logs.region",
    ],
    [
      "an argument in a block",
      { resource: { aws_s3_bucket_versioning: { v: { versioning_configuration: { state: "Enabled" } } } } },
      "aws_s3_bucket_versioning.v.versioning_configuration.state",
    ],
    [
      "an argument of a policy's statement",
      { data: { aws_iam_policy_document: { d: { statement: [{ action: ["s3:*"] }] } } } },
      "aws_iam_policy_document.d.statement.action",
    ],
    ["a resource that it does not have", { resource: { aws_s3_vector: { v: {} } } }, "aws_s3_vector"],
    ["an argument of the provider", { provider: { aws: [{ regions: ["us-east-1"] }] } }, "aws.regions"],
    [
      "a reference to an attribute that it does not have",
      { resource: { aws_kms_alias: { a: { target_key_id: "${aws_kms_key.k.key_name}" } } } },
      "aws_kms_key.k.key_name",
    ],
  ])("reports %s", (_title, stack, name) => {
    expect(unknownNames(stack, "aws", schema)).toEqual([name]);
  });
});
