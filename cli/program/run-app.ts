import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import { received } from "../../constructs/core/received";
import { UserError } from "../../constructs/core/user-error";
import { ONLY_ENVIRONMENT } from "../../platform/only-environment";
import { run, runAttached } from "../processes";
import { type AppConfig, readAppConfig } from "./app-config";

/** Memory that cdktf gives an app that does not set it, because generated bindings are large. */
const MEMORY = "--max-old-space-size=4096";

/** Options of a synthesis. */
export interface SynthesisOptions {
  /** Environment to synthesize, if the app has several. @default - all */
  readonly env?: string;
  /** Whether cdktf creates no stack trace for each token. Its errors then lack the position. @default false */
  readonly noTraces?: boolean;
}

/** Options for a run of a CDK app. */
export interface AppRun extends SynthesisOptions {
  /** Folder to which the app writes. @default - that of `cdktf.json` */
  readonly out?: string;
  /** CommonJS files to load before the app, into each Node process of its command. @default - none */
  readonly preload?: readonly string[];
  /** Further variables. @default - none */
  readonly variables?: Readonly<Record<string, string>>;
  /** Whether the app uses the streams of this process. @default - its output is shown only if it fails */
  readonly attached?: boolean;
  /** Name of the operation, for errors. @default "Synthesis" */
  readonly title?: string;
}

/**
 * Runs the CDK app of a folder as cdktf does: the command `app` of `cdktf.json`, in a shell, without Terraform's
 * variables.
 * @param root folder of `cdktf.json`
 * @returns the output folder of the app
 * @throws UserError if the folder has no app, and with its output if it fails
 */
export async function runApp(root: string, options: AppRun = {}): Promise<string> {
  const config = readAppConfig(root);
  const { out = resolve(root, config.output), preload = [], title = "Synthesis" } = options;
  const preloaded = [...preload, ...(options.noTraces ? [join(__dirname, "no-traces.cjs")] : [])];
  const nodeOptions = [
    process.env.NODE_OPTIONS || MEMORY,
    ...preloaded.map((file) => `--require ${JSON.stringify(file)}`),
  ];
  const how = {
    cwd: root,
    shell: true,
    env: {
      ...withoutTerraformVariables(process.env),
      ...(options.env !== undefined && { [ONLY_ENVIRONMENT]: options.env }),
      ...options.variables,
      NODE_OPTIONS: nodeOptions.join(" "),
      CDKTF_OUTDIR: out,
      CDKTF_CONTEXT_JSON: JSON.stringify(contextOf(config)),
    },
  };
  if (options.attached) {
    const code = await runAttached(config.app, [], how);
    if (code === 0) return out;
    throw new UserError(`${title} failed: ${received(config.app)} exited with ${code}.`);
  }
  const { code, stdout, stderr } = await run(config.app, [], { ...how, endWhole: true });
  if (code === 0) return out;
  const said = [stdout, stderr].map((text) => text.trim()).filter(Boolean);
  throw new UserError([`${title} failed: ${received(config.app)} exited with ${code}.`, ...said].join("\n"));
}

/**
 * Runs the CDK app of a folder.
 * @returns the folder with the synthesized stacks
 * @throws UserError as `runApp` does, and if the app synthesizes nothing
 */
export async function synthesizeApp(root: string, options: AppRun = {}): Promise<string> {
  const before = lastSynthesis(options.out ?? resolve(root, readAppConfig(root).output));
  const out = await runApp(root, options);
  const after = lastSynthesis(out);
  if (after !== undefined && after !== before) return out;
  throw nothingSynthesized(root);
}

/** Error for an app that succeeds without a synthesis. */
export function nothingSynthesized(root: string): UserError {
  const { app } = readAppConfig(root);
  return new UserError(
    `${received(app)} in ${root} synthesized no app; it must end with app.synth() or synthesizePlatform().`,
  );
}

/** Time of the last synthesis. The folder may contain the manifest of an earlier run. */
function lastSynthesis(out: string): bigint | undefined {
  return statSync(join(out, "manifest.json"), { bigint: true, throwIfNoEntry: false })?.mtimeNs;
}

function contextOf({ context, terraformModules }: AppConfig): object {
  const sources = terraformModules.map((it) => (typeof it === "string" ? it : it.source));
  const cdktfRelativeModules = sources.filter((source) => /^\.\.?\//.test(source));
  return { ...(context ?? JSON.parse(process.env.CDKTF_CONTEXT_JSON || "{}")), cdktfRelativeModules };
}

function withoutTerraformVariables(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("TF_VAR_")));
}
