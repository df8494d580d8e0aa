import { attempt, eventually, run } from "./shell";

// The API's objects, as they come.
type Json = any; // eslint-disable-line @typescript-eslint/no-explicit-any

/** What kubectl prints. */
export function kubectl(...args: string[]): string {
  return run("kubectl", args);
}

/** An object of the API, or a list of them. */
export function get(namespace: string, ...args: string[]): Json {
  return JSON.parse(kubectl("-n", namespace, "get", ...args, "-o", "json"));
}

export function exists(namespace: string, ...args: string[]): boolean {
  return attempt("kubectl", ["-n", namespace, "get", ...args]).code === 0;
}

/** What a shell in a container prints. */
export function inContainer(
  namespace: string,
  pod: string,
  container: string,
  script: string,
  input = "",
): string {
  return run(
    "kubectl",
    ["-n", namespace, "exec", "-i", pod, "-c", container, "--", "sh", "-c", script],
    input,
  );
}

/** The pods of a namespace that have these labels. */
export function pods(namespace: string, selector: string): Json[] {
  return get(namespace, "pods", "-l", selector).items;
}

export function isReady(pod: Json): boolean {
  const conditions: Json[] = pod.status.conditions ?? [];
  return conditions.some(({ type, status }) => type === "Ready" && status === "True");
}

/** Runs a CronJob now. @returns the logs of its pod, step by step, when it has completed */
export async function runNow(namespace: string, cronJob: string, seconds: number): Promise<string> {
  const job = `${cronJob}-${Date.now()}`;
  kubectl("-n", namespace, "create", "job", `--from=cronjob/${cronJob}`, job);
  const failure = await eventually(seconds, () => {
    const { status } = get(namespace, "job", job);
    const failed = (status.conditions ?? []).find(({ type }: Json) => type === "Failed");
    if (failed) return failed.message as string;
    if (status.succeeded !== 1) throw new Error(`${job} has not completed\n${logs(namespace, job)}`);
    return undefined;
  });
  if (failure !== undefined) throw new Error(`${job}: ${failure}\n${logs(namespace, job)}`);
  return logs(namespace, job);
}

/** What all containers of a job's pods have said. */
export function logs(namespace: string, job: string): string {
  const args = ["-n", namespace, "logs", `job/${job}`, "--all-containers", "--prefix", "--tail=100"];
  const { stdout, stderr } = attempt("kubectl", args);
  return stdout + stderr;
}

/** A token of a ServiceAccount that is made for Vault. */
export function tokenFor(namespace: string, serviceAccount: string): string {
  return kubectl(
    "-n",
    namespace,
    "create",
    "token",
    serviceAccount,
    "--audience=vault",
    "--duration=10m",
  ).trim();
}

/** Runs commands in a server of Vault with a login of a ServiceAccount that ends with them. */
export function withVault(
  login: { mount: string; role: string; namespace: string; serviceAccount: string },
  script: string,
): string {
  const { mount, role, namespace, serviceAccount } = login;
  const whole = [
    `VAULT_TOKEN=$(vault write -field=token auth/${mount}/login role=${role} jwt=-)`,
    "export VAULT_TOKEN",
    script,
    "code=$?",
    "vault token revoke -self >/dev/null",
    "exit $code",
  ].join("\n");
  return inContainer("vault", "vault-0", "vault", whole, tokenFor(namespace, serviceAccount));
}

/** Runs commands in a server of Vault as Terraform. */
export function asTerraform(script: string): string {
  const login = { mount: "terraform", role: "deploy", namespace: "vault", serviceAccount: "vault-terraform" };
  return withVault(login, script);
}
