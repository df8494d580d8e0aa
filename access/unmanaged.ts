import { bootstrapNames } from "../constructs/jobs/bootstrap-names";
import { bootstrapPolicyName } from "../analysis/vault/bootstrap";
import { accessMap, type AccessMap } from "./access-map";
import {
  deviceDifference,
  directoryDifference,
  loginDifference,
  policyDifference,
} from "./unmanaged-contents";
import { LOGIN_FOLDERS, folderFits } from "../analysis/vault/login-folders";
import { mapSome } from "./map-some";
import type { Json } from "../analysis/terraform/blocks";
import { surroundingsOf } from "./risks";
import type { Environment } from "../analysis/terraform/synthesized";
import { listOf, textOf } from "../analysis/terraform/values";
import { Denied, type VaultClient } from "./vault-client";

/** Object in Vault that the code does not define, or defines differently. */
export interface UnmanagedObject {
  /** Kind of the object. */
  readonly kind:
    | "audit device"
    | "auth mount"
    | "mount"
    | "namespace"
    | "policy"
    | "login"
    | "entity"
    | "group"
    | "root token";
  /** Name or path of the object. */
  readonly name: string;
  /** Namespace of Vault Enterprise. @default - the root namespace */
  readonly namespace?: string;
  /** Description, such as the policies of the object. */
  readonly what: string;
}

/** Objects in Vault that the code does not define, or defines differently. */
export interface UnmanagedReport {
  /** Name of the environment. */
  readonly environment: string;
  /** Objects that were found. */
  readonly strays: readonly UnmanagedObject[];
  /** Paths that the login may not read. Their objects are unknown. */
  readonly denied: readonly string[];
}

const VAULTS_MOUNTS = ["cubbyhole", "identity", "sys", "agent-registry"];
const VAULTS_POLICIES = ["default", "root", "control-group", "response-wrapping"];

/** Name that Vault gives to the entity of a first login. In a namespace, the id of the namespace follows. */
const MADE_BY_LOGIN = /^entity_[0-9a-f]{8}(\.\w+)?$/;

/**
 * Finds objects that were created by hand. A plan does not find them, because it reads only objects in the state.
 * Objects of the bootstrap are not reported.
 * @param own namespace of Vault Enterprise of the login; namespaces below it that the code defines are searched as well
 * @default - the root namespace
 */
export async function findUnmanaged(
  environment: Environment,
  vault: VaultClient,
  own = "",
): Promise<UnmanagedReport> {
  const strays: UnmanagedObject[] = [];
  const denied: string[] = [];
  const below = surroundingsOf(environment).namespaces.filter(
    // Namespaces that do not exist yet, or that only Terraform knows, cannot be read.
    (namespace) => !/[+{]/.test(namespace) && (own === "" || namespace.startsWith(`${own}/`)),
  );
  for (const namespace of [own, ...below]) {
    const found = await straysIn(namespace, environment, vault.within(namespace));
    const prefix = namespace && `${namespace}/`;
    strays.push(...found.strays.map((stray) => (namespace ? { ...stray, namespace } : stray)));
    denied.push(...found.denied.map((path) => prefix + path));
  }
  return { environment: environment.name, strays, denied: [...new Set(denied)].sort() };
}

async function straysIn(
  namespace: string,
  environment: Environment,
  vault: VaultClient,
): Promise<Pick<UnmanagedReport, "strays" | "denied">> {
  const denied: string[] = [];
  /** Runs a query. If the login has no permission, it notes the path and returns the fallback. */
  const look = async <T>(ask: () => Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof Denied)) throw error;
      denied.push(error.path.replace(/\?.*/, ""));
      return otherwise;
    }
  };
  const ofNamespace = {
    ...environment,
    resources: environment.resources.filter((it) => it.namespace === namespace),
  };
  const search = new Search(accessMap(ofNamespace), ofNamespace, vault, look);
  const strays = [
    // Audit devices apply to all namespaces.
    ...(namespace === "" ? await search.auditDevices() : []),
    ...(await search.namespaces()),
    ...(await search.authMounts()),
    ...(await search.mounts()),
    ...(await search.policies()),
    ...(await search.directory("group")),
    ...(await search.directory("entity")),
    ...(await search.rootTokens()),
  ];
  return { strays, denied };
}

