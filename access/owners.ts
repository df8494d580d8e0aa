import type { AccessMap } from "./access-map";
import type { Owner } from "./changes";
import type { OwnerFact } from "./facts";
import type { Identity } from "../analysis/vault/identity";
import { environmentOf, type Environment, type Resource } from "../analysis/terraform/synthesized";
import { textOf } from "../analysis/terraform/values";

/** Kinds of objects in a secrets engine, by the type of the mount. */
const OBJECTS: Readonly<Record<string, string>> = {
  kv: "secrets",
  generic: "secrets",
  database: "database credentials",
  pki: "certificates",
  transit: "keys",
};

/** Objects in a secrets engine with their owner. */
export interface OwnedObject {
  /** Plural noun for the objects. */
  readonly noun: string;
  /** Owner of the object. @default - not known */
  readonly owner?: Owner;
}

/**
 * Owners of identities and of objects in secrets engines. Facts beside the stacks name them. Without facts, the owner of
 * a role is the service that is called like the role; its team is in the name of the stack or of the Vault namespace.
 */
export class Owners {
  private readonly services = new Map<string, Owner>();
  private readonly objects = new Map<string, Owner>();
  private readonly mounts = new Map<string, string>();
  private readonly byPath = new Map<string, OwnedObject | undefined>();
  private readonly byScope = new Map<string, Owner>();

  /** @param environments both revisions, the later one first */
  constructor(
    environments: readonly Environment[],
    maps: readonly AccessMap[],
    private readonly facts: readonly OwnerFact[],
  ) {
    for (const { identity } of maps.flatMap(({ identities }) => identities)) {
      const owner = this.ofIdentity(identity);
      if (!owner) continue;
      addOnce(this.services, keyOf(identity.namespace, owner.service), owner);
      addOnce(this.byScope, scopeOf(identity.writtenBy), owner);
    }
    for (const resource of environments.flatMap(({ resources }) => resources)) this.add(resource);
  }

  /** Owner of an identity. @returns undefined for one that is no service, such as a group of operators */
  ofIdentity({ kind, namespace, name, writtenBy, stack, bindings }: Identity): Owner | undefined {
    const fact = this.factOf(writtenBy);
    if (fact) return fact;
    const isService =
      kind === "policy"
        ? this.services.has(keyOf(namespace, name))
        : kind === "role" && bindings.some((binding) => binding.name === "bound_service_account_names");
    if (!isService) return undefined;
    const team = teamOf(stack) ?? (namespace.includes("/") ? namespace.split("/").at(-1) : undefined);
    return { service: name, ...(team !== undefined && { team }) };
  }

  /**
   * Object to which a path of Vault's API leads.
   * @param path pattern from the root namespace
   * @returns undefined if the path leads to no single object
   */
  ofPath(namespace: string, path: string): OwnedObject | undefined {
    const full = namespace ? `${namespace}/${path}` : path;
    if (!this.byPath.has(full)) this.byPath.set(full, this.find(full));
    return this.byPath.get(full);
  }

  private find(full: string): OwnedObject | undefined {
    const mount = [...this.mounts.keys()]
      .filter((it) => full.startsWith(`${it}/`))
      .sort((one, other) => other.length - one.length)[0];
    const [type, version] = mount === undefined ? [] : this.mounts.get(mount)!.split(" ");
    const noun = OBJECTS[type ?? ""];
    if (mount === undefined || noun === undefined) return undefined;
    const [first, second] = full.slice(mount.length + 1).split("/");
    const name = version === "1" ? first : second;
    // Wildcards in the name are labelled by themselves.
    if (!name || /[*+]|\{\{/.test(name)) return undefined;
    const own = this.objects.get(`${mount} ${name}`);
    return { noun, owner: own ?? this.byName(mount, name, type !== "kv" && type !== "generic") };
  }

  private byName(mount: string, name: string, isRole: boolean): Owner | undefined {
    const spaces = [...new Set([...this.services.keys()].map((key) => key.split("\n")[0]))].filter(
      (space) => space === "" || mount.startsWith(`${space}/`),
    );
    const found = spaces
      .sort((one, other) => other.length - one.length)
      .map((space) => this.services.get(keyOf(space, name)))
      .find(Boolean);
    if (found || !isRole) return found;
    // For example the role payment-service-role of the service payment-service.
    const services = [...this.services.values()].filter(({ service }) => name.startsWith(`${service}-`));
    return services.sort((one, other) => other.service.length - one.service.length)[0];
  }

  private add(resource: Resource): void {
    const { type } = resource;
    const isRole = /^vault_.*_secret(s)?_backend_(role|static_role|key)$/.test(type);
    if (type !== "vault_mount" && !isRole) return;
    const { attributes, namespace, writtenBy } = resource;
    const place = (path: string) => (namespace ? `${namespace}/${path}` : path);
    if (type === "vault_mount") {
      const { version } = (attributes.options ?? {}) as { version?: unknown };
      const kind = textOf(attributes.type).replace(/^kv-v2$/, "kv");
      const isFirst = kind === "generic" || (attributes.type === "kv" && textOf(version ?? 1) === "1");
      addOnce(this.mounts, place(textOf(attributes.path)), `${kind} ${isFirst ? 1 : 2}`);
      return;
    }
    const owner = this.factOf(writtenBy) ?? this.byScope.get(scopeOf(writtenBy));
    const [backend, name] = [attributes.backend ?? attributes.mount, attributes.name];
    if (owner) addOnce(this.objects, `${place(textOf(backend))} ${textOf(name)}`, owner);
  }

  private factOf(writtenBy: string): Owner | undefined {
    const parts = writtenBy.split("/");
    // The innermost construct counts.
    for (let length = parts.length; length > 0; length--) {
      const fact = this.factsByPath.get(parts.slice(0, length).join("/"));
      if (fact) return { service: fact.service, team: fact.team };
    }
    return undefined;
  }

  private factIndex?: ReadonlyMap<string, OwnerFact>;

  private get factsByPath(): ReadonlyMap<string, OwnerFact> {
    return (this.factIndex ??= new Map(this.facts.map((fact) => [fact.path, fact])));
  }
}

function addOnce<T>(map: Map<string, T>, key: string, value: T): void {
  if (key !== "" && !map.has(key)) map.set(key, value);
}

function keyOf(namespace: string, service: string): string {
  return `${namespace}\n${service}`;
}

/** Construct that contains the construct of a resource; "" for one that the stack itself contains. */
function scopeOf(writtenBy: string): string {
  const parts = writtenBy.split("/").slice(0, -2);
  return parts.length > 1 ? parts.join("/") : "";
}

/** Team of a stack with one team's services. */
function teamOf(stack: string): string | undefined {
  const rest = stack.slice(environmentOf(stack).length);
  return /^-(?:config|workloads)-(.+)$/.exec(rest)?.[1];
}
