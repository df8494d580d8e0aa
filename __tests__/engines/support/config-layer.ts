import type { JwtAuthBackend } from "@cdktf/provider-vault/lib/jwt-auth-backend";
import { VaultProvider } from "@cdktf/provider-vault/lib/provider";
import { TerraformStack, Testing } from "cdktf";
import { AuditDevices } from "../../../constructs/audit/audit-devices";
import {
  grantAdmin,
  grantAuditor,
  grantDeploy,
  grantOperator,
  grantPlan,
} from "../../../constructs/auth/access-levels";
import { AwsAuth } from "../../../constructs/auth/aws-auth";
import { AwsAuthRole } from "../../../constructs/auth/aws-auth-role";
import { GithubAuthRole } from "../../../constructs/auth/github-auth-role";
import { JwtAuth } from "../../../constructs/auth/jwt-auth";
import { K8sAuthBinding } from "../../../constructs/auth/k8s-auth-binding";
import { KubernetesAuth } from "../../../constructs/auth/kubernetes-auth";
import { LoginMfa } from "../../../constructs/auth/login-mfa";
import { OidcAuth } from "../../../constructs/auth/oidc-auth";
import { OidcGroup } from "../../../constructs/auth/oidc-group";
import { PasswordPolicy } from "../../../constructs/auth/password-policy";
import { RateLimitQuota } from "../../../constructs/auth/rate-limit-quota";
import { UserLockout } from "../../../constructs/auth/user-lockout";
import { Duration } from "../../../constructs/core/duration";
import { EphemeralVariable } from "../../../constructs/core/ephemeral-variable";
import { DatabaseEngine } from "../../../constructs/engines/database-engine";
import { DynamicPostgresRole } from "../../../constructs/engines/dynamic-postgres-role";
import { KeyValueEngine } from "../../../constructs/engines/key-value-engine";
import { KeyValueSecret } from "../../../constructs/engines/key-value-secret";
import { PkiEngine } from "../../../constructs/engines/pki-engine";
import { PostgresDatabase } from "../../../constructs/engines/postgres-database";
import { StaticPostgresRole } from "../../../constructs/engines/static-postgres-role";
import { TransitEngine } from "../../../constructs/engines/transit-engine";
import { TransitKey } from "../../../constructs/engines/transit-key";
import type { TokenIssuer, TokenReviewer } from "../../support/servers/tokens";
import type { PostgresServer } from "../../support/servers/postgres";
import type { DevVault } from "../../support/servers/dev-vault";

/** Characters that have a special meaning in Terraform, Vault, HCL or SQL. */
export const HOSTILE = "\"double\" 'single' ${env} %{if} $${x} {{y}} \\ back\nZürich 東京 –";

/** Secrets that must not appear in plans or state. */
export const PASSWORDS = { initial: "initial-s3cret", secret: "planted-s3cret" };

/** Servers that the config layer uses. */
export interface World {
  readonly vault: DevVault;
  readonly postgres: PostgresServer;
  readonly issuer: TokenIssuer;
  readonly reviewer: TokenReviewer;
  readonly reviewerCertificate: string;
}

