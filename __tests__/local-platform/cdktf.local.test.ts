import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { places } from "../../local/places";
import { DEPLOYED, testWithState } from "./terraform";

const LINE = 'eval "$(npm run --silent vault-platform -- env --env local)"';
const cdktf = join(places.root, "node_modules", ".bin", "cdktf");

/** Runs the real cdktf in a user's shell, after the documented line or another one. */
function shell(command: string, line = LINE) {
  const { status, stdout, stderr } = spawnSync(
    "sh",
    ["-ec", `${line}\n"${cdktf}" ${command} --skip-provider-lock`],
    {
      cwd: places.root,
      env: { ...process.env, CI: "1", NO_COLOR: "1", FORCE_COLOR: "0" },
      encoding: "utf8",
    },
  );
  // cdktf wraps and colours the output of Terraform.
  const output = `${stdout}${stderr}`.replace(/\u001b\[[0-9;]*m/g, "");
  return { status, output, words: output.replace(/[│\s]+/g, " ") };
}

jest.setTimeout(300_000);

for (const stack of DEPLOYED) {
  testWithState(stack)(`shows no changes in cdktf diff ${stack} after a deploy`, () => {
    const { status, output } = shell(`diff ${stack}`);
    expect(output).toContain("No changes.");
    expect(status).toBe(0);
  });

  testWithState(stack)(
    `refuses to plan ${stack} with cdktf without the environment, and names the missing line`,
    () => {
      const { status, output, words } = shell(
        `diff ${stack}`,
        `export TF_CLI_CONFIG_FILE=${join(places.run, "terraform.rc")} KUBE_CONFIG_PATH=${places.kubeconfig}`,
      );
      expect(words).toContain(`Run this first: ${LINE}`);
      expect(output).not.toMatch(/Plan: \d/);
      expect(status).not.toBe(0);
    },
  );
}

testWithState("local-config")(
  "deploys every stack of local in order in one cdktf process, and changes nothing",
  () => {
    const { status, output } = shell("deploy 'local-*' --auto-approve");
    expect(output.match(/No changes\./g)).toHaveLength(2);
    expect(output.match(/Resources: 0 added, 0 changed, 0 destroyed/g)).toHaveLength(2);
    // Stacks are initialised together; the second stack is refreshed after the first is applied.
    const configBegins = output.search(/local-config .*Refreshing state/);
    expect(output.indexOf("0 destroyed")).toBeLessThan(configBegins);
    expect(status).toBe(0);
  },
);
