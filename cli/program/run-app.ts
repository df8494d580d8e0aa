import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import { received } from "../../constructs/core/received";
import { Problem } from "../../constructs/core/user-error";
import { run } from "../processes";
import { type AppConfig, readAppConfig } from "./app-config";

/** What cdktf gives an app that does not set it: generated bindings are large. */
const MEMORY = "--max-old-space-size=4096";

export interface AppRun {
  /** Folder to which the app writes. @default - that of `cdktf.json` */
  readonly out?: string;
  /** CommonJS files to load before the app, into each Node process of its command. @default - none */
  readonly preload?: readonly string[];
  /** Further variables. @default - none */
  readonly env?: Readonly<Record<string, string>>;
  /** What is done, for errors. @default "Synthesis" */
  readonly title?: string;
}

/**
 * Runs the CDK app of a folder as cdktf does: the command `app` of `cdktf.json`, in a shell, without Terraform's
 * variables. What the app prints is shown only if it fails.
 * @param root folder of `cdktf.json`
 * @returns the folder to which the app was to write
 * @throws Problem if the folder has no app, and with what the app printed if it fails
 */
export async function runApp(root: string, options: AppRun = {}): Promise<string> {
  const config = readAppConfig(root);
  const { out = resolve(root, config.output), preload = [], title = "Synthesis" } = options;
  const nodeOptions = [
    process.env.NODE_OPTIONS || MEMORY,
    ...preload.map((file) => `--require ${JSON.stringify(file)}`),
  ];
  const { code, stdout, stderr } = await run(config.app, [], {
    cwd: root,
    shell: true,
    endWhole: true,
    env: {
      ...withoutTerraformVariables(process.env),
      ...options.env,
      NODE_OPTIONS: nodeOptions.join(" "),
      CDKTF_OUTDIR: out,
      CDKTF_CONTEXT_JSON: JSON.stringify(contextOf(config)),
    },
  });
  if (code === 0) return out;
  const said = [stdout, stderr].map((text) => text.trim()).filter(Boolean);
  throw new Problem([`${title} failed: ${received(config.app)} exited with ${code}.`, ...said].join("\n"));
}

/**
 * Runs the CDK app of a folder.
 * @returns the folder with the stacks that it synthesized
 * @throws Problem as `runApp` does, and if the app synthesizes nothing
 */
export async function synthesizeApp(root: string, options: AppRun = {}): Promise<string> {
  const before = lastSynthesis(options.out ?? resolve(root, readAppConfig(root).output));
  const out = await runApp(root, options);
  const after = lastSynthesis(out);
  if (after !== undefined && after !== before) return out;
  throw nothingSynthesized(root);
}

/** The error for an app that ends well without a synthesis. */
export function nothingSynthesized(root: string): Problem {
  const { app } = readAppConfig(root);
  return new Problem(
    `${received(app)} in ${root} synthesized no app; it must end with app.synth() or synthesizePlatform().`,
  );
}

/** A manifest of an earlier run may be there. */
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
