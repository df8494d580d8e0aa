import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { platformNames } from "../../environments/names";
import type { Environment } from "../../environments/schema";
import { places } from "../../local/places";
import { recordedPorts, vaultPorts } from "../../local/platform";
import { Problem } from "../../local/problem";
import { ExitCode, defineCommand } from "../command";
import { projectEnvironments } from "../project";
import { type SessionProps, VaultSession } from "../vault-session";

export const command = defineCommand({
  summary: "runs one command with a short-lived login to Vault",
  usage: `<environment> [--port-forward] [--ca FILE] -- <command> [argument ...]

Logs in as Terraform does: with a token of ten minutes that kubectl requests for Terraform's ServiceAccount. The login
is in the environment of that command alone (VAULT_ADDR, VAULT_CACERT, VAULT_TOKEN), and is revoked when it ends.

  --port-forward  reach Vault through the cluster's API server   (default: at the environment's endpoint)
  --ca FILE       certificates that sign Vault's                 (default: the environment's, or VAULT_CACERT)

Exit code: that of the command; 1 when there was no login.`,
  options: { "port-forward": { type: "boolean" }, ca: { type: "string" } },
  async run({ values, positionals }) {
    const [name, program, ...args] = positionals;
    const environment = findEnvironment(name);
    if (program === undefined) {
      throw new Problem(`Got no command to run; write it after --, such as: connect ${name} -- vault status`);
    }
    const session = await VaultSession.open(sessionProps(environment, values));
    try {
      return await runWith(program, args, session.environment);
    } finally {
      await session.close();
    }
  },
});

export function findEnvironment(name: string | undefined): Environment {
  const environments = projectEnvironments();
  const environment = environments.find((it) => it.name === name);
  if (environment) return environment;
  const allowed = environments.map((it) => it.name).join(", ");
  throw new Problem(`The environment must be one of ${allowed}; got ${name ?? "none"}.`);
}

export function sessionProps(
  environment: Environment,
  { ca, "port-forward": forward }: { ca?: string; "port-forward"?: boolean },
): SessionProps {
  const local = environment.kubernetes.vault === "outside";
  const ports = local ? recordedPorts() : undefined;
  if (local && !ports) throw new Problem("The local platform is not up; npm run local starts it.");
  const endpoint = ports ? `https://127.0.0.1:${vaultPorts(ports)[0].api}` : environment.vault.endpoint;
  return {
    address: forward ? undefined : endpoint,
    namespace: platformNames(environment).namespace,
    caCertificates: caCertificates(
      environment,
      ca ?? (local ? places.caCertificate : process.env.VAULT_CACERT),
    ),
    env: local ? { ...process.env, KUBECONFIG: places.kubeconfig } : process.env,
  };
}

function caCertificates({ name, vault }: Environment, file?: string): string {
  if (file !== undefined) {
    if (!existsSync(file)) throw new Problem(`--ca or VAULT_CACERT must be a file, got ${file}`);
    return readFileSync(file, "utf8");
  }
  const known = vault.tls.caCertificates.join("\n");
  if (known) return known;
  throw new Problem(
    `The environment ${name} names no CA certificates, because its cluster makes them; give them by --ca FILE, ` +
      "such as what kubectl -n vault get configmap vault-ca -o jsonpath='{.data.ca\\.crt}' prints.",
  );
}

function runWith(program: string, args: string[], environment: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: "inherit", env: { ...process.env, ...environment } });
    child.once("error", ({ message }) => reject(new Problem(`${program} cannot be run: ${message}`)));
    child.once("exit", (code, signal) =>
      resolve(code ?? (signal ? 128 + constants.signals[signal] : ExitCode.FAILED)),
    );
  });
}
