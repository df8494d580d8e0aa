import { exampleCa } from "../../../environments/shared";
import type { Done } from "../../../local/applier/applied-record";
import { applyProgram } from "../../../local/applier/apply";
import { Program, type Values } from "../../../local/applier/program";
import { type ResourceType, table } from "../../../local/applier/table";
import { VaultApi } from "../../../local/applier/vault-api";
import { DevVault } from "../../support/servers/dev-vault";
import type { Consumer } from "./consumer";
import type { Block, StackJson } from "./stack-json";
import type { Accepted } from "./synthesis";

const asItIs = (path: (values: Values) => string, ...inPath: string[]): ResourceType => ({
  path,
  body: (values) =>
    Object.fromEntries(Object.entries(values).filter(([argument]) => !inPath.includes(argument))),
  version: (values) => JSON.stringify(values),
});

/** Resource types, including those that `local-config` does not contain. */
const TYPES: Readonly<Record<string, ResourceType>> = {
  ...table,
  vault_jwt_auth_backend_role: asItIs(
    ({ backend, role_name }) => `auth/${String(backend)}/role/${String(role_name)}`,
    ...["backend", "role_name"],
  ),
  vault_transit_secret_backend_key: asItIs(
    ({ backend, name }) => `${String(backend)}/keys/${String(name)}`,
    // The provider writes the last three to the configuration of the key.
    ...["backend", "name", "deletion_allowed", "min_decryption_version", "min_encryption_version"],
  ),
  vault_identity_group: { ...asItIs(() => "identity/group"), attributes: ({ id }) => ({ id }) },
};

/** Types that a development server cannot apply, or that need a listening device or a running database. */
const LEFT_OUT =
  /^vault_(audit|raft_autopilot|identity_group_alias|identity_mfa_\w+|namespace|egp_policy|rgp_policy|quota_lease_count)$/;

interface Layer {
  readonly name: string;
  readonly stack: StackJson;
}

/** Vault: writes mounts, roles, policies and settings, then compares them with the definition. */
export class VaultConsumer implements Consumer {
  private readonly known = new Set<string>();
  private readonly done = new Map<string, Done>();

  static async start(): Promise<VaultConsumer> {
    return new VaultConsumer(await DevVault.start());
  }

  private constructor(private readonly server: DevVault) {}

  async problemsOf({ environment, stacks }: Accepted): Promise<readonly string[]> {
    // Namespaces require Vault Enterprise.
    if (environment.vault.enterprise?.namespaces) return [];
    const layers = Object.entries(stacks)
      .filter(([name]) => /-config(-.+)?$/.test(name))
      .sort(([a], [b]) => a.length - b.length)
      .map(([name, stack]) => ({ name, stack: writable(stack) }));
    const fresh = layers.flatMap(contentsOf).filter((content) => !this.known.has(content));
    if (fresh.length === 0) return [];
    if (fresh.some((content) => content.includes(" vault_pki"))) await this.forgetAuthorities();
    const problems: string[] = [];
    for (const layer of layers) {
      const problem = await this.problemOf(layer);
      if (problem) problems.push(`${layer.name}: ${problem}`);
      else for (const content of contentsOf(layer)) this.known.add(content);
    }
    return problems;
  }

  async stop(): Promise<void> {
    await this.server.stop();
  }

  private async problemOf({ name, stack }: Layer): Promise<string | undefined> {
    const vault = new VaultApi({ address: this.server.address, token: this.server.rootToken });
    const record = {
      addresses: [],
      get: (address: string) => this.done.get(`${name} ${address}`),
      set: (address: string, done: Done) => void this.done.set(`${name} ${address}`, done),
    };
    try {
      await applyProgram({ program: new Program(stack, {}), vault, record, say: () => {}, types: TYPES });
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  }

  /** Deletes the PKI mounts. A CA is created once per mount, and all definitions share the mounts. */
  private async forgetAuthorities(): Promise<void> {
    const mounts = await this.server.read("sys/mounts");
    for (const [path, { type }] of Object.entries(mounts as Record<string, Block>)) {
      if (type === "pki") await this.server.call("DELETE", `sys/mounts/${path}`);
    }
    for (const set of [this.done, this.known]) {
      for (const key of set.keys()) if (key.includes(" vault_pki")) set.delete(key);
    }
  }
}

/** Resources of a layer, each as text. */
function contentsOf({ name, stack }: Layer): string[] {
  return Object.entries(stack.resource ?? {}).flatMap(([type, all]) =>
    Object.values(all).map((block) => `${name} ${type} ${JSON.stringify(block)}`),
  );
}

/**
 * Subset of a stack that a development server accepts. OIDC and JWT mounts lack their configuration, for which Vault
 * contacts the identity provider. Database connections are not verified.
 */
function writable(stack: StackJson): StackJson {
  const text = JSON.stringify(stack)
    .replaceAll("vault_jwt_auth_backend.", "vault_auth_backend.")
    // A role may reference a policy of an omitted type; Vault accepts any name.
    .replaceAll(/\$\{vault_[er]gp_policy\.([^.}]+)\.name\}/g, "$1");
  const { resource = {}, ...rest } = JSON.parse(text) as StackJson;
  const { vault_jwt_auth_backend: logins = {}, ...others } = resource;
  const mounts = Object.entries(logins).map(([id, { path, type, description, tune }]): [string, Block] => [
    id,
    { path, type, description, tune },
  ]);
  const kept = Object.entries(others).filter(([type]) => !LEFT_OUT.test(type));
  const {
    vault_auth_backend: backends,
    vault_database_secret_backend_connection: connections,
    vault_generic_endpoint: endpoints,
    vault_kubernetes_auth_backend_config: clusters,
    ...unchanged
  } = Object.fromEntries(kept);
  return {
    ...rest,
    resource: {
      ...unchanged,
      vault_auth_backend: { ...backends, ...Object.fromEntries(mounts) },
      vault_database_secret_backend_connection: mapped(connections, (it) => ({
        ...it,
        verify_connection: false,
      })),
      // In a pod, Vault reads the cluster's CA from a file.
      vault_kubernetes_auth_backend_config: mapped(clusters, (it) => ({
        kubernetes_ca_cert: exampleCa,
        ...it,
      })),
      vault_generic_endpoint: filtered(endpoints, ({ path }) => !String(path).includes("/rotate-root/")),
    },
  };
}

function mapped(blocks: Readonly<Record<string, Block>> = {}, change: (block: Block) => Block) {
  return Object.fromEntries(Object.entries(blocks).map(([id, block]) => [id, change(block)]));
}

function filtered(blocks: Readonly<Record<string, Block>> = {}, isKept: (block: Block) => boolean) {
  return Object.fromEntries(Object.entries(blocks).filter(([, block]) => isKept(block)));
}