type Look = <T>(ask: () => Promise<T>, otherwise: T) => Promise<T>;

class Search {
  constructor(
    private readonly map: AccessMap,
    private readonly environment: Environment,
    private readonly vault: VaultClient,
    private readonly look: Look,
  ) {}

  /** Audit devices. */
  async auditDevices(): Promise<UnmanagedObject[]> {
    const known = [...this.pathsOf(/^vault_audit$/), bootstrapNames.auditPath];
    const devices = (await this.look(() => this.vault.read("sys/audit"), undefined)) ?? {};
    const changed = this.environment.resources
      .filter(({ type }) => type === "vault_audit")
      .flatMap(({ attributes }): UnmanagedObject[] => {
        const name = textOf(attributes.path ?? attributes.type).replace(/\/$/, "");
        const device = devices[`${name}/`] as Json | undefined;
        const what = device && deviceDifference(attributes, device);
        return what ? [{ kind: "audit device", name, what }] : [];
      });
    return [...this.unknownMounts("audit device", devices, known), ...changed];
  }

  /** Secrets engines. */
  async mounts(): Promise<UnmanagedObject[]> {
    const known = [
      ...this.pathsOf(/^vault_(mount|database_secrets_mount|[a-z]+_secret_backend)$/),
      ...VAULTS_MOUNTS,
    ];
    const mounts = await this.look(() => this.vault.read("sys/mounts"), undefined);
    return this.unknownMounts("mount", mounts, known);
  }

  /** Namespaces of Vault Enterprise. Namespaces that the code does not define are not searched. */
  async namespaces(): Promise<UnmanagedObject[]> {
    const known = this.pathsOf(/^vault_namespace$/);
    const names = await this.look(() => this.vault.list("sys/namespaces"), []);
    return names
      .filter((name) => !known.includes(name))
      .map((name) => ({ kind: "namespace", name, what: "not looked into" }));
  }

  /** Auth mounts and their logins. */
  async authMounts(): Promise<UnmanagedObject[]> {
    const known = [...this.pathsOf(/^vault_([a-z]+_)?auth_backend$/), "token", bootstrapNames.authPath];
    const mounts = (await this.look(() => this.vault.read("sys/auth"), undefined)) ?? {};
    const logins = await mapSome(Object.entries(mounts), async ([mount, value]) =>
      this.logins(mount.replace(/\/$/, ""), textOf((value as { type: string }).type)),
    );
    return [...this.unknownMounts("auth mount", mounts, known), ...logins.flat()];
  }

  /** Policies. */
  async policies(): Promise<UnmanagedObject[]> {
    const { deployRole, checkRole } = bootstrapNames;
    const known = [
      ...this.map.policies.all.map(({ name }) => name),
      ...VAULTS_POLICIES,
      bootstrapPolicyName(deployRole),
      bootstrapPolicyName(checkRole),
    ];
    const names = await this.look(() => this.vault.list("sys/policies/acl"), []);
    const strays = names
      .filter((name) => !known.includes(name))
      .map((name): UnmanagedObject => ({ kind: "policy", name, what: "vault policy read shows it" }));
    const changed = await mapSome(this.map.policies.all, async (policy): Promise<UnmanagedObject[]> => {
      const { name, problem } = policy;
      if (!names.includes(name)) return [];
      const path = `sys/policies/acl/${encodeURIComponent(name)}`;
      const live = await this.look(() => this.vault.read(path), undefined);
      const what =
        problem === undefined ? live && policyDifference(policy, textOf(live.policy)) : notCompared(problem);
      return what ? [{ kind: "policy", name, what }] : [];
    });
    return [...strays, ...changed.flat()];
  }

