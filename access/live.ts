import { bootstrapNames } from "../constructs/jobs/bootstrap-names";
import { bootstrapPolicyName } from "../analysis/vault/bootstrap";
import { accessMap, type AccessMap } from "./access-map";
import { deviceDifference, directoryDifference, loginDifference, policyDifference } from "./live-contents";
import { LOGIN_FOLDERS, folderFits } from "../analysis/vault/login-folders";
import { mapSome } from "./map-some";
import type { Json } from "../analysis/terraform/references";
import { surroundingsOf } from "./risks";
import type { Environment } from "../analysis/terraform/synthesized";
import { listOf, textOf } from "../analysis/terraform/values";
import { Denied, type VaultClient } from "./vault-client";

/** Something that stands in Vault and that the code does not have, or has otherwise. */
export interface Stray {
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
  readonly name: string;
  /** Namespace of Vault Enterprise. @default - the root namespace */
  readonly namespace?: string;
  /** What can be said of it, such as its policies. */
  readonly what: string;
}

export interface LiveReport {
  readonly environment: string;
  readonly strays: readonly Stray[];
  /** Where the login may not look, so that nothing is known. */
  readonly denied: readonly string[];
}

const VAULTS_MOUNTS = ["cubbyhole", "identity", "sys", "agent-registry"];
const VAULTS_POLICIES = ["default", "root", "control-group", "response-wrapping"];

/** Vault names the entity of a first login so; in a namespace, the id of that follows. */
const MADE_BY_LOGIN = /^entity_[0-9a-f]{8}(\.\w+)?$/;

/**
 * Looks for what was made by hand: a plan sees only what its state has.
 * What the bootstrap owns is known and is no stray.
 * @param own namespace of Vault Enterprise, in which the login is; those below that the code has are looked into as well
 * @default - the root namespace
 */
export async function findStrays(
  environment: Environment,
  vault: VaultClient,
  own = "",
): Promise<LiveReport> {
  const strays: Stray[] = [];
  const denied: string[] = [];
  const below = surroundingsOf(environment).namespaces.filter(
    // Those that will be made, or that Terraform alone knows, cannot be asked for.
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
): Promise<Pick<LiveReport, "strays" | "denied">> {
  const denied: string[] = [];
  /** Goes on where the login may not look, and says so. */
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
    // Vault has them for all namespaces.
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

  async auditDevices(): Promise<Stray[]> {
    const known = [...this.pathsOf(/^vault_audit$/), bootstrapNames.auditPath];
    const devices = (await this.look(() => this.vault.read("sys/audit"), undefined)) ?? {};
    const changed = this.environment.resources
      .filter(({ type }) => type === "vault_audit")
      .flatMap(({ attributes }): Stray[] => {
        const name = textOf(attributes.path ?? attributes.type).replace(/\/$/, "");
        const device = devices[`${name}/`] as Json | undefined;
        const what = device && deviceDifference(attributes, device);
        return what ? [{ kind: "audit device", name, what }] : [];
      });
    return [...this.unknownMounts("audit device", devices, known), ...changed];
  }

  async mounts(): Promise<Stray[]> {
    const known = [
      ...this.pathsOf(/^vault_(mount|database_secrets_mount|[a-z]+_secret_backend)$/),
      ...VAULTS_MOUNTS,
    ];
    const mounts = await this.look(() => this.vault.read("sys/mounts"), undefined);
    return this.unknownMounts("mount", mounts, known);
  }

  /** Namespaces of Vault Enterprise; what stands in those that the code does not have is not looked at. */
  async namespaces(): Promise<Stray[]> {
    const known = this.pathsOf(/^vault_namespace$/);
    const names = await this.look(() => this.vault.list("sys/namespaces"), []);
    return names
      .filter((name) => !known.includes(name))
      .map((name) => ({ kind: "namespace", name, what: "not looked into" }));
  }

  /** Mounts of auth methods, and what stands in those that the code has. */
  async authMounts(): Promise<Stray[]> {
    const known = [...this.pathsOf(/^vault_([a-z]+_)?auth_backend$/), "token", bootstrapNames.authPath];
    const mounts = (await this.look(() => this.vault.read("sys/auth"), undefined)) ?? {};
    const logins = await mapSome(Object.entries(mounts), async ([mount, value]) =>
      this.logins(mount.replace(/\/$/, ""), textOf((value as { type: string }).type)),
    );
    return [...this.unknownMounts("auth mount", mounts, known), ...logins.flat()];
  }

  async policies(): Promise<Stray[]> {
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
      .map((name): Stray => ({ kind: "policy", name, what: "vault policy read shows it" }));
    const changed = await mapSome(this.map.policies.all, async (policy): Promise<Stray[]> => {
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

  /** Entities that a login made are no one's work, unless someone gave them policies. */
  async directory(kind: "entity" | "group"): Promise<Stray[]> {
    const known = this.map.identities.map(({ identity }) => identity).filter((it) => it.kind === kind);
    const names = await this.look(() => this.vault.list(`identity/${kind}/name`), []);
    const found = await mapSome(names, async (name): Promise<Stray[]> => {
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

  /** Tokens with the policy root stand until someone revokes them, or for ever. */
  async rootTokens(): Promise<Stray[]> {
    const accessors = await this.look(() => this.vault.list("auth/token/accessors"), []);
    const found = await mapSome(accessors, async (accessor): Promise<Stray[]> => {
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

  private async logins(mount: string, type: string): Promise<Stray[]> {
    const { authPath, deployRole, checkRole } = bootstrapNames;
    const known = this.map.identities
      .map(({ identity }) => identity)
      .filter((it) => it.mount === `auth/${mount}`);
    const ofBootstrap: readonly string[] = mount === authPath ? [deployRole, checkRole] : [];
    const found = await mapSome(LOGIN_FOLDERS[type] ?? [], async (folder) => {
      const names = await this.look(() => this.vault.list(`auth/${mount}/${folder}`), []);
      return mapSome(names, async (name): Promise<Stray[]> => {
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
    kind: Stray["kind"],
    mounts: Readonly<Record<string, unknown>> | undefined,
    known: readonly string[],
  ): Stray[] {
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

/** What is not known counts as different. */
function notCompared(problem: string): string {
  return `is not compared with the code, where it cannot be read: ${problem}`;
}

function policiesText(policies: readonly string[]): string {
  return policies.length > 0 ? `policies ${[...new Set(policies)].join(", ")}` : "no policies";
}
