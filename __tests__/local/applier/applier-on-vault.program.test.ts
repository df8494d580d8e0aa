import { Testing } from "cdktf";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppliedRecord } from "../../../local/applier/applied-record";
import { applyProgram } from "../../../local/applier/apply";
import { logIn, vaultAddress } from "../../../local/applier/log-in";
import { Program } from "../../../local/applier/program";
import { VaultApi } from "../../../local/applier/vault-api";
import { TerraformRun } from "../../engines/support/terraform-run";
import { describeUnless, missingPrograms, testUnless } from "../../support/needs";
import { configuration, storedKeys } from "./support/configuration";
import type { RaftVault } from "../../support/servers/plain-raft-vault";
import { PASSWORD, World, localConfig } from "./support/world";

jest.setTimeout(120_000);

type Stack = any; // eslint-disable-line @typescript-eslint/no-explicit-any

const missing = missingPrograms("vault", "postgres", "initdb");
const missingProviders = missing ?? TerraformRun.missing({ vault: "5.6.0", kubernetes: "2.38.0" });

describeUnless(missing)("local-config through Vault's API", () => {
  const folder = mkdtempSync(join(tmpdir(), "applier-"));
  const synthesized = Testing.fullSynth(localConfig());
  const stack = (): Stack =>
    JSON.parse(readFileSync(join(synthesized, "stacks", "local-config", "cdk.tf.json"), "utf8"));
  let world: World;
  const vaults: RaftVault[] = [];

  beforeAll(async () => {
    world = await World.start();
  });

  afterAll(async () => {
    await Promise.all([world.stop(), ...vaults.map((vault) => vault.stop())]);
    for (const each of [folder, synthesized]) rmSync(each, { recursive: true, force: true });
  });

  /** New Vault without applied records. */
  async function newVault(): Promise<RaftVault> {
    const vault = await world.bootstrappedVault();
    vaults.push(vault);
    await world.resetPassword();
    return vault;
  }

  const recordOf = (vault: RaftVault) => join(folder, `${new URL(vault.address).port}.json`);

  /** Applies a stack. @returns the applier's messages */
  async function apply(
    vault: RaftVault,
    options: { stack?: Stack; env?: Record<string, string>; say?: (text: string) => void } = {},
  ): Promise<string[]> {
    const program = new Program(options.stack ?? stack(), { ...world.variables(vault), ...options.env });
    const api = new VaultApi({ address: vaultAddress(program), secrets: program.secrets });
    await logIn(program, api, () => Promise.resolve(world.jwt()));
    const said: string[] = [];
    const say = (text: string) => {
      said.push(text);
      options.say?.(text);
    };
    await applyProgram({ program, vault: api, record: new AppliedRecord(recordOf(vault)), say });
    return said;
  }

  describe("after a first run", () => {
    let vault: RaftVault;
    let first: string[];
    beforeAll(async () => {
      vault = await newVault();
      first = await apply(vault);
    });

    const writesOf = async (act: () => Promise<unknown>) => {
      const before = vault.writes().length;
      await act();
      return vault.writes().slice(before);
    };

    test("writes nothing and reports nothing in a second run", async () => {
      const writes = await writesOf(async () => expect(await apply(vault)).toEqual([]));
      expect(writes).toEqual(["update auth/terraform/login"]);
    });

    test("replaces the database's first password", async () => {
      const login = { user: "vault_admin", password: PASSWORD };
      await expect(world.postgres.connect(login)).rejects.toThrow("password authentication failed");
      expect((await vault.request("GET", "database/creds/payment-service-role")).data.username).toBeDefined();
    });

    test("prints and records no secret", async () => {
      const written = first.join("\n") + readFileSync(recordOf(vault), "utf8");
      expect(written).toContain("Database-payments-db_RotateRoot");
      expect(written).not.toContain(PASSWORD);
      expect(written).not.toMatch(/hvs\.|PRIVATE KEY/);
    });

    test("restores changed and deleted objects, and writes nothing else", async () => {
      await vault.request("POST", "auth/kubernetes/role/payment-service", {
        ...(await vault.request("GET", "auth/kubernetes/role/payment-service")).data,
        token_policies: ["payment-service", "other"],
      });
      await vault.request("POST", "sys/mounts/secret/tune", { max_lease_ttl: "1h" });
      await vault.request("DELETE", "pki/roles/payment-service");
      const writes = await writesOf(async () =>
        expect(await apply(vault)).toEqual([
          expect.stringMatching(/^\d+\/\d+ vault_mount\.KeyValue_\w+: changed$/),
          expect.stringMatching(/^\d+\/\d+ vault_pki_secret_backend_role\..+_PkiRole_\w+: made$/),
          expect.stringMatching(/^\d+\/\d+ vault_kubernetes_auth_backend_role\..+_Binding_\w+: changed$/),
        ]),
      );
      expect(writes.slice(1)).toEqual([
        "update sys/mounts/secret/tune",
        "update pki/roles/payment-service",
        "update auth/kubernetes/role/payment-service",
      ]);
      expect(await apply(vault)).toEqual([]);
    });

    test("compares policies of a role as a set", async () => {
      const changed = stack();
      const roles: Stack[] = Object.values(changed.resource.vault_kubernetes_auth_backend_role);
      const drill = roles.find(({ role_name }) => role_name === "vault-drill");
      drill.token_policies.push("additional");
      expect(await apply(vault, { stack: changed })).toHaveLength(1);
      drill.token_policies.reverse();
      expect(await apply(vault, { stack: changed })).toEqual([]);
      expect(await apply(vault)).toHaveLength(1);
    });

    test("names a resource that is no longer wanted, and leaves it in Vault", async () => {
      const changed = stack();
      delete changed.resource.vault_quota_rate_limit;
      expect(await apply(vault, { stack: changed })).toEqual([
        expect.stringMatching(
          /^vault_quota_rate_limit\.LoginQuota_\w+: no longer wanted, but left in Vault; /,
        ),
      ]);
      expect((await vault.call("GET", "sys/quotas/rate-limit/kubernetes-logins")).status).toBe(200);
    });

    test.each([
      [
        "an audit device, which Vault cannot change",
        (it: Stack) => (of(it, "vault_audit").options.file_path = "discard"),
        /^vault_audit\.\S+: sys\/audit\/stdout differs in options\.file_path, and Vault cannot change it; npm run local -- down/,
      ],
      [
        "the type of a mount, which Vault takes and ignores",
        (it: Stack) => (it.resource.vault_mount.Transit_D5AA4961.type = "kv"),
        /^vault_mount\.Transit_D5AA4961: Vault took sys\/mounts\/transit\/tune but still says otherwise about type$/,
      ],
      [
        "a root certificate, of which there is one",
        (it: Stack) => (of(it, "vault_pki_secret_backend_root_cert").common_name = "Another"),
        /^vault_pki_secret_backend_root_cert\.\S+: pki-root\/issuers\/generate\/root\/internal was written with other values and is written only once; /,
      ],
      [
        "an argument that Vault does not know",
        (it: Stack) => (of(it, "vault_quota_rate_limit").rates = 1),
        /^vault_quota_rate_limit\.\S+: Vault took sys\/quotas\/rate-limit\/kubernetes-logins but still says otherwise about rates$/,
      ],
      [
        "a value that Vault refuses",
        (it: Stack) => (it.resource.vault_policy.Jobs_Drill_Policy_A13C76F8.policy = "path"),
        /^vault_policy\.Jobs_Drill_Policy_A13C76F8: Vault refused POST sys\/policies\/acl\/vault-drill with 400: .*failed to parse policy/s,
      ],
    ])("rejects a change of %s with address and path", async (_what, change, message) => {
      const changed = stack();
      change(changed);
      await expect(apply(vault, { stack: changed })).rejects.toThrow(message);
    });

    test("takes another first password and rotates it at once", async () => {
      const changed = stack();
      const [connection] = Object.values<Stack>(changed.resource.vault_database_secret_backend_connection);
      connection.postgresql.password_wo_version = 2;
      const password = "second-s3cret";
      await world.resetPassword(password);
      const env = { TF_VAR_payments_db_initial_password: password };
      const writes = await writesOf(async () =>
        expect(await apply(vault, { stack: changed, env })).toHaveLength(2),
      );
      expect(writes.slice(1)).toEqual([
        "update database/config/payments-db",
        "update database/rotate-root/payments-db",
      ]);
      await expect(world.postgres.connect({ user: "vault_admin", password })).rejects.toThrow();
      expect(
        await apply(vault, { stack: changed, env: { TF_VAR_payments_db_initial_password: "" } }),
      ).toEqual([]);
    });
  });

  describe("compared with a Vault that one run configured", () => {
    let vault: RaftVault;
    let said: string[];
    beforeAll(async () => {
      vault = await newVault();
      said = await apply(vault);
    });

    const expectSame = async (other: RaftVault) => {
      expect(await configuration(other)).toEqual(await configuration(vault));
      expect(await storedKeys(other)).toEqual(await storedKeys(vault));
    };

    testUnless(missingProviders)(
      "makes the same configuration as Terraform's provider, as a whole",
      async () => {
        const other = await newVault();
        const terraform = new TerraformRun();
        try {
          const backend = { terraform: { backend: { local: {} } } };
          writeFileSync(join(terraform.folder, "state_override.tf.json"), JSON.stringify(backend));
          await terraform.use(localConfig());
          await terraform.apply({
            ...world.variables(other),
            TF_VAR_cluster_login: "false",
            TF_VAR_vault_jwt: world.jwt(),
          });
        } finally {
          terraform.remove();
        }
        await expectSame(other);
      },
    );

    test("makes the same configuration in runs that are interrupted after each resource", async () => {
      const other = await newVault();
      const lines: string[] = [];
      for (let isDone = false; !isDone && lines.length <= said.length;) {
        const run = apply(other, {
          say: (line) => {
            lines.push(line);
            throw new Error("interrupted");
          },
        });
        isDone = await run.then(
          () => true,
          (error) => {
            expect(error.message).toBe("interrupted");
            return false;
          },
        );
      }
      expect(lines).toEqual(said);
      await expectSame(other);
    });
  });

  describe("with a new Vault", () => {
    let vault: RaftVault;
    beforeAll(async () => (vault = await newVault()));

    test("rejects a password that the database refuses, without printing it", async () => {
      const password = "wrong-s3cret";
      const env = { TF_VAR_payments_db_initial_password: password };
      const error = await apply(vault, { env }).catch((reason: Error) => reason);
      if (!(error instanceof Error)) throw new Error("it worked");
      expect(error.message).toMatch(
        /^vault_database_secret_backend_connection\.\S+: Vault refused POST database\/config\/payments-db with 400: .*password authentication failed/,
      );
      expect(error.message).not.toContain(password);
    });

    test("rejects an argument that Vault ignores in a write that is done once", async () => {
      const changed = stack();
      of(changed, "vault_pki_secret_backend_root_cert").common = "Root";
      await expect(apply(vault, { stack: changed })).rejects.toThrow(
        /^vault_pki_secret_backend_root_cert\.\S+: Vault took POST pki-root\/issuers\/generate\/root\/internal only in part: .*\[common\]/,
      );
    });

    test("rejects a login that Vault refuses", async () => {
      await vault.request("DELETE", "auth/terraform/role/deploy");
      await expect(apply(vault)).rejects.toThrow(
        /^Vault refused POST auth\/terraform\/login with 400: invalid role name "deploy"$/,
      );
    });
  });
});

function of(stack: Stack, type: string): Stack {
  const [only, ...others] = Object.values(stack.resource[type]);
  if (others.length > 0) throw new Error(`there is more than one ${type}`);
  return only;
}
