// Set before any other module reads it: the cluster and the local platform use separate folders.
process.env.PLATFORM_FOLDER ??= ".cluster";

import { type CommandGroup, defineCommand } from "../../cli/command";
import { runToExit } from "../../cli/terminal";

const CALL = "npm run cluster";
const CODES = { "0": "done", "1": "failed", "2": "called wrongly" };

const up = defineCommand({
  summary: "Makes this machine a real Kubernetes cluster of one node",
  about: `Starts containerd, etcd, the API server, controllers, scheduler, kubelet, kube-proxy, DNS and volumes, with an emulator of AWS and PostgreSQL beside them.`,
  options: {
    fresh: {
      type: "boolean",
      help: "Delete the cluster with everything that runs on it, and make a new one.",
    },
  },
  examples: [CALL, `${CALL} -- --fresh`],
  exitCodes: CODES,
  async run({ values: { fresh } }) {
    const { alone } = await import("../main.js");
    return alone(async () => {
      if (fresh) await (await import("./down.js")).down();
      await (await import("./up.js")).up();
      return 0;
    });
  },
});

const status = defineCommand({
  summary: "Shows the state of each part of the cluster",
  options: {},
  examples: [`${CALL} -- status`],
  exitCodes: {
    "0": "every part is healthy",
    "1": "a part is not healthy, or nothing runs",
    "2": "called wrongly",
  },
  run: async () => (await import("../status.js")).status(),
});

const seed = defineCommand({
  summary:
    "Creates what the stacks expect from the owner of a cluster: the CA, credentials, the database's Service",
  about: "Run it while the cluster layer is deployed: it waits for the namespaces, ten minutes at most.",
  options: {},
  examples: [`${CALL} -- seed &`],
  exitCodes: CODES,
  async run() {
    await (await import("./seed.js")).seed(console.log);
    return 0;
  },
});

const env = defineCommand({
  summary: "Prints the variables with which kubectl, Terraform and the project's commands use the cluster",
  options: {},
  examples: [`eval "$(npm run --silent cluster -- env)"`],
  exitCodes: CODES,
  async run() {
    for (const [name, value] of Object.entries((await import("./settings.js")).nodeEnvironment())) {
      console.log(`export ${name}='${value}'`);
    }
    return 0;
  },
});

const down = defineCommand({
  summary: "Deletes the cluster with everything that runs on it",
  about: "Only the cache remains.",
  options: {},
  examples: [`${CALL} -- down`],
  exitCodes: CODES,
  async run() {
    const { alone } = await import("../main.js");
    return alone(async () => {
      await (await import("./down.js")).down();
      console.log("The cluster is gone.");
      return 0;
    });
  },
});

const cluster: CommandGroup = {
  summary: "Runs a real Kubernetes cluster of one node on this machine",
  about: "Requires Linux and root.",
  fallback: "up",
  subcommands: { up, status, seed, env, down },
};

runToExit(async () => (await import("../main.js")).runScript(cluster, `${CALL} --`, process.argv.slice(2)));
