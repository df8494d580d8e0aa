import { received } from "../../constructs/core/received";
import { UserError } from "../../constructs/core/user-error";
import type { Format } from "../../access/format";
import type { Synthesis } from "../program/program";
import type { Environment } from "../../analysis/terraform/synthesized";
import type { VaultCapability } from "../../constructs/policy/vault-policy";
import { defineCommand, ExitCode } from "../command";
import { print, warn } from "../terminal";

interface Options {
  readonly env?: string;
  readonly format: Format;
  readonly dir?: string;
  readonly noTraces?: boolean;
}

export const command = defineCommand({
  summary: "who can do what in Vault, and what a change does to it",
  usage: `[--env NAME] [--format table|json|markdown] [--no-traces]
       access --who-can CAPABILITY PATH [...]
       access --base REVISION [...]
       access --live --env NAME [...]

Reads what the program synthesizes; but for --live, neither Vault nor a cloud is asked.

  --env NAME           only this environment; no others are synthesized    (default: all of them)
  --format NAME        table, json or markdown               (default: table)
  --who-can CAPABILITY who can do that on PATH, such as: --who-can read secret/data/payment-service/config
  --base REVISION      what has changed since the working tree left the revision, such as origin/main
  --live               what stands in Vault and not in the code; logs in by VAULT_ADDR, VAULT_TOKEN, VAULT_CACERT
  --dir DIR            read this synthesized output          (default: the program is synthesized)
  --base-dir DIR       compare with this synthesized output instead of a revision
  --no-traces          faster: errors of cdktf then do not say where a token was made

Exit codes: 0 nothing to report, 1 failed or called wrongly.
With --base: 2 access has changed, 3 a change is dangerous and wants consent. With --live: 2 something stands only in Vault.`,
  options: {
    env: { type: "string" },
    format: { type: "string", default: "table" },
    "who-can": { type: "string" },
    base: { type: "string" },
    "base-dir": { type: "string" },
    dir: { type: "string" },
    live: { type: "boolean" },
    "no-traces": { type: "boolean" },
  },
  async run({ values, positionals }) {
    const { FORMATS } = await import("../../access/format.js");
    const {
      base,
      live,
      dir,
      env,
      "base-dir": baseDir,
      "who-can": capability,
      "no-traces": noTraces,
    } = values;
    const modes = { "--who-can": capability, "--base": base, "--base-dir": baseDir, "--live": live };
    const chosen = Object.entries(modes).filter(([, value]) => value !== undefined);
    if (chosen.length > 1)
      throw new UserError(`${chosen.map(([name]) => name).join(" and ")} exclude each other.`);
    const format = FORMATS.find((it) => it === values.format);
    if (!format)
      throw new UserError(`--format must be ${FORMATS.join(", ")}, got ${received(values.format)}.`);
    const options = { env, format, dir, noTraces };
    if (capability !== undefined) return whoCan(capability, positionals, options);
    if (positionals.length > 0)
      throw new UserError(`access takes no arguments, got ${received(positionals.length)}.`);
    if (base !== undefined || baseDir !== undefined) return compare(options, { base, baseDir });
    return live ? lookAtVault(options) : showMap(options);
  },
});

async function showMap(options: Options): Promise<number> {
  const { accessMap } = await import("../../access/access-map.js");
  const { renderMap } = await import("../../access/render-map.js");
  print(renderMap((await environments(options)).map(accessMap), options.format));
  return ExitCode.OK;
}

