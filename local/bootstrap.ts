import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { bootstrapNames } from "../constructs/jobs/bootstrap-names";
import { bootstrapPolicy, deployPolicy } from "../constructs/jobs/bootstrap-policies";
import { caFile } from "./certificates";
import { makeClusterObjects } from "./cluster-objects";
import { awsIdentity, awsPrograms } from "./emulator";
import { KubernetesApi } from "./kubernetes";
import { places } from "./places";
import { type Ports, emulatorUrl, environment, kubernetesUrl, names, vaultPorts } from "./platform";
import { UserError } from "../constructs/core/user-error";
import { run } from "../cli/processes";
import { partsWithHealth } from "./supervision";
import { auditFolder, vaultAddress } from "./vault-servers";
import { writeWhole } from "./write-whole";

type Say = (text: string) => void;

const scripts = join(places.root, "constructs", "jobs", "scripts");
/** Steps of the Job. In the cluster each one runs in a separate container. */
const STEPS = ["bootstrap-check", "bootstrap-init", "bootstrap-store", "bootstrap-configure"];
/** The step that logs in and verifies the configuration. The others call the emulator, which takes seconds. */
const VERIFYING = STEPS.slice(-1);
/** Record of the emulator and the recovery shares for which all steps were done. */
const done = join(places.run, "bootstrap.json");
/** Timeout in seconds for all steps together. */
const SECONDS = 180;

/**
 * Initialises Vault with the scripts that the cluster uses. A later run only verifies the result.
 * @throws UserError with the output of the failed step
 */
export async function bootstrapVault(vaultProgram: string, ports: Ports, say: Say): Promise<void> {
  const api = new KubernetesApi(kubernetesUrl(ports));
  await makeClusterObjects(api);
  // This folder contains keys between two steps. An interrupted bootstrap finds them again.
  const work = join(places.run, "bootstrap");
  mkdirSync(work, { recursive: true, mode: 0o700 });
  const jwt = join(work, "service-account.jwt");
  const token = { audience: bootstrapNames.audience, seconds: 600 };
  writeFileSync(jwt, await api.serviceAccountToken(names.namespace, names.serviceAccounts.bootstrap, token), {
    mode: 0o600,
  });
  writeFileSync(join(work, "deploy-policy.hcl"), deployPolicy());
  writeFileSync(join(work, "bootstrap-policy.hcl"), bootstrapPolicy());
  const servers = vaultPorts(ports).map(vaultAddress);
  const shares = environment.aws.recoveryCustodians.map((_, index) => names.recoverySecret(index + 1));
  const env = {
    ...awsIdentity,
    PATH: [dirname(vaultProgram), awsPrograms, process.env.PATH].join(delimiter),
    HOME: work,
    AWS_ENDPOINT_URL: emulatorUrl(ports),
    AWS_DEFAULT_REGION: environment.aws.region,
    WORK_DIR: work,
    POLICIES_DIR: work,
    VAULT_ADDR: servers[0],
    VAULT_SERVERS: servers.join(" "),
    VAULT_CACERT: caFile,
    RECOVERY_SECRETS: shares.join(" "),
    WIPE_COMMAND: "npm run local -- --fresh",
    NAMESPACE: names.namespace,
    DEPLOY_SERVICE_ACCOUNT: bootstrapNames.deployServiceAccount,
    BOOTSTRAP_SERVICE_ACCOUNT: names.serviceAccounts.bootstrap,
    SERVICE_ACCOUNT_TOKEN: jwt,
    AUDIT_FILE: join(auditFolder, `${bootstrapNames.auditPath}.log`),
    KUBERNETES_HOST: kubernetesUrl(ports),
    KUBERNETES_CA_CERT: caFile,
    TIMEOUT_SECONDS: String(SECONDS),
    POLL_SECONDS: "1",
  };
  const parts = (await partsWithHealth()) ?? [];
  const emulator = parts.find(({ name }) => name === "aws-emulator");
  // The emulator keeps the shares in memory.
  const inputs = JSON.stringify({ shares, pid: emulator?.pid, since: emulator?.since });
  const serves = parts.some(({ name, health }) => name.startsWith("vault-") && health.isHealthy);
  const wasDone = serves && existsSync(done) && readFileSync(done, "utf8") === inputs;
  if (wasDone) say("bootstrap: Vault was initialised before, and the recovery shares are stored");
  for (const step of wasDone ? VERIFYING : STEPS) {
    const { code, stderr } = await run("sh", [join(scripts, `${step}.sh`)], {
      env,
      endWhole: true,
      onLine: (line) => say(`bootstrap: ${line}`),
    });
    if (code !== 0)
      throw new UserError(`Vault could not be bootstrapped, ${step}.sh failed:\n${stderr.trim()}`);
  }
  rmSync(work, { recursive: true, force: true });
  writeWhole(done, inputs);
}
