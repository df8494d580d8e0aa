import { stacks } from "./support/platform";
import { run } from "./support/shell";

/** Runs the real cdktf after the documented line, and removes colours from its output. */
function cdktf(...args: string[]): string {
  const line = ["run", "--silent", "vault-platform", "--", "env", "--env", "cluster", "--port-forward", "--"];
  return run("npm", [...line, "npx", "cdktf", ...args, "--skip-provider-lock"]).replace(
    /\u001b\[[\d;]*[A-Za-z]/g,
    "",
  );
}

jest.setTimeout(300_000);

test.each(stacks)("shows no changes in cdktf diff %s after a deploy", (stack) => {
  expect(cdktf("diff", stack)).toContain("No changes.");
});

test("deploys every stack in order in one cdktf process, and changes nothing", () => {
  const output = cdktf("deploy", "cluster-*", "--auto-approve");
  // Terraform's message is between the stack's name and the end, where cdktf does not repeat the name.
  const done = [...output.matchAll(/(cluster-\w+)\s+No changes\./g)];
  expect(done.map(([, stack]) => stack)).toEqual(stacks);
  expect(output.match(/Resources: 0 added, 0 changed, 0 destroyed/g)).toHaveLength(stacks.length);
});
