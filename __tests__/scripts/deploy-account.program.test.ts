import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { Testing } from "cdktf";
import { AccountStack } from "../../stacks/account/account-stack";
import { describeWithPrograms, programPath, testWithPrograms } from "../support/needs";

// Starting programs takes time on a busy machine.
jest.setTimeout(60_000);

const script = resolve(__dirname, "../../templates/platform/scripts/deploy-account.sh");
const account = "111111111111";
const testWithBash = testWithPrograms("bash");

// Temporary project with stand-ins for npm and Terraform. The latter supports two backends: the local file in the
// override, and a bucket. The bucket is the folder `bucket`, which exists after the first apply.
let project: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "account-"));
  mkdirSync(join(project, "scripts"));
  cpSync(script, join(project, "scripts/deploy-account.sh"));
  file("cdktf.json", "{}");
  file(`cdktf.out/stacks/account-${account}/cdk.tf.json`, "{}");
  file("bin/npm", "#!/bin/sh\n");
  terraform({});
});
afterEach(() => rmSync(project, { recursive: true }));

const file = (path: string, text: string) => {
  mkdirSync(join(project, path, ".."), { recursive: true });
  writeFileSync(join(project, path), text, { mode: 0o755 });
};

/** Stand-in for Terraform that records its calls. Each of its steps can be made to fail. */
const terraform = ({ init = ":", apply = ":", migrate = ":" }) =>
  file(
    "bin/terraform",
    `#!/bin/sh
echo "$@" >>"${project}/calls"
bucket="${project}/bucket"
local=$(sed -n 's/.*"path":"\\([^"]*\\)".*/\\1/p' first_deploy_override.tf.json 2>/dev/null)
case "$*" in
  init*-migrate-state*) ${migrate}; cp "$(cat .backend)" "$bucket/state" ;;
  init*)
    ${init}
    if [ -z "$local" ] && [ ! -d "$bucket" ]; then echo "Error: S3 bucket x does not exist." >&2; exit 1; fi
    echo "$local" >.backend ;;
  apply*) mkdir -p "$bucket"; echo '{"lineage":"a"}' >"\${local:-$bucket/state}"; ${apply} ;;
  "state list") cat "\${local:-$bucket/state}" ;;
esac
`,
  );

const deploy = (...args: string[]) => {
  rmSync(join(project, "calls"), { force: true });
  const { status, stdout, stderr } = spawnSync(programPath("bash"), ["scripts/deploy-account.sh", ...args], {
    cwd: project,
    env: {
      ...process.env,
      PATH: [join(project, "bin"), dirname(process.execPath), "/usr/bin", "/bin"].join(":"),
    },
    encoding: "utf8",
  });
  const calls = existsSync(join(project, "calls")) ? readFileSync(join(project, "calls"), "utf8").trim() : "";
  return { status, stdout, stderr, calls: calls.split("\n") };
};

const localState = () => join(project, `terraform.account-${account}.tfstate`);
const override = () => join(project, `cdktf.out/stacks/account-${account}/first_deploy_override.tf.json`);

testWithBash.each([
  [[], 'got ""'],
  [["production"], 'got "production"'],
])("rejects %j as an account number, and calls nothing", (args, message) => {
  const { status, stderr, calls } = deploy(...args);
  expect(status).toBe(2);
  expect(stderr).toContain("AWS account number of 12 digits");
  expect(stderr).toContain(message);
  expect(calls).toEqual([""]);
});

testWithBash("rejects an account that no environment names", () => {
  const { status, stderr } = deploy("999999999999");
  expect(status).toBe(2);
  expect(stderr).toBe("no environment with shared state names the account 999999999999\n");
});

testWithBash(
  "deploys first with a local state, moves it into the bucket that it created, and leaves no file",
  () => {
    const { status, stdout, calls } = deploy(account, "-auto-approve");
    expect(stdout).toContain(`the state of account ${account} is now in its bucket`);
    expect(status).toBe(0);
    expect(calls).toEqual([
      "init -input=false -reconfigure -no-color",
      "init -input=false -reconfigure",
      "apply -auto-approve",
      "state list",
      "init -input=false -migrate-state -force-copy",
      "state list",
    ]);
    expect(existsSync(localState())).toBe(false);
    expect(existsSync(override())).toBe(false);
  },
);

