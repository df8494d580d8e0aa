import { describeRule } from "../support/describe-rule";
import { nothing, resource, together } from "../support/plain";

const connection = (postgresql: object, id?: string) =>
  resource("vault_database_secret_backend_connection", { name: "db", postgresql: [postgresql] }, id);
const url = (query: string) =>
  connection({ connection_url: `postgresql://{{username}}:{{password}}@db/app${query}` });

describeRule("database-sslmode", {
  compliant: {
    "verify-full": url("?sslmode=verify-full"),
    "another database": resource("vault_database_secret_backend_connection", {
      mysql: [{ connection_url: "{{username}}:{{password}}@tcp(db)/" }],
    }),
  },
  violated: {
    "the article's": [url("?sslmode=require"), "sslmode is require"],
    none: [url(""), "sslmode is not set"],
    "two modes, of which the last applies": [
      url("?sslmode=verify-full&sslmode=disable"),
      "sslmode is verify-full and disable",
    ],
    "a connection in words": [connection({ connection_url: "host=db sslmode=prefer" }), "sslmode is prefer"],
    "another plugin with a URL of PostgreSQL": [
      resource("vault_database_secret_backend_connection", {
        redshift: [{ connection_url: "postgres://db/app?sslmode=require" }],
      }),
      "sslmode is require",
    ],
    "a mount with connections": [
      resource("vault_database_secrets_mount", {
        postgresql: [{ connection_url: "postgres://db/app?sslmode=verify-ca" }],
      }),
      "sslmode is verify-ca",
    ],
  },
  notJudged: {
    "a URL that only Terraform knows": [
      connection({ connection_url: "${var.url}" }),
      'connection_url is "${var.url}", which only Terraform can evaluate',
    ],
    "a URL whose end only Terraform knows": [
      connection({ connection_url: "postgresql://db/app${var.options}" }),
      'connection_url is "postgresql://db/(not shown)", which only Terraform can evaluate',
    ],
  },
  notApplicable: { "what is no connection": nothing },
});

describeRule("database-password-hash", {
  compliant: { SCRAM: connection({ password_authentication: "scram-sha-256" }) },
  violated: {
    "the plugin's default": [
      connection({ username: "vault" }),
      "passwords reach the server in the clear, and perhaps its log",
    ],
  },
  notApplicable: { "what is no connection": nothing },
});

const rotation = (path: string, namespace?: string) =>
  resource("vault_generic_endpoint", { path, namespace, data_json: "{}" });

describeRule("database-root-rotation", {
  compliant: {
    "a rotation by name": together(connection({ username: "vault" }), rotation("database/rotate-root/db")),
    "a rotation by reference": together(
      connection({ username: "vault" }, "Db"),
      rotation("database/rotate-root/${vault_database_secret_backend_connection.Db.name}"),
    ),
    "a schedule": connection({ username: "vault", rotation_schedule: "0 0 * * SAT" }),
  },
  violated: {
    "no rotation": [
      connection({ username: "vault" }),
      "nothing replaces the first password of db, which somebody knows",
    ],
    "the rotation of another": [
      together(connection({ username: "vault" }), rotation("database/rotate-root/other-db")),
      "nothing replaces the first password of db, which somebody knows",
    ],
    "the rotation of that of another namespace of Vault Enterprise": [
      together(connection({ username: "vault" }), rotation("database/rotate-root/db", "teams/books")),
      "nothing replaces the first password of db, which somebody knows",
    ],
  },
  notApplicable: { "what is no connection": nothing },
});

const role = (creation: string, revocation?: string) =>
  resource("vault_database_secret_backend_role", {
    creation_statements: [creation],
    ...(revocation && { revocation_statements: [revocation] }),
  });
const USER = "CREATE ROLE \"{{name}}\" WITH LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}'";
const GROUP = `${USER} INHERIT IN ROLE "app_rw";`;
const ARTICLE = `${USER}; GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO "{{name}}";`;
const DROP_OWNED = 'REASSIGN OWNED BY "{{name}}" TO app; DROP OWNED BY "{{name}}"; DROP ROLE "{{name}}";';

describeRule("database-superuser", {
  compliant: {
    "a member of a group": role(GROUP),
    "what a user is not": role(`${USER} NOSUPERUSER NOCREATEROLE;`),
  },
  violated: {
    "a superuser": [role(`${USER} SUPERUSER;`), "users administer the server"],
    everything: [
      role(`${USER}; GRANT ALL PRIVILEGES ON DATABASE app TO "{{name}}";`),
      "users are granted everything",
    ],
    "a role of the server's own": [
      role(`${USER} IN ROLE rds_superuser;`),
      "users join a role of the server's own",
    ],
    "a role to give away": [
      role(`${USER}; GRANT app TO "{{name}}" WITH ADMIN OPTION;`),
      "users can give away their roles",
    ],
  },
  notJudged: {
    "SQL that only Terraform knows": [
      resource("vault_database_secret_backend_role", { creation_statements: ["${var.sql}"] }),
      'the SQL of the role is "${var.sql}", which only Terraform can evaluate',
    ],
  },
  notApplicable: { "what is no role": nothing },
});

describeRule("database-grants", {
  compliant: {
    "a member of a group": role(GROUP),
    "grants on sequences too, which are dropped": role(
      `${ARTICLE} GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO "{{name}}";`,
      DROP_OWNED,
    ),
    "grants to read": role(`${USER}; GRANT SELECT ON ALL TABLES IN SCHEMA public TO "{{name}}";`, DROP_OWNED),
  },
  violated: {
    "the article's": [
      role(
        ARTICLE,
        'REVOKE ALL ON ALL TABLES IN SCHEMA public FROM "{{name}}"; DROP ROLE IF EXISTS "{{name}}";',
      ),
      "INSERT fails on tables with a serial column: nothing is granted on sequences",
      "DROP ROLE fails while the user has grants outside public: nothing drops them first",
    ],
    "Vault's own revocation": [
      role(`${USER}; GRANT SELECT ON TABLE ledger.entries TO "{{name}}";`),
      "DROP ROLE fails while the user has grants outside public: nothing drops them first",
    ],
  },
  notApplicable: { "what is no role": nothing },
});

describeRule("database-custom-sql", {
  compliant: {
    "a member of a group": role(GROUP),
    "another kind of database": role("CREATE LOGIN [{{name}}];"),
  },
  violated: {
    grants: [role(ARTICLE), "the user's privileges are in SQL of its own"],
    "a group and more": [
      role(`${GROUP} GRANT x TO "{{name}}";`),
      "the user's privileges are in SQL of its own",
    ],
  },
  notApplicable: { "what is no role": nothing },
});
