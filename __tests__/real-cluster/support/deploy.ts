import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { kubectl, withVault } from "./kubernetes";
import { attempt, project, run, show } from "./shell";

/** File with the environment variables that the tests need for the cluster. */
export const environmentFile = join(project, ".cluster", "test-environment.json");

/**
 * Creates a cluster if there is none, and deploys the four stacks. The commands are those of the README's "Your first
 * real cluster".
 */
export default async function deploy(): Promise<void> {
  const own = process.env.KUBECONFIG === undefined || process.env.CLUSTER_SETTINGS === undefined;
  if (own) {
    await show("npm", ["run", "--silent", "node"]);
    for (const line of run("npm", ["run", "--silent", "node", "--", "--env"]).split("\n")) {
      const [, name, value] = /^export (\w+)='(.*)'$/.exec(line) ?? [];
      if (name) process.env[name] = value;
    }
  }
  mkdirSync(join(environmentFile, ".."), { recursive: true });
  const kept = Object.entries(process.env).filter(([name]) =>
    /^(KUBE|CLUSTER_|AWS_|TF_|(CHARTS|PATH)$)/.test(name),
  );
  writeFileSync(environmentFile, JSON.stringify(Object.fromEntries(kept)), { mode: 0o600 });
  console.log(
    attempt("npm", ["run", "--silent", "vault-platform", "--", "doctor", "--env", "cluster"]).stdout,
  );
  const command = ["run", "--silent", "vault-platform", "--", "deploy", "--env", "cluster"];
  const stacks = (...args: string[]) =>
    show("npm", [...command, "--auto-approve", "--skip-provider-lock", ...args]);
  await Promise.all([
    stacks("cluster-foundation", "cluster-cluster"),
    own ? show("npm", ["run", "--silent", "cluster", "--", "seed"]) : undefined,
  ]);
  await stacks("cluster-config", "--port-forward");
  writeServiceSecret();
  await stacks("cluster-workloads");
}

/** Writes the secret that the service's pods wait for. Terraform may not read it, so a secret writer does this. */
function writeServiceSecret(): void {
  const writer = "secret-writer";
  if (attempt("kubectl", ["-n", "vault", "get", "serviceaccount", writer]).code !== 0) {
    kubectl("-n", "vault", "create", "serviceaccount", writer);
  }
  withVault(
    { mount: "kubernetes", role: writer, namespace: "vault", serviceAccount: writer },
    "vault kv put -mount=secret payment-service/config stripe_api_key=from-the-test webhook_secret=from-the-test-too",
  );
}
