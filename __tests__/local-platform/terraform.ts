import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { places } from "../../local/places";
import { emulatorUrl } from "../../local/platform";
import { type Outcome, run } from "../../cli/processes";
import { ownCliConfig } from "../../local/provider-mirrors";
import { PROVIDER_FOLDER, terraformEnvironment } from "../../local/terraform";
import { platformVariables } from "../../local/terraform-variables";
import { testUnless } from "../support/needs";
import { ports } from "./support";

/** Stacks that the platform deploys. */
export const DEPLOYED = ["local-foundation", "local-config"] as const;

/** Path of a stack's Terraform state. */
export function stateFile(stack: string): string {
  return join(places.run, "state", `${stack}.tfstate`);
}

/** Runs Terraform in a synthesized stack, as `npm run local` does. */
export function terraform(stack: string, ...args: string[]): Promise<Outcome> {
  const cliConfig = ownCliConfig(process.env) ?? join(places.run, "terraform.rc");
  const env = terraformEnvironment(process.env, { cliConfig, endpoint: emulatorUrl(ports) });
  return run("terraform", args, {
    cwd: join(places.out, "stacks", stack),
    env: { ...env, ...platformVariables(ports) },
  });
}

/**
 * `test` that needs a stack's Terraform state. If Terraform cannot install a provider, `npm run local` writes the stack
 * without Terraform. The test is then skipped with a message.
 */
export function testWithState(stack: (typeof DEPLOYED)[number]): jest.It {
  if (existsSync(stateFile(stack))) return test;
  const { required_providers: providers } = JSON.parse(
    readFileSync(join(places.out, "stacks", stack, "cdk.tf.json"), "utf8"),
  ).terraform;
  const sources = Object.values<{ source: string }>(providers).map(({ source }) => source);
  return testUnless(
    `${stack} was written without Terraform, which cannot install all of ${sources.join(", ")}; put them into ${PROVIDER_FOLDER}`,
  );
}
