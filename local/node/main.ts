// Before anything else reads it: the node's files are not those of the local platform.
process.env.PLATFORM_FOLDER ??= ".cluster";

import { parseArgs } from "node:util";
import { runToExit } from "../../cli/terminal";

const HELP = `npm run node [-- option]

Makes this machine a real Kubernetes cluster of one node: containerd, etcd, the API server, controllers, scheduler,
kubelet, kube-proxy, DNS and volumes; AWS's emulator and PostgreSQL beside it. Needs Linux and root.

  --fresh   delete the node that is there, with all that runs on it, and make a new one
  --status  say how each part of the node does
  --owner   do what the cluster's owner does while the cluster layer is deployed: hand over the CA and the database
  --env     print the variables by which kubectl, Terraform and the project's own commands work on it
  --down    delete it, with everything that runs on it; only the cache stays
  --help    this text

Exit codes: 0 done, 1 failed or not well, 2 wrong options.`;

const COMMANDS = ["down", "fresh", "status", "owner", "env", "help"] as const;

async function main(args: readonly string[]): Promise<number> {
  let values;
  try {
    const flag = { type: "boolean" } as const;
    ({ values } = parseArgs({
      args: [...args],
      options: { status: flag, down: flag, fresh: flag, owner: flag, env: flag, help: flag },
    }));
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${HELP}`);
    return 2;
  }
  const [command, other] = COMMANDS.filter((it) => values[it]);
  if (other) {
    console.error(`--${command} and --${other} exclude each other\n\n${HELP}`);
    return 2;
  }
  if (command === "help") {
    console.log(HELP);
    return 0;
  }
  const { alone, explain } = await import("../main.js");
  try {
    switch (command) {
      case "status":
        return await (await import("../status.js")).status();
      case "owner":
        await (await import("./hand-over.js")).handOver(console.log);
        return 0;
      case "env":
        for (const [name, value] of Object.entries((await import("./settings.js")).nodeEnvironment())) {
          console.log(`export ${name}='${value}'`);
        }
        return 0;
      case "down":
        return await alone(async () => {
          await (await import("./down.js")).down();
          console.log("The node is gone.");
          return 0;
        });
      default:
        return await alone(async () => {
          if (command === "fresh") await (await import("./down.js")).down();
          await (await import("./up.js")).up();
          return 0;
        });
    }
  } catch (error) {
    console.error(explain(error));
    return 1;
  }
}

runToExit(() => main(process.argv.slice(2)));
