import * as api from "../../../constructs";
import { exampleCa } from "../../../environments/shared";
import { type Example, type World, call, construct, scoped } from "./world";

const { Duration } = api;

const mount = () => ({ description: "An engine", importExisting: false });

const roleProps = (world: World) => ({ database: world.database, roleName: "reader" });

/** Name that is unique among the examples. */
const another = (world: World) => world.nextId().toLowerCase();

const password = (world: World) =>
  new api.EphemeralVariable(world.stack, world.nextId(), {
    variableName: "password",
    description: "Password",
  }).stringValue;

/** Calls a method that grants access. */
const granting = (grant: (world: World, grantee: never) => void): Example =>
  call(grant, (world) => [world.grantee]);

const readWrite = (method: "grantRead" | "grantWrite" | "grantManage"): Example =>
  call(
    (world, grantee: never, secrets: never, options: never) =>
      world.keyValue[method](grantee, secrets, options),
    (world) => [world.grantee, "payment-service/*", { allowEverySecret: false }],
  );

const dynamicRole = (world: World) =>
  new api.DynamicPostgresRole(world.stack, world.nextId(), {
    database: world.database,
    roleName: another(world),
  });

const staticRole = (world: World) =>
  new api.StaticPostgresRole(world.stack, world.nextId(), {
    database: world.database,
    roleName: another(world),
    userName: another(world),
  });

const pkiRole = (world: World) =>
  new api.PkiRole(world.stack, world.nextId(), {
    engine: world.pki,
    roleName: another(world),
    allowedDomains: ["payments.example.com"],
  });

const transitKey = (world: World) =>
  new api.TransitKey(world.stack, world.nextId(), { engine: world.transit, keyName: another(world) });

const groupRoles = () => ({ "read-only": "payments_read", "read-write": "payments_write" });

const certificates = () => ({
  ttl: Duration.hours(24),
  maxTtl: Duration.days(30),
  roleName: "payments",
  allowedDomains: ["payments.example.com"],
  allowSubdomains: true,
  keyType: "rsa",
  importExisting: false,
});

