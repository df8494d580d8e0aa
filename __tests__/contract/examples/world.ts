import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { type App, TerraformOutput, TerraformStack, Testing } from "cdktf";
import type { Construct } from "constructs";
import * as api from "../../../constructs";

/** Objects that the examples of one stack share. */
export class World {
  private readonly app = Testing.app() as App;
  readonly stack = new TerraformStack(this.app, "test");
  private readonly made = new Map<string, unknown>();
  private count = 0;

  /** Creates an object on the first call and caches it. */
  private once<T>(id: string, make: (id: string) => T): T {
    if (!this.made.has(id)) this.made.set(id, make(id));
    return this.made.get(id) as T;
  }

  /** Construct ID that is unique in the stack. */
  nextId(): string {
    this.count += 1;
    return `Example${this.count}`;
  }

  /** Writes a returned value to an output, as a user's resource would. */
  show(value: unknown): void {
    new TerraformOutput(this.stack, this.nextId(), { value });
  }

  get aws() {
    return this.once("aws", (id) => new AwsProvider(this.stack, id, { region: "us-east-1" }));
  }

  get resource() {
    return this.once("Before", (id) => new NamespaceV1(this.stack, id, { metadata: { name: "before" } }));
  }

  get vault() {
    return this.once("Vault", (id) => api.VaultHaCluster.fromAttributes(this.stack, id));
  }

  get passwordPolicy() {
    return this.once("PasswordPolicy", (id) =>
      api.PasswordPolicy.fromPasswordPolicyName(this.stack, id, "database"),
    );
  }

  readonly proxy = new api.OutboundProxy({ url: "http://proxy.example.com:3128" });

  readonly identity = api.workloadIdentity({ service: "payment-service", namespace: "production" });

  readonly crds = api.CrdDeclaration.groups(
    "external-secrets.io",
    "generators.external-secrets.io",
    "cert-manager.io",
    "trust.cert-manager.io",
    "monitoring.coreos.com",
  );

  get release() {
    const resources = [
      { apiVersion: "cert-manager.io/v1", kind: "Issuer", metadata: { name: "first" }, spec: {} },
    ];
    return this.once(
      "Release",
      (id) =>
        new api.CustomResources(this.stack, id, { namespace: "production", crds: this.crds, resources }),
    );
  }

  get kubernetesAuth() {
    return this.once("KubernetesAuth", (id) => new api.KubernetesAuth(this.stack, id));
  }

  get jwtAuth() {
    return this.once("JwtAuth", (id) => new api.JwtAuth(this.stack, id));
  }

  get awsAuth() {
    return this.once(
      "AwsAuth",
      (id) => new api.AwsAuth(this.stack, id, { region: "us-east-1", serverId: "vault.example.com" }),
    );
  }

  get oidcAuth() {
    return this.once(
      "OidcAuth",
      (id) =>
        new api.OidcAuth(this.stack, id, {
          issuer: "https://login.example.com",
          clientId: "vault",
          addresses: ["https://vault.example.com"],
        }),
    );
  }

  get grantee() {
    return this.once(
      "Grantee",
      (id) =>
        new api.K8sAuthBinding(this.stack, id, {
          auth: this.kubernetesAuth,
          serviceAccount: { name: "grantee", namespace: "production" },
        }),
    );
  }

  get policy() {
    return this.once("Policy", (id) => new api.Policy(this.stack, id, { policyName: "shared" }));
  }

  get keyValue() {
    return this.once("KeyValue", (id) => new api.KeyValueEngine(this.stack, id));
  }

  get databaseEngine() {
    return this.once("DatabaseEngine", (id) => new api.DatabaseEngine(this.stack, id));
  }

  get database() {
    return this.once(
      "Database",
      (id) =>
        new api.PostgresDatabase(this.stack, id, {
          engine: this.databaseEngine,
          connectionName: "shared-db",
          host: "shared-db.production.svc",
          database: "shared",
          owners: ["shared_owner"],
        }),
    );
  }

  get pki() {
    return this.once(
      "Pki",
      (id) => new api.PkiEngine(this.stack, id, { vault: this.vault, organization: "Example" }),
    );
  }

  get transit() {
    return this.once("Transit", (id) => new api.TransitEngine(this.stack, id));
  }

  get store() {
    return this.once(
      "Store",
      (id) =>
        new api.ClusterSecretStore(this.stack, id, {
          vault: this.vault,
          identity: this.identity,
          crds: this.crds,
        }),
    );
  }
}

/** Valid call of one public class, factory, function or method. */
export interface Example {
  /** Valid arguments, without scope and ID. */
  readonly args: (world: World) => readonly unknown[];
  /** Runs the call. @returns the created value, for examples that show it to Terraform */
  readonly call: (world: World, args: readonly unknown[]) => unknown;
}

type Constructor = new (scope: Construct, id: string, props: never) => unknown;

/** Example that creates a construct from its props. */
export function construct(
  type: unknown,
  props: (world: World) => object,
  use: Use = () => undefined,
): Example {
  return {
    args: (world) => [props(world)],
    call: (world, [value]) =>
      use(world, new (type as Constructor)(world.stack, world.nextId(), value as never) as never),
  };
}

type Use = (world: World, made: never) => unknown;

/** Example of a factory for constructs that exist elsewhere. */
export function scoped(
  make: (scope: Construct, id: string, ...args: never[]) => unknown,
  args: (world: World) => readonly unknown[],
  use: Use = (_, made) => made,
): Example {
  return {
    args,
    call: (world, values) => use(world, make(world.stack, world.nextId(), ...(values as never[])) as never),
  };
}

/** Example of a function or method. */
export function call(
  invoke: (world: World, ...args: never[]) => unknown,
  args: (world: World) => readonly unknown[],
): Example {
  return { args, call: (world, values) => invoke(world, ...(values as never[])) };
}
