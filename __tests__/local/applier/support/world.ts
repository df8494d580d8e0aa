import { Testing } from "cdktf";
import { deployPolicy } from "../../../../constructs/jobs/bootstrap-policies";
import { setupSql } from "../../../../constructs/engines/postgres-sql";
import { loadEnvironments } from "../../../../platform/load";
import { local } from "../../../../environments/local";
import { ConfigStack } from "../../../../stacks/config/config-stack";
import { localhostCertificate } from "../../../support/certificate";
import { TokenIssuer, TokenReviewer, serviceAccountClaims } from "../../../support/servers/tokens";
import { PostgresServer } from "../../../support/servers/postgres";
import { RaftVault } from "../../../support/servers/plain-raft-vault";

/** Local environment. */
export const environment = loadEnvironments([local])[0];
/** Initial password of Vault's database user. */
export const PASSWORD = "initial-s3cret";

/** Targets of `local-config`: its database, and a cluster that reviews tokens. */
export class World {
  /** Starts the servers and creates the database. */
  static async start(): Promise<World> {
    const tls = await localhostCertificate();
    const [postgres, issuer, reviewer] = await Promise.all([
      PostgresServer.start(),
      TokenIssuer.start(),
      TokenReviewer.start(tls),
    ]);
    const world = new World(postgres, issuer, reviewer, tls.cert);
    await world.makeDatabase();
    return world;
  }

  private constructor(
    readonly postgres: PostgresServer,
    private readonly issuer: TokenIssuer,
    private readonly reviewer: TokenReviewer,
    private readonly reviewerCertificate: string,
  ) {}

  /** Token of the ServiceAccount that Terraform uses. */
  jwt(): string {
    return this.issuer.sign(serviceAccountClaims("vault", "vault-terraform"));
  }

  /** Terraform variables for a Vault. */
  variables(vault: RaftVault): Record<string, string> {
    return {
      TF_VAR_vault_address: vault.address,
      TF_VAR_platform_ca_certificate: this.postgres.caCertificate,
      TF_VAR_kubernetes_host: this.reviewer.url,
      TF_VAR_payments_db_port: String(this.postgres.port),
      TF_VAR_payments_db_initial_password: PASSWORD,
    };
  }

  /** Vault in its state after the bootstrap. */
  async bootstrappedVault(): Promise<RaftVault> {
    const vault = await RaftVault.start();
    await vault.request("POST", "sys/policies/acl/terraform-deploy", { policy: deployPolicy() });
    await vault.request("POST", "sys/auth/terraform", { type: "kubernetes" });
    await vault.request("POST", "auth/terraform/config", {
      kubernetes_host: this.reviewer.url,
      kubernetes_ca_cert: this.reviewerCertificate,
      disable_local_ca_jwt: true,
    });
    await vault.request("POST", "auth/terraform/role/deploy", {
      bound_service_account_names: ["vault-terraform"],
      bound_service_account_namespaces: ["vault"],
      audience: "vault",
      token_policies: ["terraform-deploy"],
      token_ttl: 1800,
    });
    return vault;
  }

  /** Resets the database password to its initial value, as before Vault's first rotation. */
  async resetPassword(password = PASSWORD): Promise<void> {
    const superuser = this.postgres.superuser("postgres");
    await this.postgres.query(superuser, `ALTER ROLE vault_admin PASSWORD '${password}'`);
  }

  async stop(): Promise<void> {
    await this.issuer.stop();
    await this.reviewer.stop();
    await this.postgres.stop();
  }

  private async makeDatabase(): Promise<void> {
    const [{ database, schemas, owner }] = environment.databases;
    await this.postgres.query(
      this.postgres.superuser("postgres"),
      `CREATE ROLE "${owner}" NOLOGIN`,
      `CREATE DATABASE "${database}" OWNER "${owner}"`,
    );
    await this.postgres.query(
      this.postgres.superuser(database),
      ...schemas
        .filter((it) => it !== "public")
        .map((it) => `CREATE SCHEMA "${it}" AUTHORIZATION "${owner}"`),
      setupSql({
        database,
        schemas,
        owners: [owner],
        admin: "vault_admin",
        groups: { "read-only": `${database}_app_ro`, "read-write": `${database}_app_rw` },
        staticUsers: [],
      }),
    );
    await this.resetPassword();
  }
}

/** Synthesized `local-config`. */
export function localConfig(): ConfigStack {
  return new ConfigStack(Testing.app(), environment);
}