/** Examples of secrets engines. */
export const engineExamples: Readonly<Record<string, Example>> = {
  DatabaseEngine: construct(api.DatabaseEngine, () => ({
    ...mount(),
    path: "db",
    maxTtl: Duration.days(1),
    defaultTtl: Duration.hours(1),
  })),
  "DatabaseEngine.fromAttributes": call(
    (world, attributes: never) =>
      new api.PostgresDatabase(world.stack, world.nextId(), {
        engine: api.DatabaseEngine.fromAttributes(world.stack, world.nextId(), attributes),
        connectionName: "payments-db",
        host: "payments-db.production.svc",
        database: "payments",
        owners: ["payments_owner"],
      }),
    () => [{ path: "db", maxTtl: Duration.days(1) }],
  ),
  DynamicPostgresRole: construct(api.DynamicPostgresRole, (world) => ({
    ...roleProps(world),
    access: "read-only",
    defaultTtl: Duration.hours(1),
    maxTtl: Duration.hours(24),
    passwordPolicy: world.passwordPolicy,
    importExisting: false,
  })),
  "DynamicPostgresRole with statements": construct(api.DynamicPostgresRole, (world) => ({
    ...roleProps(world),
    customStatements: {
      creation: [`CREATE ROLE "{{name}}" PASSWORD '{{password}}'`],
      revocation: ['DROP ROLE "{{name}}"'],
    },
  })),
  "DynamicPostgresRole.grantCredentials": granting((world, grantee) =>
    dynamicRole(world).grantCredentials(grantee),
  ),
  KeyValueEngine: construct(api.KeyValueEngine, () => ({
    ...mount(),
    path: "kv",
    maxVersions: 10,
    casRequired: true,
    deleteVersionAfter: Duration.days(30),
  })),
  "KeyValueEngine.fromAttributes": scoped(
    (scope, id, attributes: never) => api.KeyValueEngine.fromAttributes(scope, id, attributes),
    () => [{ path: "kv", casRequired: true }],
    (world, engine: api.IKeyValueEngine) => engine.grantRead(world.grantee, "payment-service/*"),
  ),
  "KeyValueGrants.grantRead": readWrite("grantRead"),
  "KeyValueGrants.grantWrite": readWrite("grantWrite"),
  "KeyValueGrants.grantManage": readWrite("grantManage"),
  KeyValueSecret: construct(api.KeyValueSecret, (world) => ({
    engine: world.keyValue,
    secretPath: "payment-service/config",
    values: { api_key: password(world) },
    version: 1,
  })),
  PkiAuthority: construct(api.PkiAuthority, (world) => ({
    vault: world.vault,
    path: "authority",
    maxTtl: Duration.days(30),
    description: "An authority",
  })),
  "PkiAuthority.addIssuer": call(
    (world, name: never, id: never) =>
      new api.PkiAuthority(world.stack, world.nextId(), {
        vault: world.vault,
        path: another(world),
        maxTtl: Duration.days(30),
        description: "An authority",
      }).addIssuer(name, id),
    () => ["issuing", "6d8b6a8e-1c2d-3e4f-5a6b-7c8d9e0f1a2b"],
  ),
  PkiEngine: construct(api.PkiEngine, (world) => ({
    vault: world.vault,
    organization: "Example",
    path: "certificates",
    rootPath: "certificates-root",
    maxTtl: Duration.days(30),
    rootTtl: Duration.days(3650),
    intermediateTtl: Duration.days(1825),
    importExisting: false,
  })),
  "PkiEngine that exists": construct(api.PkiEngine, () => ({
    path: "certificates",
    rootPath: "certificates-root",
    maxTtl: Duration.days(30),
    importExisting: true,
  })),
  "PkiEngine.fromAttributes": call(
    (world, attributes: never) =>
      new api.PkiRole(world.stack, world.nextId(), {
        engine: api.PkiEngine.fromAttributes(world.stack, world.nextId(), attributes),
        roleName: "payments",
        allowedDomains: ["payments.example.com"],
      }),
    () => [{ path: "certificates", maxTtl: Duration.days(30) }],
  ),
  "PkiEngine.addRole": call(
    (world, props: never) =>
      new api.PkiEngine(world.stack, world.nextId(), {
        vault: world.vault,
        organization: "Example",
        path: another(world),
        rootPath: another(world),
      }).addRole(props),
    () => [certificates()],
  ),
  "PkiEngine.role": call(
    (world, name: never) => {
      const role = { roleName: "payments", allowedDomains: ["payments.example.com"] };
      const added = world.pki.node.tryFindChild("payments") ?? world.pki.addRole(role);
      return [added, world.pki.role(name)];
    },
    () => ["payments"],
  ),
  PkiRole: construct(api.PkiRole, (world) => ({ ...certificates(), engine: world.pki })),
  "PkiRole.grantIssue": granting((world, grantee) => pkiRole(world).grantIssue(grantee)),
  "PkiRole.grantSign": granting((world, grantee) => pkiRole(world).grantSign(grantee)),
  PostgresDatabase: construct(api.PostgresDatabase, (world) => ({
    engine: world.databaseEngine,
    connectionName: "payments-db",
    host: "payments-db.production.svc",
    port: 5432,
    database: "payments",
    schemas: ["public"],
    owners: ["payments_owner"],
    groupRoles: groupRoles(),
    adminUser: "vault_payments",
    initialPasswordVersion: 2,
    caCertificate: exampleCa,
    unsafeSslMode: "verify-ca",
    allowedRoles: ["reader"],
    maxOpenConnections: 4,
    importExisting: false,
  })),
  "PostgresDatabase with a password": construct(api.PostgresDatabase, (world) => ({
    engine: world.databaseEngine,
    connectionName: "payments-db",
    host: "payments-db.production.svc",
    database: "payments",
    owners: ["payments_owner"],
    initialPassword: password(world),
  })),
  "PostgresDatabase.fromAttributes": call(
    (world, attributes: never) =>
      new api.DynamicPostgresRole(world.stack, world.nextId(), {
        database: api.PostgresDatabase.fromAttributes(world.stack, world.nextId(), attributes),
        roleName: "reader",
      }),
    (world) => [
      {
        engine: world.databaseEngine,
        connectionName: "payments-db",
        database: "payments",
        groupRoles: groupRoles(),
      },
    ],
  ),
  "PostgresDatabase.allowRole": call(
    (world, name: never) => world.database.allowRole(name),
    () => ["reader"],
  ),
  "PostgresDatabase.groupRole": call(
    (world, access: never) => world.database.groupRole(access),
    () => ["read-only"],
  ),
  "PostgresDatabase.rotateUser": call(
    (world, user: never) => world.database.rotateUser(user),
    () => ["report"],
  ),
  setupSql: call(
    (_, setup: never) => api.setupSql(setup),
    () => [
      {
        database: "payments",
        schemas: ["public"],
        owners: ["payments_owner"],
        admin: "vault_admin",
        groups: groupRoles(),
        staticUsers: ["report"],
      },
    ],
  ),
  StaticPostgresRole: construct(api.StaticPostgresRole, (world) => ({
    ...roleProps(world),
    userName: "report",
    rotationPeriod: Duration.days(1),
    passwordPolicy: world.passwordPolicy,
    importExisting: false,
  })),
  "StaticPostgresRole.grantCredentials": granting((world, grantee) =>
    staticRole(world).grantCredentials(grantee),
  ),
  TransitEngine: construct(api.TransitEngine, () => ({ ...mount(), path: "encryption" })),
  "TransitEngine.fromAttributes": call(
    (world, attributes: never) =>
      new api.TransitKey(world.stack, world.nextId(), {
        engine: api.TransitEngine.fromAttributes(world.stack, world.nextId(), attributes),
        keyName: "cards",
      }),
    () => [{ path: "encryption" }],
  ),
  TransitKey: construct(api.TransitKey, (world) => ({
    engine: world.transit,
    keyName: "cards",
    rotationPeriod: Duration.days(90),
    importExisting: false,
  })),
  "TransitKey.grantEncrypt": granting((world, grantee) => transitKey(world).grantEncrypt(grantee)),
  "TransitKey.grantDecrypt": granting((world, grantee) => transitKey(world).grantDecrypt(grantee)),
};
