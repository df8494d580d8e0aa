import { Project } from "../support/project";

// Starting programs takes time on a busy machine.
jest.setTimeout(60_000);

let project: Project;
beforeEach(() => (project = new Project()));
afterEach(() => project.remove());

test("prints only the SQL of a database of the CDK app in its folder to stdout", async () => {
  project.write(
    "main.ts",
    `import { App, TerraformStack } from "cdktf";
    import { DatabaseEngine, PostgresDatabase } from "./constructs/engines";

    const app = new App();
    const stack = new TerraformStack(app, "mine-config");
    const database = new PostgresDatabase(stack, "Orders", {
      engine: new DatabaseEngine(stack, "Database"),
      connectionName: "orders-db",
      host: "orders.example.com",
      database: "orders",
      owners: ["orders_owner"],
    });
    console.error(database.setupSql);
    app.synth();`,
  );
  const { code, stdout } = await project.call(["setup", "orders-db", "--env", "mine"]);
  expect(stdout).toMatch(/^DO \$\$\nBEGIN\n/);
  expect(stdout).toMatch(/\nGRANT CONNECT ON DATABASE "orders" TO "vault_admin";\n$/);
  expect(code).toBe(0);
});