  /** Entities or groups. An entity that a login created is not reported, unless it has policies. */
  async directory(kind: "entity" | "group"): Promise<UnmanagedObject[]> {
    const known = this.map.identities.map(({ identity }) => identity).filter((it) => it.kind === kind);
    const names = await this.look(() => this.vault.list(`identity/${kind}/name`), []);
    const found = await mapSome(names, async (name): Promise<UnmanagedObject[]> => {
      const path = `identity/${kind}/name/${encodeURIComponent(name)}`;
      const answer = await this.look(() => this.vault.read(path), undefined);
      const code = known.find((it) => it.name === name);
      if (code) {
        const what = answer && directoryDifference(code, answer);
        return what ? [{ kind, name, what }] : [];
      }
      const policies = listOf(answer?.policies);
      if (kind === "entity" && policies.length === 0 && MADE_BY_LOGIN.test(name)) return [];
      return [{ kind, name, what: policiesText(policies) }];
    });
    return found.flat();
  }

  /** Tokens with the policy root. Without a TTL, they are valid until they are revoked. */
  async rootTokens(): Promise<UnmanagedObject[]> {
    const accessors = await this.look(() => this.vault.list("auth/token/accessors"), []);
    const found = await mapSome(accessors, async (accessor): Promise<UnmanagedObject[]> => {
      const token = await this.look(
        () => this.vault.write("auth/token/lookup-accessor", { accessor }),
        undefined,
      );
      if (!listOf(token?.policies).includes("root")) return [];
      const what = `${textOf(token?.display_name)}, ends ${textOf(token?.expire_time ?? "never")}`;
      return [{ kind: "root token", name: `accessor ${accessor}`, what }];
    });
    return found.flat();
  }

  private async logins(mount: string, type: string): Promise<UnmanagedObject[]> {
    const { authPath, deployRole, checkRole } = bootstrapNames;
    const known = this.map.identities
      .map(({ identity }) => identity)
      .filter((it) => it.mount === `auth/${mount}`);
    const ofBootstrap: readonly string[] = mount === authPath ? [deployRole, checkRole] : [];
    const found = await mapSome(LOGIN_FOLDERS[type] ?? [], async (folder) => {
      const names = await this.look(() => this.vault.list(`auth/${mount}/${folder}`), []);
      return mapSome(names, async (name): Promise<UnmanagedObject[]> => {
        const code = known.find((it) => it.name === name && folderFits(it.kind, folder));
        if (!code && ofBootstrap.includes(name)) return [];
        const path = `auth/${mount}/${folder}/${encodeURIComponent(name)}`;
        const role = await this.look(() => this.vault.read(path), undefined);
        const what = code ? role && loginDifference(code, role) : policiesText(policiesOf(role));
        return what
          ? [{ kind: "login", name: `auth/${mount} ${folder.replace(/s$/, "")} ${name}`, what }]
          : [];
      });
    });
    return found.flat(2);
  }

  private pathsOf(types: RegExp): string[] {
    return this.environment.resources
      .filter(({ type }) => types.test(type))
      .map(({ type, attributes }) => {
        const method = /^vault_([a-z]+)_(auth|secret)_backend$/.exec(type)?.[1];
        return textOf(attributes.path ?? attributes.type ?? method).replace(/^\/|\/$/g, "");
      });
  }

  private unknownMounts(
    kind: UnmanagedObject["kind"],
    mounts: Readonly<Record<string, unknown>> | undefined,
    known: readonly string[],
  ): UnmanagedObject[] {
    return Object.entries(mounts ?? {})
      .map(([path, mount]) => ({
        path: path.replace(/\/$/, ""),
        mount: mount as { type?: string; description?: string },
      }))
      .filter(({ path }) => !known.includes(path))
      .map(({ path, mount }) => ({
        kind,
        name: path,
        what: [mount.type, mount.description].filter(Boolean).join(": "),
      }));
  }
}

function policiesOf(role: Json | undefined): string[] {
  return ["token_policies", "policies", "allowed_policies", "value"].flatMap((field) =>
    listOf(role?.[field]),
  );
}

/** Description of content that cannot be compared. It counts as different. */
function notCompared(problem: string): string {
  return `is not compared with the code, where it cannot be read: ${problem}`;
}

function policiesText(policies: readonly string[]): string {
  return policies.length > 0 ? `policies ${[...new Set(policies)].join(", ")}` : "no policies";
}
