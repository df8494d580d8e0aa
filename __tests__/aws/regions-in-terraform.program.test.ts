import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Testing } from "cdktf";
import { AwsRegion, partitionOf } from "../../constructs/aws/region";
import { findMirroredProviders, renderCliConfig } from "../../local/provider-mirrors";
import { PROVIDER_FOLDER, terraformEnvironment } from "../../local/terraform";
import { AccountStack } from "../../stacks/account/account-stack";
import { NEWER_THAN_TERRAFORM } from "../../stacks/platform-stack";
import { describeUnless, missingPrograms, programPath } from "../support/needs";

jest.setTimeout(600_000);

/**
 * Tested regions: one per partition and those missing in Terraform; all of them with EVERY_REGION=1. Terraform and its
 * provider contain lists of regions that are older than AWS's.
 */
const REGIONS = process.env.EVERY_REGION
  ? AwsRegion.names
  : AwsRegion.names.filter(
      (name, index) =>
        NEWER_THAN_TERRAFORM.includes(name) ||
        AwsRegion.names.findIndex((other) => partitionOf(other) === partitionOf(name)) === index,
    );

const mirrors = findMirroredProviders({
  env: process.env,
  project: resolve(__dirname, "../.."),
  addOns: "/opt",
}).filter(({ source }) => source.endsWith("/hashicorp/aws"));
const noMirror =
  mirrors.length > 0 ? undefined : `no mirror here holds hashicorp/aws; put it into ${PROVIDER_FOLDER}`;

describeUnless(missingPrograms("terraform") ?? noMirror)("regions that Terraform supports", () => {
  let folder: string;
  let env: NodeJS.ProcessEnv;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "regions-"));
    const cliConfig = join(folder, "terraform.rc");
    writeFileSync(cliConfig, renderCliConfig(mirrors));
    env = { ...terraformEnvironment(process.env, { cliConfig, endpoint: "http://127.0.0.1:1" }) };
    env.AWS_MAX_ATTEMPTS = "1";
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const write = (name: string, config: object) => {
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, "main.tf.json"), JSON.stringify(config));
  };
  const terraform = (name: string, ...args: string[]) =>
    spawnSync(programPath("terraform"), [...args, "-input=false", "-no-color"], {
      cwd: join(folder, name),
      env,
      encoding: "utf8",
    });
  /** Synthesized account stack, with its provider and backend for a region. */
  const stackIn = (region: string) =>
    new AccountStack(Testing.app(), { account: "111111111111", region }).toTerraform();
  const offline = {
    skip_credentials_validation: true,
    skip_requesting_account_id: true,
    skip_metadata_api_check: true,
    allowed_account_ids: undefined,
  };

  test("configures the provider in every tested region with its partition and domain", () => {
    const plan = (region: string) => {
      const { provider, terraform: settings } = stackIn(region);
      write("provider", {
        terraform: { required_providers: settings.required_providers },
        provider: { aws: { ...provider.aws[0], ...offline } },
        data: { aws_partition: { here: {} } },
        output: {
          here: { value: "${data.aws_partition.here.partition} ${data.aws_partition.here.dns_suffix}" },
        },
      });
      if (region === REGIONS[0]) expect(terraform("provider", "init").stderr).toBe("");
      const { stdout, stderr } = terraform("provider", "plan");
      return /here *= *"(.*)"/.exec(stdout)?.[1] ?? stderr;
    };
    const facts = REGIONS.map((name) => `${name}: ${plan(name)}`);
    expect(facts).toEqual(
      REGIONS.map((name) => {
        const { partition, dnsSuffix } = AwsRegion.find(name)!;
        return `${name}: ${partition} ${dnsSuffix}`;
      }),
    );
  });

  test("accepts every tested region for the state backend", () => {
    const init = (region: string) => {
      write("backend", { terraform: { backend: stackIn(region).terraform.backend } });
      rmSync(join(folder, "backend", ".terraform"), { recursive: true, force: true });
      return terraform("backend", "init").stderr;
    };
    // The connection is refused, which happens only after the region has been accepted.
    for (const name of REGIONS) {
      expect(`${name}: ${init(name)}`).toMatch(/^[\w-]+: [^]*(127\.0\.0\.1:1|connection refused)/);
    }
  });

  test("reports a region that AWS does not have", () => {
    write("provider", {
      provider: { aws: { region: "us-esat-1", ...offline } },
      data: { aws_partition: { p: {} } },
    });
    expect(terraform("provider", "plan").stderr).toContain("invalid AWS Region: us-esat-1");
  });
});
