import { randomUUID } from "node:crypto";
import { chmodSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { kubernetesUrl, names } from "../../local/platform";
import { caFile } from "../../local/certificates";
import { run } from "../../cli/processes";
import { describeWithPrograms, programPath } from "../support/needs";
import { Custodian } from "./custodians";
import { Job, type JobRun, aws, programsPath } from "./jobs";
import { OwnVault } from "./own-vault";
import { Runbook } from "./runbook";
import { eventually, ports } from "./support";

/** Commands that change state, in the order of a bootstrap: init, five shares, then the configuration. */
const CHANGES = [
  "operator init ",
  "secretsmanager put-secret-value ",
  "audit enable ",
  "policy write ",
  "auth enable ",
  "write auth/terraform/config ",
  "write auth/terraform/role/",
  "write -field=token auth/terraform/login ",
  "token revoke ",
];
const SHARES = [1, 2, 3, 4, 5];
/** Name prefix of one test's secrets; leftovers of an interrupted run do not conflict with it. */
let prefix: string;
const secret = (share: number) => `${prefix}/recovery-key-${share}`;

// Key generation and two complete bootstraps take time on a busy machine.
jest.setTimeout(300_000);

const breakGlass = new Runbook("../break-glass");

let vault: OwnVault;
let job: Job;
let custodians: readonly Custodian[] = [];

describeWithPrograms("gpg", "pgrep")("the bootstrap with PGP keys", () => {
  beforeAll(async () => {
    vault = await OwnVault.start({ keyId: names.unsealKeyAlias });
    custodians = SHARES.map((share) => new Custodian(share));
  });
  afterAll(async () => {
    custodians.forEach((custodian) => custodian.leave());
    await vault?.stop();
  });

  beforeEach(async () => {
    prefix = `interrupted-${randomUUID()}`;
    for (const share of SHARES) await aws("secretsmanager", "create-secret", "--name", secret(share));
    job = await Job.prepare("vault-bootstrap");
    for (const { share, publicKey } of custodians) {
      writeFileSync(job.path("scripts", `share-${share}.asc`), publicKey);
    }
    await wrapPrograms();
  });
  afterEach(async () => {
    job?.remove();
    for (const share of SHARES) {
      await aws(
        "secretsmanager",
        "delete-secret",
        "--secret-id",
        secret(share),
        "--force-delete-without-recovery",
      );
    }
    await vault.wipe();
  });

  /**
   * Wraps the programs that the scripts call. The script is killed after the change whose number is in the file `kill`.
   */
  async function wrapPrograms(): Promise<void> {
    const path = (await programsPath()).split(delimiter);
    for (const name of ["vault", "aws"]) {
      const program = path.map((folder) => join(folder, name)).find(existsSync);
      const cases = CHANGES.map((change) => `"${change}"*`).join(" | ");
      writeFileSync(
        job.path("bin", name),
        `#!/bin/sh
"${program}" "$@"
code=$?
case "$* " in
  ${cases})
    echo "$*" >>"${job.path("changes")}"
    [ "$(wc -l <"${job.path("changes")}")" -ne "$(cat "${job.path("kill")}")" ] || kill -9 $PPID
    ;;
esac
exit $code
`,
      );
      chmodSync(job.path("bin", name), 0o755);
    }
  }

  const VARIABLES = () => ({
    VAULT_ADDR: vault.addresses[0],
    VAULT_SERVERS: vault.addresses.join(" "),
    RECOVERY_SECRETS: SHARES.map(secret).join(" "),
    RECOVERY_PGP_KEYS: SHARES.map((share) => job.path("scripts", `share-${share}.asc`)).join(","),
    AUDIT_FILE: vault.auditFile,
    KUBERNETES_HOST: kubernetesUrl(ports),
    KUBERNETES_CA_CERT: caFile,
    TIMEOUT_SECONDS: "60",
  });

  async function bootstrap(killAfter = 0): Promise<JobRun> {
    writeFileSync(job.path("kill"), String(killAfter));
    writeFileSync(job.path("changes"), "");
    return job.run(VARIABLES());
  }

  /** Runs `bootstrap`; custodians create a root token when the script requests one. */
  async function bootstrapWithCustodians(): Promise<JobRun & { readonly asked: boolean }> {
    const running = bootstrap();
    let ended = false;
    void running.then(() => (ended = true));
    let asked = false;
    await eventually("the bootstrap ends", 90, async () => {
      if (ended) return true;
      const error = job.path("work", "last-error");
      if (!asked && existsSync(error) && /permission denied|\* /.test(readFileSync(error, "utf8"))) {
        const waits =
          (await run(programPath("pgrep"), ["-f", `${job.path("scripts")}/bootstrap-configure.sh`])).code ===
          0;
        if (waits) {
          asked = true;
          await handOverRoot();
        }
      }
      return ended;
    });
    return { ...(await running), asked };
  }

  /** Follows the break-glass page: three custodians read their shares from the containers and create a root token. */
  async function handOverRoot(): Promise<void> {
    const [first, , third, , fifth] = custodians;
    const [at] = vault.addresses;
    const shown = await first.run(breakGlass.command("vault operator generate-root -init"), at);
    const [, NONCE] = /^Nonce +(\S+)$/m.exec(shown)!;
    const [, OTP] = /^OTP +(\S+)$/m.exec(shown)!;
    let last = "";
    for (const custodian of [first, third, fifth]) {
      const CONTAINER = secret(custodian.share);
      const enter = breakGlass.command("aws secretsmanager get-secret-value", { CONTAINER, NONCE });
      last = await custodian.run(enter, at);
    }
    const [, ENCODED] = /^Encoded Token +(\S+)$/m.exec(last)!;
    const decode = breakGlass.command("echo ENCODED", { ENCODED, OTP }).split(" | ").slice(0, 2).join(" | ");
    const accept = job.path("scripts", "bootstrap-accept-root.sh");
    await first.run(`${decode} | WORK_DIR="${job.path("work")}" sh "${accept}"`, at);
  }

  async function expectBootstrapped(): Promise<void> {
    const { cluster_id: cluster } = await vault.done("GET", "sys/health");
    for (const share of SHARES) {
      const { VersionIdsToStages: versions } = JSON.parse(
        await aws("secretsmanager", "describe-secret", "--secret-id", secret(share)),
      );
      expect(Object.keys(versions)).toContain(`${cluster}-share-${share}`);
    }
    const left = readdirSync(job.path("work"), { recursive: true, encoding: "utf8" });
    expect(left.filter((file) => /share-|init\.json|root\/\.vault-token/.test(file))).toEqual([]);
    const again = await bootstrap();
    expect(again).toEqual({ code: 0, output: expect.stringContaining("Nothing holds root") });
    expect(readFileSync(job.path("changes"), "utf8").trim().split("\n")).toEqual([
      expect.stringMatching(/^write -field=token auth\/terraform\/login /),
      "token revoke -self",
    ]);
  }

  test("stores each share for its custodian only; three create root by the break-glass page", async () => {
    expect((await bootstrap()).code).toBe(0);
    const [first, second, third, , fifth] = custodians;
    const [at] = vault.addresses;
    const fetch = (share: number) =>
      `aws secretsmanager get-secret-value --secret-id ${secret(share)} --query SecretString --output text`;
    for (const custodian of custodians) {
      const { status, stdout } = await custodian.try(
        `${fetch(custodian.share)} | base64 -d | gpg --quiet --decrypt`,
        at,
      );
      expect({ status, isKey: /^[0-9a-f]{66}$/.test(stdout) }).toEqual({ status: 0, isKey: true });
    }
    const foreign = await second.try(`${fetch(1)} | base64 -d | gpg --quiet --decrypt`, at);
    expect(foreign).toMatchObject({ status: 2, stdout: "" });
    // Vault rejects a stored share until it is decrypted.
    const shown = await first.run(breakGlass.command("vault operator generate-root -init"), at);
    const [, NONCE] = /^Nonce +(\S+)$/m.exec(shown)!;
    const [, OTP] = /^OTP +(\S+)$/m.exec(shown)!;
    const encrypted = await first.try(`${fetch(1)} | vault operator generate-root -nonce=${NONCE} -`, at);
    expect(encrypted.status).not.toBe(0);

    let last = "";
    for (const custodian of [first, third, fifth]) {
      const CONTAINER = secret(custodian.share);
      last = await custodian.run(
        breakGlass.command("aws secretsmanager get-secret-value", { CONTAINER, NONCE }),
        at,
      );
    }
    const [, ENCODED] = /^Encoded Token +(\S+)$/m.exec(last)!;
    await first.run(breakGlass.command("echo ENCODED", { ENCODED, OTP }), at);
    expect(await first.run("vault token lookup", at)).toMatch(/policies +\[root\]/);
    await first.run(breakGlass.command("vault token revoke -self"), at);
    const { status, stderr } = await first.try(breakGlass.command("vault token lookup"), at);
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining("Code: 403") });
  });

  // The unit tests of the scripts cover every change with stand-ins; these cases use a real Vault.
  test.each([4, 12])("completes in a second run in its pod if killed after change %i", async (change) => {
    expect((await bootstrap(change)).code).not.toBe(0);
    expect(await bootstrap()).toEqual({ code: 0, output: expect.stringContaining("Nothing holds root") });
    await expectBootstrapped();
  });

  test("reports lost keys and the wipe command if killed with its pod while shares were stored", async () => {
    expect((await bootstrap(4)).code).not.toBe(0);
    rmSync(job.path("work"), { recursive: true });
    const { code, output } = await bootstrap();
    expect({ code, output }).toEqual({
      code: 64,
      output: expect.stringContaining("kubectl -n vault scale statefulset vault --replicas=0"),
    });
    expect(output).toContain("stored: 1 2 3)");
  });

  test("continues with the custodians' root token if killed with its pod before the roles exist", async () => {
    expect((await bootstrap(8)).code).not.toBe(0);
    rmSync(job.path("work"), { recursive: true });
    const { code, output, asked } = await bootstrapWithCustodians();
    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining("Nothing holds root") });
    expect(output).toContain("ROOT NEEDED");
    expect(asked).toBe(true);
    await expectBootstrapped();
  });

  test("finds and revokes root by itself if killed with its pod before that", async () => {
    expect((await bootstrap(14)).code).not.toBe(0);
    rmSync(job.path("work"), { recursive: true });
    const { code, output } = await bootstrap();
    expect({ code, output }).toEqual({
      code: 0,
      output: expect.stringContaining("Revoked a root token that was left behind"),
    });
    expect(output).not.toContain("ROOT NEEDED");
    await expectBootstrapped();
  });
});
