import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { received } from "../constructs/core/received";
import { isWrittenByApplier, writeLocalConfig } from "./applier/local-config";
import { bootstrapVault } from "./bootstrap";
import { makeCertificates } from "./certificates";
import { findPlatform, requireData } from "./found-platform";
import { firstSteps } from "./first-steps";
import { providePrograms, startBackends, startEmulator, startVault } from "./parts";
import { places } from "./places";
import { freePort } from "./ports";
import { type Ports, emulatorUrl, newPorts, requirePorts } from "./platform";
import { cannotInstall, planStack } from "./plans";
import { Problem } from "./problem";
import { requireProgram, run } from "./processes";
import { describeMirrors, findMirroredProviders, ownCliConfig, renderCliConfig } from "./provider-mirrors";
import { type Row, renderTable, stopwatch } from "./report";
import { startSupervisor, untilWell } from "./supervision";
import { Terraform, terraformEnvironment } from "./terraform";
import { platformVariables } from "./terraform-variables";
import { requireSpace } from "./tools";

const FOUNDATION = "local-foundation";
const CONFIG = "local-config";
/** Data of the parts, and what Terraform copies beside the stacks. */
const RUN_GIB = 3;

type Say = (text: string) => void;

/** Brings up the platform, deploys what belongs there and plans every other stack from nothing. */
export async function up(emulatorPort?: number): Promise<void> {
  const elapsed = stopwatch();
  const say = (text: string) => console.log(`[${elapsed().toFixed(0).padStart(4)}s] ${text}`);

  requireProgram("terraform", ["version"], "Terraform 1.11 or later", /Terraform v1\.(1[1-9]|[2-9]\d)\./);
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
  const env = terraformEnvironment(process.env, {
    cliConfig: providerConfig(say),
    endpoint: emulatorUrl(ports),
  });

  say("synthesizing every environment");
  await synthesize();
  const [foundation] = await Promise.all([
    apply(FOUNDATION, env, say, " (the emulator takes about a minute over bucket lifecycles)"),
    startBackends(programs, ports, say),
  ]);
  const servers = await startVault(programs, ports, say);
  await bootstrapVault(programs.vault, ports, say);
  // Bootstrap needs one server; the others join in their own time.
  await untilWell(servers);
  const rows = [foundation];
  const others = stacks().filter((name) => name !== FOUNDATION);
  if (others.includes(CONFIG)) rows.push(await apply(CONFIG, { ...env, ...platformVariables(ports) }, say));
  for (const stack of others.filter((name) => name !== CONFIG)) rows.push(await planStack(stack, env, say));
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
    throw new Problem(
      `--port must be ${ports.emulator}, the port of the AWS emulator that is up, got ${received(emulatorPort)}. For another one run npm run local -- --down first, which deletes the platform.`,
    );
  }
  say(
    found.state === "up"
      ? `the platform of an earlier run is up, with the AWS emulator at ${emulatorUrl(ports)}`
      : `the supervisor of an earlier run has ended; its parts still run and are taken over: ${found.parts.join(", ")}`,
  );
  return ports;
}

function providerConfig(say: Say): string {
  const own = ownCliConfig(process.env);
  if (own) {
    say(`providers: as your Terraform CLI configuration says (${own})`);
    return own;
  }
  const providers = findMirroredProviders({ env: process.env, project: places.root, addOns: "/opt" });
  describeMirrors(providers).forEach((line) => say(`providers: ${line}`));
  const path = join(places.run, "terraform.rc");
  writeFileSync(path, renderCliConfig(providers));
  return path;
}

async function synthesize(): Promise<void> {
  const { code, stdout, stderr } = await run(process.execPath, ["--require", "tsx/cjs", "main.ts"], {
    cwd: places.root,
    env: { ...process.env, CDKTF_OUTDIR: places.out },
  });
  if (code !== 0) throw new Problem(`Synthesis failed:\n${(stderr || stdout).trim()}`);
}

/** Names of the synthesized stacks, each after those that it depends on. */
function stacks(): string[] {
  const manifest = JSON.parse(readFileSync(join(places.out, "manifest.json"), "utf8"));
  return Object.keys(manifest.stacks);
}

async function apply(stack: string, env: NodeJS.ProcessEnv, say: Say, note = ""): Promise<Row> {
  const seconds = stopwatch();
  mkdirSync(join(places.run, "state"), { recursive: true, mode: 0o700 });
  const folder = join(places.out, "stacks", stack);
  const terraform = new Terraform(folder, env);
  say(`${stack}: init`);
  const missing = await terraform.init();
  if (missing.length > 0 && stack === FOUNDATION) {
    throw new Problem(`${stack} cannot be deployed: ${cannotInstall(missing)}`);
  }
  if (stack === CONFIG && (missing.length > 0 || isWrittenByApplier())) {
    return { stack, ...(await writeLocalConfig({ folder, env, missing, say })), seconds: seconds() };
  }
  say(`${stack}: apply${note}`);
  const changes = await terraform.apply((done, total) => {
    if (done % 10 === 0 || done === total) say(`${stack}: ${done}/${total}`);
  });
  const resources = await terraform.countResources();
  return { stack, resources, done: changes > 0 ? "applied" : "no changes", seconds: seconds() };
}