async function whoCan(capability: string, positionals: readonly string[], options: Options): Promise<number> {
  const { VAULT_CAPABILITIES } = await import("../../constructs/policy/vault-policy.js");
  const { kvPathOf, whoCan: answer } = await import("../../access/who-can.js");
  const { accessMap } = await import("../../access/access-map.js");
  const { renderAnswers } = await import("../../access/render-answers.js");
  const asked = VAULT_CAPABILITIES.find((it) => it === capability && it !== "deny") as
    VaultCapability | undefined;
  if (!asked) {
    const allowed = VAULT_CAPABILITIES.filter((it) => it !== "deny").join(", ");
    throw new UserError(`--who-can must be a capability, got ${received(capability)}; allowed: ${allowed}.`);
  }
  const [path, ...others] = positionals;
  if (path === undefined || others.length > 0 || /[*+]/.test(path)) {
    throw new UserError(
      `--who-can takes one path without wildcards, such as secret/data/app/config, got ${received(positionals)}.`,
    );
  }
  const all = await environments(options);
  print(renderAnswers(answer(all.map(accessMap), asked, path), options.format));
  const meant = kvPathOf(all, path);
  if (meant) warn(`The API of that KV store has the secret at ${meant}.`);
  return ExitCode.OK;
}

async function compare(options: Options, against: { base?: string; baseDir?: string }): Promise<number> {
  const { accessDiff } = await import("../../access/diff.js");
  const { readSynthesized } = await import("../../analysis/terraform/synthesized.js");
  const { renderDiff, verdictOf } = await import("../../access/render-diff.js");
  const { synthesizeRevision } = await import("../program/program.js");
  const { base, baseDir } = against;
  const sides = await Promise.allSettled([
    withSynthesis(options, readSynthesized),
    withSynthesis(
      { ...options, dir: baseDir },
      readSynthesized,
      base === undefined ? undefined : () => synthesizeRevision(base, options),
    ),
  ]);
  // Each side has cleaned up by now, also when the other one failed.
  const [after, before] = sides.map((side) => {
    if (side.status === "rejected") throw side.reason;
    return side.value;
  });
  const inScope = ({ name }: Environment) => options.env === undefined || name === options.env;
  // An environment may be new, or gone.
  if (![...after, ...before].some(inScope)) {
    const names = after.map(({ name }) => name).join(", ");
    throw new UserError(
      `--env must be an environment that has stacks, got ${received(options.env)}; allowed: ${names}.`,
    );
  }
  const diffs = accessDiff(before.filter(inScope), after.filter(inScope));
  print(renderDiff(diffs, options.format));
  const verdict = verdictOf(diffs);
  return verdict === "dangerous" ? ExitCode.GATE : verdict === "none" ? ExitCode.OK : ExitCode.FOUND;
}

async function lookAtVault(options: Options): Promise<number> {
  if (options.env === undefined) throw new UserError("--live needs --env: one Vault is one environment's.");
  const { findStrays } = await import("../../access/live.js");
  const { renderLive } = await import("../../access/render-live.js");
  const { VaultClient } = await import("../../access/vault-client.js");
  const vault = VaultClient.fromEnvironment(process.env);
  try {
    const [environment] = await environments(options);
    const report = await findStrays(environment, vault, process.env.VAULT_NAMESPACE);
    print(renderLive(report, options.format));
    if (report.strays.length > 0) return ExitCode.FOUND;
    // Nothing was found, but not everywhere.
    return report.denied.length > 0 ? ExitCode.FAILED : ExitCode.OK;
  } finally {
    vault.close();
  }
}

async function environments(options: Options): Promise<Environment[]> {
  const { readSynthesized } = await import("../../analysis/terraform/synthesized.js");
  return withSynthesis(options, (folder) => readSynthesized(folder, options.env));
}

/** Reads a folder that is there, or one that is made for the purpose. */
async function withSynthesis<T>(
  { dir, env, noTraces }: Options,
  read: (folder: string) => T,
  make?: () => Promise<Synthesis>,
): Promise<T> {
  if (dir !== undefined) return read(dir);
  const { synthesizeHere } = await import("../program/program.js");
  const synthesis = await (make?.() ?? synthesizeHere(undefined, { env, noTraces }));
  try {
    synthesis.notes.forEach((note) => warn(`note: ${note}`));
    return read(synthesis.folder);
  } finally {
    await synthesis.remove();
  }
}
