import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type Emulator,
  emulatorIsMissing,
  emulatorUrl,
  installEmulator,
  runningEmulator,
  startEmulator,
} from "./emulator";
import { places } from "./places";
import { Problem } from "./problem";
import { requireProgram, run } from "./processes";
import { describeMirrors, findMirroredProviders, ownCliConfig, renderCliConfig } from "./provider-mirrors";
import { type Row, renderTable, stopwatch } from "./report";
import { Terraform, copyForPlan, terraformEnvironment } from "./terraform";

const APPLIED_STACK = "local-foundation";

/** Deploys `local-foundation` into the emulator and plans every other stack from nothing. */
export async function up(port?: number): Promise<void> {
  const elapsed = stopwatch();
  const say = (text: string) => console.log(`[${elapsed().toFixed(0).padStart(4)}s] ${text}`);

  requireProgram("terraform", ["version"], "Terraform 1.11 or later", /Terraform v1\.(1[1-9]|[2-9]\d)\./);
  requireProgram("python3", ["--version"], "Python 3.9 or later with venv", /Python 3\.(9|[1-9]\d)/);
  const emulator = await emulatorFor(port, say);
  const cliConfig = providerConfig(say);
  const env = terraformEnvironment(process.env, { cliConfig, endpoint: emulatorUrl(emulator) });

  say("synthesizing every environment");
  await synthesize();
  const rows = [await applyFoundation(env, say)];
  for (const stack of stacks().filter((name) => name !== APPLIED_STACK)) {
    say(`${stack}: init, validate, plan`);
    rows.push(await plan(stack, env, say));
  }
  console.log(`\n${renderTable(rows)}\n`);
  console.log(`The local platform is up: AWS emulator at ${emulatorUrl(emulator)}.`);
  console.log("npm run local -- --status says how it does, npm run local -- --down takes it away.");
}

async function emulatorFor(port: number | undefined, say: (text: string) => void): Promise<Emulator> {
  const found = runningEmulator();
  if (found && (port === undefined || port === found.port)) {
    say(`the AWS emulator of an earlier run is up at ${emulatorUrl(found)}`);
    return found;
  }
  if (found) {
    throw new Problem(
      `The AWS emulator is up on port ${found.port}, got --port ${port}; run npm run local -- --down first.`,
    );
  }
  // What the emulator knew is gone with it, so a state that describes it would be wrong.
  if (existsSync(places.run)) say("the AWS emulator of an earlier run is gone; its state is dropped");
  rmSync(places.run, { recursive: true, force: true });
  if (emulatorIsMissing()) {
    say("installing the AWS emulator into a private virtual environment (about a minute, once)");
    await installEmulator();
  }
  const emulator = await startEmulator(port);
  say(`the AWS emulator is up at ${emulatorUrl(emulator)}`);
  return emulator;
}

function providerConfig(say: (text: string) => void): string {
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
  const { code, stdout, stderr } = await run(process.execPath, ["--import", "tsx", "main.ts"], {
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

async function applyFoundation(env: NodeJS.ProcessEnv, say: (text: string) => void): Promise<Row> {
  const seconds = stopwatch();
  mkdirSync(join(places.run, "state"), { recursive: true });
  const terraform = new Terraform(join(places.out, "stacks", APPLIED_STACK), env);
  say(`${APPLIED_STACK}: init`);
  const missing = await terraform.init();
  if (missing.length > 0) throw new Problem(`${APPLIED_STACK} cannot be deployed: ${cannotInstall(missing)}`);
  say(`${APPLIED_STACK}: apply (the emulator takes about a minute over bucket lifecycles)`);
  const changes = await terraform.apply((done, total) => {
    if (done % 10 === 0 || done === total) say(`${APPLIED_STACK}: ${done}/${total}`);
  });
  const resources = await terraform.countResources();
  return {
    stack: APPLIED_STACK,
    resources,
    done: changes > 0 ? "applied" : "no changes",
    seconds: seconds(),
  };
}

async function plan(stack: string, env: NodeJS.ProcessEnv, say: (text: string) => void): Promise<Row> {
  const seconds = stopwatch();
  const copy = join(places.run, "plans", stack);
  copyForPlan(join(places.out, "stacks", stack), copy);
  const terraform = new Terraform(copy, env);
  const missing = await terraform.init();
  if (missing.length > 0) {
    say(`${stack}: skipped, ${cannotInstall(missing)}`);
    return { stack, done: `skipped: no ${missing.join(", ")}`, seconds: seconds() };
  }
  await terraform.validate();
  const resources = await terraform.planFromNothing();
  return { stack, resources, done: "validated and planned from nothing", seconds: seconds() };
}

function cannotInstall(missing: readonly string[]): string {
  const folder = "~/.terraform.d/plugins/registry.terraform.io/<namespace>/<name>/<version>/<os>_<arch>/";
  return `Terraform cannot install ${missing.join(", ")} here; put the provider into ${folder} or name a mirror in your CLI configuration.`;
}
