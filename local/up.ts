import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { received } from "../constructs/core/received";
import { isWrittenByApplier, writeLocalConfig } from "./applier/local-config";
import { bootstrapVault } from "./bootstrap";
import { makeCertificates } from "./certificates";
import { findPlatform, requireData } from "./found-platform";
import { firstSteps } from "./next-steps";
import { providePrograms, startBackends, startEmulator, startVault } from "./parts";
import { initialPasswordFiles } from "./databases";
import { places } from "./places";
import { writePlatformFile } from "./platform-file";
import { freePort } from "./ports";
import { type Ports, emulatorUrl, newPorts, requirePorts, vaultPorts } from "./platform";
import { UserError } from "../constructs/core/user-error";
import { requireProgram } from "../cli/processes";
import { type Row, renderTable, stopwatch } from "../access/table";
import { startSupervisor, untilWell } from "./supervision";
import { providerConfig, requireTerraform, synthesize } from "./synthesis";
import { Terraform, cannotInstall, emulatorVariables, terraformEnvironment } from "./terraform";
import { addressVariables, platformVariables } from "./terraform-variables";
import { requireSpace } from "./tools";
import { vaultAddress } from "./vault-servers";

const FOUNDATION = "local-foundation";
const CONFIG = "local-config";
/** Disk space for the data of the parts and for Terraform's copies beside the stacks. */
const RUN_GIB = 3;

type Say = (text: string) => void;

/** Starts the platform and deploys the stacks of its environment. */
export async function up(emulatorPort?: number): Promise<void> {
  const elapsed = stopwatch();
  const say = (text: string) => console.log(`[${elapsed().toFixed(0).padStart(4)}s] ${text}`);

  requireTerraform();
  requireProgram("python3", ["--version"], "Python 3.10 or later with venv", /Python 3\.[1-9]\d/);
  const standing = await standingPorts(emulatorPort, say);
  // Fail before the builds, which take minutes.
  if (!standing) await freePort(emulatorPort);
  const programs = await providePrograms(say);
  requireSpace(places.root, RUN_GIB, "to run the platform");
  const ports = standing ?? (await newPorts(emulatorPort));
  await makeCertificates();
  await startSupervisor();
  await startEmulator(ports, say);
  const settings = { cliConfig: providerConfig(say), endpoint: emulatorUrl(ports) };
  const env = terraformEnvironment(process.env, settings);

  say("synthesizing every environment");
  const synthesis = synthesize();
  const deployFoundation = async () => {
    await synthesis;
    return apply(FOUNDATION, env, say, " (the emulator takes about a minute over bucket lifecycles)");
  };
  const foundation = deployFoundation();
  const startServers = async () => {
    await startBackends(programs, ports, say);
    // The servers need the key of the first deploy. A later run does not wait for the deploy.
    if (!standing) await foundation;
    const servers = await startVault(programs, ports, say);
    await bootstrapVault(programs.vault, ports, say);
    // Bootstrap needs one server; the others may join later.
    await untilWell(servers);
    const stacks = await synthesis;
    return stacks.includes(CONFIG) ? [await apply(CONFIG, { ...env, ...platformVariables(ports) }, say)] : [];
  };
  const [first, rest] = await Promise.all([foundation, startServers()]);
  const rows = [first, ...rest];
  writePlatformFile(
    {
      ...emulatorVariables(settings),
      ...addressVariables(ports),
      KUBECONFIG: places.kubeconfig,
      VAULT_ADDR: vaultAddress(vaultPorts(ports)[0]),
    },
    initialPasswordFiles(),
  );
  console.log(`\n${renderTable(rows)}\n`);
  console.log(`The local platform is up: AWS emulator at ${emulatorUrl(ports)}.\n`);
  console.log(firstSteps(programs));
}

async function standingPorts(emulatorPort: number | undefined, say: Say): Promise<Ports | undefined> {
  const found = await findPlatform();
  requireData(found);
  if (found.state === "none") return undefined;
  const ports = requirePorts();
  if (emulatorPort !== undefined && emulatorPort !== ports.emulator) {
    throw new UserError(
      `--port must be ${ports.emulator}, the port of the AWS emulator that is up, got ${received(emulatorPort)}. For another one run npm run local -- down first, which deletes the platform.`,
    );
  }
  say(
    found.state === "up"
      ? `the platform of an earlier run is up, with the AWS emulator at ${emulatorUrl(ports)}`
      : `the supervisor of an earlier run has ended; its parts still run and are taken over: ${found.parts.join(", ")}`,
  );
  return ports;
}

async function apply(stack: string, env: NodeJS.ProcessEnv, say: Say, note = ""): Promise<Row> {
  const seconds = stopwatch();
  mkdirSync(join(places.run, "state"), { recursive: true, mode: 0o700 });
  const folder = join(places.out, "stacks", stack);
  const terraform = new Terraform(folder, env);
  const missing = await terraform.initOnce(() => say(`${stack}: init`));
  if (missing.length > 0 && stack === FOUNDATION) {
    throw new UserError(`${stack} cannot be deployed: ${cannotInstall(missing)}`);
  }
  if (stack === CONFIG && (missing.length > 0 || isWrittenByApplier())) {
    return { stack, ...(await writeLocalConfig({ folder, env, missing, say })), seconds: seconds() };
  }
  say(`${stack}: apply${note}`);
  const changes = await terraform.apply((done, total) => {
    if (done % 10 === 0 || done === total) say(`${stack}: ${done}/${total}`);
  });
  const resources = terraform.countResources();
  return { stack, resources, done: changes > 0 ? "applied" : "no changes", seconds: seconds() };
}