/** Builds every construct of the config layer that Vault Community supports. */
export function buildConfigLayer(
  world: World,
  change: { maxVersions?: number; passwordVersion?: number } = {},
) {
  const stack = new TerraformStack(Testing.app(), "config");
  new VaultProvider(stack, "Vault", { skipChildToken: true });

  const auth = new KubernetesAuth(stack, "KubernetesAuth", {
    host: world.reviewer.url,
    caCertificate: world.reviewerCertificate,
    description: HOSTILE,
    maxTtl: Duration.hours(24),
  });
  const payment = new K8sAuthBinding(stack, "PaymentService", {
    auth,
    serviceAccount: { name: "payment-service", namespace: "production" },
    ttl: Duration.hours(1),
  });
  const batch = new K8sAuthBinding(stack, "Batch", {
    auth,
    serviceAccount: { name: "batch", namespace: "production" },
    period: Duration.hours(2),
  });

  const kv = new KeyValueEngine(stack, "KeyValue", {
    casRequired: true,
    maxVersions: change.maxVersions,
    deleteVersionAfter: Duration.days(30),
  });
  const passwords = new PasswordPolicy(stack, "Passwords", { passwordPolicyName: "database" });
  const database = new DatabaseEngine(stack, "Database", { maxTtl: Duration.hours(48) });
  const paymentsDb = new PostgresDatabase(stack, "PaymentsDb", {
    engine: database,
    connectionName: "payments-db",
    host: "localhost",
    port: world.postgres.port,
    database: "payments",
    schemas: ["public", "ledger"],
    owners: ["payments_owner"],
    caCertificate: world.postgres.caCertificate,
    initialPasswordVersion: change.passwordVersion,
  });
  const role = new DynamicPostgresRole(stack, "PaymentServiceRole", {
    database: paymentsDb,
    roleName: "payment-service-role",
    access: "read-write",
    passwordPolicy: passwords,
  });
  const custom = new DynamicPostgresRole(stack, "CustomRole", {
    database: paymentsDb,
    roleName: "custom",
    customStatements: {
      creation: [
        `CREATE ROLE "{{name}}" WITH LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}'`,
        `COMMENT ON ROLE "{{name}}" IS '${HOSTILE.replaceAll("'", "''")}'`,
      ],
      revocation: [`DROP ROLE IF EXISTS "{{name}}"`],
    },
  });
  new StaticPostgresRole(stack, "Legacy", {
    database: paymentsDb,
    roleName: "legacy",
    userName: "legacy_report",
  });
  const pki = new PkiEngine(stack, "Pki", {
    vault: { address: "https://vault.vault.svc:8200" },
    // Also hostile, within the 53 bytes that remain of a common name.
    organization: HOSTILE.replace("back\nZürich 東京 –", "ü 東"),
  });
  const certificates = pki.addRole({
    roleName: "payment-service",
    allowedDomains: ["payment-service.production.svc"],
  });
  const transit = new TransitEngine(stack, "Transit");
  const key = new TransitKey(stack, "Cards", { engine: transit, keyName: "cards" });

  kv.grantRead(payment, "payment-service/*");
  role.grantCredentials(payment);
  certificates.grantIssue(payment);
  key.grantEncrypt(batch);
  custom.grantCredentials(batch);
  batch.addCustomRule({
    path: "transit/rewrap/cards",
    capabilities: ["update"],
    reason: "tries constrained rules",
    allowedParameters: { ciphertext: [], "*": [] },
    requiredParameters: ["ciphertext"],
  });

  const jwt = new JwtAuth(stack, "Jwt");
  // Stand-in for GitHub, which listens on HTTP.
  const backend = jwt.node.findChild("Resource") as JwtAuthBackend;
  backend.addOverride("oidc_discovery_url", world.issuer.url);
  backend.addOverride("bound_issuer", world.issuer.url);
  const parts = [auth, jwt, kv, database, pki, transit];
  const workflows = { auth: jwt, repository: "example/vault-platform" };
  const plan = new GithubAuthRole(stack, "Plan", {
    ...workflows,
    roleName: "plan",
    subjects: ["repo:example/vault-platform:pull_request", "repo:example/vault-platform:ref:refs/heads/main"],
  });
  const deploy = new GithubAuthRole(stack, "Deploy", {
    ...workflows,
    roleName: "deploy",
    refs: ["refs/heads/main"],
    environments: ["production"],
  });
  const aws = new AwsAuth(stack, "Aws", { region: "us-east-1", serverId: "vault.example.com" });
  const operations = new AwsAuthRole(stack, "Operations", {
    auth: aws,
    roleName: "operations",
    principalArn: "arn:aws:iam::333333333333:role/operations",
  });
  const oidc = new OidcAuth(stack, "Oidc", {
    issuer: "https://id.example.com",
    clientId: "vault",
    addresses: ["https://vault.example.com"],
  });
  const people = (groupName: string) =>
    new OidcGroup(stack, `Group-${groupName}`, {
      auth: oidc,
      groupName,
      group: `Vault ${groupName} "${groupName}" é`,
    });
  const [operator, auditor, admin] = ["operator", "auditor", "admin"].map(people);
  const all = [...parts, aws, oidc];
  grantPlan(plan, all);
  grantDeploy(deploy, all);
  grantPlan(operations, all);
  grantOperator(operator, all);
  grantAuditor(auditor, all);
  grantAdmin(admin, all);
  new LoginMfa(stack, "AdminMfa", {
    enforcementName: "admin",
    issuer: HOSTILE.replaceAll("\n", " "),
    groups: [admin],
  });
  new RateLimitQuota(stack, "Logins", {
    quotaName: "logins",
    rate: 500,
    path: `auth/${auth.pathReference}/login`,
  });
  new UserLockout(stack, "Lockout", { auth: { pathReference: "userpass" }, method: "userpass" });

  kv.grantWrite(deploy, "payment-service/config");
  new KeyValueSecret(stack, "Config", {
    engine: kv,
    secretPath: "payment-service/config",
    values: {
      stripe_api_key: new EphemeralVariable(stack, "Stripe", { variableName: "stripe", description: HOSTILE })
        .stringValue,
    },
  });
  const audit = new AuditDevices(stack, "Audit");
  audit.addFile({ path: "stdout", filePath: "stdout", description: HOSTILE });
  audit.addFile({ path: "disk", filePath: `${world.vault.folder}/audit.log` });
  audit.addSocket({ path: "sidecar", socketPath: `${world.vault.folder}/audit.sock` });
  return { stack, paymentsDb, oidc };
}
