import { existsSync } from "node:fs";
import { join } from "node:path";
import { caFile } from "../certificates";
import { KubernetesApi } from "../kubernetes";
import { places } from "../places";
import { cannotInstall } from "../terraform";
import { UserError } from "../../constructs/core/user-error";
import { AppliedRecord } from "./applied-record";
import { applyProgram } from "./apply";
import { logIn, vaultAddress } from "./log-in";
import { Program } from "./program";
import { VaultApi } from "./vault-api";

const recordFile = join(places.run, "state", "local-config.applied.json");
const terraformState = join(places.run, "state", "local-config.tfstate");

/** Properties of `writeLocalConfig`. */
export interface LocalConfigProps {
  /** Folder of the synthesized stack. */
  readonly folder: string;
  /** Environment variables for Terraform, including the platform's variables. */
  readonly env: NodeJS.ProcessEnv;
  /** Providers that Terraform cannot install. Empty if only an earlier run could not install them. */
  readonly missing: readonly string[];
  readonly say: (text: string) => void;
}

/** Returns true if an earlier run wrote the configuration without Terraform. Terraform has no state of it then. */
export function isWrittenByApplier(): boolean {
  return existsSync(recordFile);
}

/**
 * Writes the synthesized resources of `local-config` to the local platform's Vault when Terraform cannot.
 * @returns the number of resources, and a summary
 * @throws UserError when Terraform wrote them before, or when Vault refuses
 */
export async function writeLocalConfig(
  props: LocalConfigProps,
): Promise<{ resources: number; done: string }> {
  const { folder, env, missing } = props;
  const say = (text: string) => props.say(`local-config: ${text}`);
  if (missing.length > 0 && existsSync(terraformState)) {
    throw new UserError(
      `local-config was applied by Terraform in an earlier run, and cannot be now. ${cannotInstall(missing)} Or start anew: npm run local -- down.`,
    );
  }
  say(missing.length > 0 ? cannotInstall(missing) : "an earlier run wrote it without Terraform.");
  say("its resources are written through Vault's API instead");
  const program = Program.read(folder, env);
  const vault = new VaultApi({
    address: vaultAddress(program),
    tls: { ca: caFile },
    secrets: program.secrets,
  });
  const kubernetes = KubernetesApi.fromKubeconfig();
  await logIn(program, vault, ({ namespace, name, audience, seconds }) =>
    kubernetes.serviceAccountToken(namespace, name, { audience, seconds }),
  );
  const changes = await applyProgram({ program, vault, record: new AppliedRecord(recordFile), say });
  const what = changes > 0 ? "written" : "no changes";
  return { resources: program.resources.length, done: `${what}, through Vault's API without Terraform` };
}
