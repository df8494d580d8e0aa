import { join } from "node:path";
import { stacks } from "./support/platform";
import { attempt, project } from "./support/shell";

test.each(stacks)("plans no changes of %s after the deploy", (stack) => {
  const plan = ["terraform", `-chdir=${join(project, "cdktf.out", "stacks", stack)}`, "plan"];
  const args = [...plan, "-detailed-exitcode", "-input=false", "-no-color", "-lock=false"];
  const { code, stdout, stderr } = stack.endsWith("-config")
    ? attempt("npm", [
        "run",
        "-s",
        "vault-platform",
        "--",
        "exec",
        "--env",
        "cluster",
        "--port-forward",
        "--",
        ...args,
      ])
    : attempt(args[0], args.slice(1));
  if (code !== 0) throw new Error(`terraform plan of ${stack} ended with ${code}:\n${stdout}\n${stderr}`);
});