describeWithPrograms("bash")("GitHub's OIDC provider", () => {
  const provider = `arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com`;
  const folder = () => join(project, `cdktf.out/stacks/account-${account}`);
  const adoption = () => join(folder(), "first_deploy_adoption.tf.json");
  /** Adoption file that Terraform finds next to the stack during apply. */
  const adopted = () => {
    terraform({ apply: "cp first_deploy_adoption.tf.json ../adopted 2>/dev/null || true" });
    const { status, stderr } = deploy(account);
    expect(status).toBe(0);
    const copy = join(folder(), "../adopted");
    return { stderr, text: existsSync(copy) ? readFileSync(copy, "utf8") : undefined };
  };

  test("imports an existing provider, and deletes the import afterwards", () => {
    file(
      "bin/aws",
      `#!/bin/sh\n[ "$*" = "--region us-east-1 iam get-open-id-connect-provider --open-id-connect-provider-arn ${provider}" ]\n`,
    );
    expect(JSON.parse(adopted().text!)).toEqual({
      import: [{ to: "aws_iam_openid_connect_provider.GithubOidc", id: provider }],
    });
    expect(existsSync(adoption())).toBe(false);
  });

  test("imports nothing if the account has no provider", () => {
    file("bin/aws", "#!/bin/sh\nexit 254\n");
    expect(adopted()).toEqual({ stderr: "", text: undefined });
  });

  test("skips the check without aws, with a message", () => {
    expect(adopted()).toEqual({
      stderr:
        "note: aws is not on PATH, so nobody looks whether the account has GitHub's OIDC provider already\n",
      text: undefined,
    });
  });

  test("has the imported address in the synthesized stack", () => {
    const app = Testing.app();
    const stack = new AccountStack(app, { account, region: "us-east-1" });
    expect(Object.keys(stack.toTerraform().resource.aws_iam_openid_connect_provider)).toEqual(["GithubOidc"]);
  });
});

testWithBash("deploys later with the state in the bucket", () => {
  deploy(account);
  const { status, stdout, calls } = deploy(account, "-auto-approve");
  expect(stdout).toContain("is in its bucket already");
  expect(status).toBe(0);
  expect(calls).toEqual(["init -input=false -reconfigure -no-color", "apply -auto-approve"]);
});

testWithBash.each([
  ["an apply that fails half-way", { apply: "exit 1" }],
  ["a move that fails", { migrate: "exit 1" }],
  ["a move that loses resources", { migrate: 'echo >"$bucket/state"; exit 0' }],
])("keeps the local state after %s, and continues with it in the next run", (_title, broken) => {
  terraform(broken);
  const failed = deploy(account);
  expect(failed.status).toBe(1);
  expect(existsSync(localState())).toBe(true);
  expect(existsSync(override())).toBe(false);
  terraform({});
  const next = deploy(account);
  expect(next.stdout).toContain(`taking up the first deploy of account ${account}`);
  // The bucket exists now, but its state would be empty.
  expect(next.calls[0]).toBe("init -input=false -reconfigure");
  expect(next.stdout).toContain("is now in its bucket");
  expect(next.status).toBe(0);
  expect(existsSync(localState())).toBe(false);
});

describeWithPrograms("bash")("a first deploy with a state that a kill damaged", () => {
  const whole = '{"lineage":"a"}';
  const stateFile = `terraform.account-${account}.tfstate`;

  test.each([
    ["", "is empty or not whole, as after a run that was killed"],
    [whole.slice(0, -1), "is empty or not whole, as after a run that was killed"],
    [undefined, "is missing, but not its backup"],
  ])("is rejected with the command that restores the backup: %j", (text, what) => {
    if (text !== undefined) file(stateFile, text);
    file(`${stateFile}.backup`, whole);
    const { status, stderr, calls } = deploy(account);
    expect(status).toBe(1);
    expect(stderr.split("\n")).toEqual([
      `The state of account ${account} ${what}: ${localState()}`,
      "Nothing was planned or changed.",
      "The backup has the state from before the last run. Put it back and run this again:",
      `  cp ${localState()}.backup ${localState()}`,
      "It does not name what the last run created. Import that or delete it.",
      "",
    ]);
    expect(calls).toEqual([""]);

    spawnSync("sh", ["-c", stderr.split("\n")[3]]);
    const next = deploy(account);
    expect(next.stdout).toContain(`taking up the first deploy of account ${account}`);
    expect(next.status).toBe(0);
  });

  test("is rejected without a backup too, and calls nothing", () => {
    file(stateFile, "");
    const { status, stderr, calls } = deploy(account);
    expect(status).toBe(1);
    expect(stderr).toContain("There is no backup. The killed run may have created the key, the state bucket");
    expect(stderr).toContain(`  rm -f ${localState()} ${localState()}.backup\n`);
    expect(calls).toEqual([""]);
  });
});

testWithBash("names the local state when it did not arrive in the bucket", () => {
  terraform({ migrate: "exit 1" });
  expect(deploy(account).stderr).toContain(`did not arrive in its bucket; it is still in ${localState()}`);
});

testWithBash("prints the reason when init fails for another reason", () => {
  terraform({ init: "echo 'Error: no valid credential sources' >&2; exit 1" });
  const { status, stderr, calls } = deploy(account);
  expect(status).toBe(1);
  expect(stderr).toBe("Error: no valid credential sources\n");
  expect(calls).toHaveLength(1);
});
