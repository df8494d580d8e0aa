import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { definitions } from "../environments";
import { loadEnvironments } from "../platform/load";
import { awsPrograms, provideAwsPrograms } from "../local/emulator";
import { places } from "../local/places";
import { freePort } from "../local/ports";
import { UserError } from "../constructs/core/user-error";
import { run } from "../cli/processes";
import { findMirroredProviders, ownCliConfig, renderCliConfig } from "../local/provider-mirrors";
import { terraformEnvironment } from "../local/terraform";

/**
 * Rehearses an account's first deploy against an emulator. The account already has GitHub's OIDC provider, which is
 * imported. The state is created locally and moves into the bucket. A second deploy finds it there and changes nothing.
 * This works on a copy, so that it does not affect a real first deploy that is in progress.
 */
async function main(): Promise<void> {
  const account = loadEnvironments(definitions).find(({ state }) => state === "s3")?.aws.account;
  if (!account)
    throw new UserError("no environment keeps its state in a bucket: there is nothing to rehearse");
  const folder = mkdtempSync(join(tmpdir(), "account-"));
  let emulator: ChildProcess | undefined;
  try {
    const port = await freePort();
    await provideAwsPrograms(console.log);
    emulator = spawn(
      join(awsPrograms, "python"),
      [join(places.root, "local/aws-emulator.py"), "-H", "127.0.0.1", "-p", String(port)],
      {
        env: { ...process.env, MOTO_ACCOUNT_ID: account },
        stdio: "ignore",
      },
    );
    const endpoint = `http://127.0.0.1:${port}`;
    await untilItAnswers(endpoint, emulator);
    const project = join(folder, "project");
    await copyProject(project);
    const env = terraformEnvironment(process.env, { cliConfig: cliConfig(folder), endpoint });
    env.PATH = [awsPrograms, env.PATH].join(delimiter);
    await makeGithubProvider(env);
    const deploy = deployer(project, account, env);
    await deploy("first", [
      "Apply complete! Resources: 1 imported,",
      `the state of account ${account} is now in its bucket`,
    ]);
    await deploy("second", [`the state of account ${account} is in its bucket already`, "No changes."]);
    if (existsSync(join(project, `terraform.account-${account}.tfstate`))) {
      throw new UserError("the first deploy left its local state behind");
    }
    console.log(`account ${account}: deployed, state moved into its bucket, second deploy changed nothing`);
  } finally {
    emulator?.kill();
    rmSync(folder, { recursive: true });
  }
}

async function makeGithubProvider(env: NodeJS.ProcessEnv): Promise<void> {
  const url = [
    "--url",
    "https://token.actions.githubusercontent.com",
    "--client-id-list",
    "sts.amazonaws.com",
  ];
  const { code, stderr } = await run(
    "aws",
    ["--region=us-east-1", "iam", "create-open-id-connect-provider", ...url],
    { env },
  );
  if (code !== 0) throw new UserError(`GitHub's OIDC provider could not be made in the emulator:\n${stderr}`);
}

function deployer(cwd: string, account: string, env: NodeJS.ProcessEnv) {
  return async (which: string, expected: string[]) => {
    console.log(`account ${account}: ${which} deploy`);
    const script = ["templates/platform/scripts/deploy-account.sh", account, "-auto-approve", "-no-color"];
    const { code, stdout, stderr } = await run("bash", script, { cwd, env });
    const missing = expected.filter((text) => !stdout.includes(text));
    if (code === 0 && missing.length === 0) return;
    const reason = code === 0 ? `did not say "${missing.join('", "')}"` : `ended with ${code}`;
    throw new UserError(`the ${which} deploy ${reason}:\n${stdout}${stderr}`);
  };
}

function cliConfig(folder: string): string {
  const own = ownCliConfig(process.env);
  if (own) return own;
  const file = join(folder, "terraform.rc");
  const mirrors = findMirroredProviders({ env: process.env, project: places.root, addOns: "/opt" });
  writeFileSync(file, renderCliConfig(mirrors));
  return file;
}

async function copyProject(target: string): Promise<void> {
  const { code, stdout, stderr } = await run("git", ["ls-files", "-z"], { cwd: places.root });
  if (code !== 0) throw new UserError(`git could not list the project's files:\n${stderr}`);
  mkdirSync(target);
  for (const file of stdout.split("\0").filter((name) => name && existsSync(join(places.root, name)))) {
    cpSync(join(places.root, file), join(target, file));
  }
  symlinkSync(join(places.root, "node_modules"), join(target, "node_modules"));
}

async function untilItAnswers(endpoint: string, emulator: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 150 && emulator.exitCode === null; attempt++) {
    const answered = await fetch(`${endpoint}/moto-api/`).catch(() => undefined);
    if (answered?.ok) return;
    await sleep(200);
  }
  throw new UserError("the AWS emulator did not start");
}

main().catch((error) => {
  console.error(error instanceof UserError ? error.message : error);
  process.exitCode = 1;
});
