import type { TerraformStack } from "cdktf";
import { K8sAuthBinding, KubernetesAuth, OidcAuth, OidcGroup } from "../../../constructs/auth";
import { DatabaseEngine, KeyValueEngine, PostgresDatabase } from "../../../constructs/engines";
import { production } from "../../../environments/production";
import type { EnvironmentDefinition } from "../../../platform/schema";
import { exampleCa } from "../../../environments/shared";

function binding(stack: TerraformStack, name: string): K8sAuthBinding {
  return new K8sAuthBinding(stack, name, {
    auth: KubernetesAuth.fromAttributes(stack, `${name}Auth`),
    serviceAccount: { name, namespace: "production" },
  });
}

/** Values for variables that snippets declare and for parameters of their functions, by name. */
export const GIVEN: Readonly<Record<string, (stack: TerraformStack) => unknown>> = {
  scope: (stack) => stack,
  auth: (stack) => KubernetesAuth.fromAttributes(stack, "KubernetesAuth"),
  payment: (stack) => binding(stack, "payment"),
  support: (stack) => binding(stack, "support"),
  admin: (stack) => {
    const auth = new OidcAuth(stack, "Oidc", {
      issuer: "https://id.example.com",
      clientId: "vault",
      addresses: ["https://vault.example.com"],
    });
    const admin = new OidcGroup(stack, "Admin", { auth, groupName: "admin", group: "vault-admins" });
    KeyValueEngine.fromAttributes(stack, "Secrets").grantRead(admin, "admin/*");
    return admin;
  },
  database: (stack) =>
    PostgresDatabase.fromAttributes(stack, "Database", {
      engine: DatabaseEngine.fromAttributes(stack, "DatabaseEngine"),
      connectionName: "payments-db",
      database: "payments",
    }),
  engine: (stack) => KeyValueEngine.fromAttributes(stack, "Engine"),
  caCertificate: () => exampleCa,
  certificates: () => [exampleCa],
  caOfEdge: () => exampleCa,
  clusterHasCertManager: () => true,
  production: () => production,
};

type Definition = EnvironmentDefinition;
const [service, ...otherServices] = production.services ?? [];
const within =
  <Key extends keyof Definition>(key: Key) =>
  (part: Definition[Key]): Definition[] => [
    { ...production, [key]: { ...(production[key] as object), ...(part as object) } },
  ];

/** Definitions that contain a snippet's export, by the name of the export. */
export const DEFINITIONS: Readonly<Record<string, (value: never) => readonly Definition[]>> = {
  aws: (value: Definition["aws"]) => {
    const moved = (text: string) => text.replace(production.aws.region, value.region);
    const { zones, oidcProvider, apiServer } = production.kubernetes;
    const kubernetes = {
      zones: zones?.map(moved),
      oidcProvider: moved(oidcProvider),
      apiServer: moved(apiServer),
    };
    const backup = { ...production.backup, replicate: false };
    return [{ ...production, backup, aws: value, kubernetes: { ...production.kubernetes, ...kubernetes } }];
  },
  drProduction: (value: Definition) => [production, value],
  egress: (value: NonNullable<Definition["services"]>[number]["egress"]) => [
    { ...production, services: [{ ...service, egress: value }, ...otherServices] },
  ],
  enterprise: (value: Definition["vault"]["enterprise"]) => [
    { ...production, vault: { ...production.vault, enterprise: value } },
  ],
  kubernetes: within("kubernetes"),
  ledger: (value: NonNullable<Definition["services"]>[number]) => [
    { ...production, services: [...(production.services ?? []), value] },
  ],
  mirrors: within("mirrors"),
  network: within("network"),
  oidc: (value: Definition["vault"]["oidc"]) => [
    { ...production, vault: { ...production.vault, oidc: value } },
  ],
  vault: within("vault"),
};
