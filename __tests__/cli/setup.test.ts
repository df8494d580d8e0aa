import { type App, TerraformStack, TerraformVariable, Testing } from "cdktf";
import { command } from "../../cli/commands/setup";
import { askProgram } from "../../cli/program/ask-program";
import { read } from "../../cli/program/readers/setup";
import { OidcAuth } from "../../constructs/auth/oidc-auth";
import { OidcGroup } from "../../constructs/auth/oidc-group";
import { DatabaseEngine } from "../../constructs/engines/database-engine";
import { PostgresDatabase } from "../../constructs/engines/postgres-database";
import { StaticPostgresRole } from "../../constructs/engines/static-postgres-role";
import { declareEnvironment } from "../../hardening/environment-facts";
import { callCommand } from "./support/call";
import { catchPrinted } from "./support/printed";

// program/setup.program.test.ts runs a real program.
jest.mock("../../cli/program/ask-program", () => ({ askProgram: jest.fn() }));
let printed: string[];
afterEach(() => jest.restoreAllMocks());

let database: PostgresDatabase;
let people: OidcAuth;
beforeEach(() => {
  printed = catchPrinted();
  const app = Testing.app();
  build(app);
  jest.mocked(askProgram).mockResolvedValue(JSON.parse(JSON.stringify([read(app)])));
});

/** Environment with two databases and human access, and one without either. */
function build(app: App): void {
  const stack = new TerraformStack(app, "production-config");
  const engine = new DatabaseEngine(stack, "Database");
  database = new PostgresDatabase(stack, "PaymentsDb", {
    engine,
    connectionName: "payments-db",
    host: "payments-db.production.svc",
    database: "payments",
    owners: ["payments_owner"],
    adminUser: "vault",
  });
  new StaticPostgresRole(stack, "Report", { database, roleName: "report", userName: "legacy_report" });
  new PostgresDatabase(stack, "LedgerDb", {
    engine,
    connectionName: "ledger-db",
    host: "10.0.0.1",
    port: 6432,
    database: "ledger",
    owners: ["ledger_owner"],
    initialPassword: new TerraformVariable(stack, "Password", { type: "string" }).stringValue,
  });
  people = new OidcAuth(stack, "Oidc", {
    issuer: "https://id.example.com",
    clientId: "vault",
    addresses: ["https://vault.example.com"],
  });
  new OidcGroup(stack, "Admin", { auth: people, groupName: "admin", group: "vault-admins" });
  declareEnvironment(new TerraformStack(app, "quiet"), { name: "dev" });
}

async function run(env?: string, ...positionals: string[]) {
  const code = await callCommand(command, "setup", [...positionals, ...(env ? ["--env", env] : [])]);
  return { code, output: printed.join("\n") };
}

test("starts with a table of tasks, people and dates, and prints every text in full", async () => {
  const { code, output } = await run("production");
  expect(code).toBe(0);
  const lines = output.split("\n").slice(0, 6);
  expect(lines.map((line) => line.split(/ {2,}/))).toEqual([
    ["production: what people set up once"],
    [""],
    ["name", "who", "what", "when"],
    [
      "payments-db",
      "a database administrator",
      "SQL and a first password",
      "before production-config is deployed",
    ],
    [
      "ledger-db",
      "a database administrator",
      "SQL and a first password",
      "before production-config is deployed",
    ],
    ["auth/oidc", "whoever has the client secret", "a command", "after production-config is deployed"],
  ]);
  expect(output).toContain("== payments-db: database payments at payments-db.production.svc:5432\n");
  expect(output).toContain("== ledger-db: database ledger at 10.0.0.1:6432\n");
  expect(output).toContain(database.setupSql);
  expect(output).toContain(people.configurationCommand);
  expect(output).toContain(
    "logged in as Terraform is (npm run vault-platform -- exec --env production -- bash)",
  );
});

test("prints how to run a database's SQL and how to pass the initial password to Terraform", async () => {
  const { output } = await run("production");
  expect(output).toContain(
    "npm run --silent vault-platform -- setup payments-db --env production | " +
      "psql --set ON_ERROR_STOP=1 --single-transaction 'postgresql://ADMINISTRATOR@payments-db.production.svc:5432/payments'\n",
  );
  expect(output).toContain("in psql: \\password vault. Vault replaces it");
  expect(output).toContain(
    "read -rsp 'First password of vault: ' TF_VAR_payments_db_initial_password; export TF_VAR_payments_db_initial_password\n",
  );
  // The app receives this password from elsewhere.
  expect(output).not.toContain("TF_VAR_ledger_db");
});

test("prints only the named text, including the grants for static roles", async () => {
  const { output } = await run("production", "payments-db");
  expect(`${output}\n`).toBe(database.setupSql);
  expect(output).toContain('GRANT "legacy_report" TO "vault" WITH ADMIN OPTION;');
  printed = catchPrinted();
  expect((await run("production", "auth/oidc")).output).toBe(people.configurationCommand);
});

test("reports an environment without anything to set up", async () => {
  expect(await run("dev")).toEqual({ code: 0, output: "dev: nothing that people have to set up." });
});

test.each([
  [[undefined], "setup requires --env."],
  [["staging"], '--env must be an environment that has stacks, got "staging"; allowed: production, dev.'],
  [["production", "payments-db", "more"], "setup takes [NAME], got 2."],
  [
    ["production", "orders-db"],
    "Nothing of production that people set up is called orders-db; allowed: payments-db, ledger-db, auth/oidc.",
  ],
  [["dev", "orders-db"], "called orders-db; allowed: none, there is nothing to set up."],
])("rejects %j", async (args, message) => {
  await expect(run(...(args as [string]))).rejects.toThrow(message);
});
