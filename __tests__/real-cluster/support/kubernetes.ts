import { attempt, eventually, run } from "./shell";

// Objects of the Kubernetes API, untyped.
type Json = any; // eslint-disable-line @typescript-eslint/no-explicit-any

/** Runs kubectl. @returns its stdout */
export function kubectl(...args: string[]): string {
  return run("kubectl", args);
}

/** Object of the API, or list of objects. */
export function get(namespace: string, ...args: string[]): Json {
  return JSON.parse(kubectl("-n", namespace, "get", ...args, "-o", "json"));
}

/** Returns true if the object exists. */
export function exists(namespace: string, ...args: string[]): boolean {
  return attempt("kubectl", ["-n", namespace, "get", ...args]).code === 0;
}

/** Runs a shell script in a container. @returns its stdout */
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

/** Pods of a namespace that match the label selector. */
export function pods(namespace: string, selector: string): Json[] {
  return get(namespace, "pods", "-l", selector).items;
}

/** Returns true if the pod is ready. */
export function isReady(pod: Json): boolean {
  const conditions: Json[] = pod.status.conditions ?? [];
  return conditions.some(({ type, status }) => type === "Ready" && status === "True");
}

/** Runs a CronJob now. @returns the logs of its pod by container, once it has completed */
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

/** Logs of all containers of a job's pods. */
export function logs(namespace: string, job: string): string {
  const args = ["-n", namespace, "logs", `job/${job}`, "--all-containers", "--prefix", "--tail=100"];
  const { stdout, stderr } = attempt("kubectl", args);
  return stdout + stderr;
}

/** Token of a ServiceAccount, with Vault as audience. */
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

/** Runs commands in a Vault server, with a ServiceAccount login that is revoked at the end. */
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

/** Runs commands in a Vault server as Terraform. */
export function asTerraform(script: string): string {
  const login = { mount: "terraform", role: "deploy", namespace: "vault", serviceAccount: "vault-terraform" };
  return withVault(login, script);
}
