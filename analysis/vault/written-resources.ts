import type { Json } from "../terraform/blocks";
import type { Environment, Resource } from "../terraform/synthesized";
import { textOf } from "../terraform/values";
import { apiObject, argumentsOf, type MountTypes, normalApiPath } from "./api-paths";
import { jsonOf } from "./policy-texts";

/** Resources that write data to a path of Vault's API. */
const WRITES = /^vault_(generic_(endpoint|secret)|kv_secret)$/;

const known = new WeakMap<Environment, Environment>();

/**
 * Environment in which writes on paths of Vault's API are the resources that they stand for: a `vault_generic_endpoint`
 * on `sys/policies/acl/x` is a `vault_policy`. A write on an unknown path stays as it is.
 */
export function readWrites(environment: Environment): Environment {
  const before = known.get(environment);
  if (before) return before;
  const { resources } = environment;
  let result = environment;
  if (resources.some(({ type }) => WRITES.test(type))) {
    const namespaces = resources
      .filter(({ type }) => type === "vault_namespace")
      .map(({ attributes, namespace }) => [namespace, textOf(attributes.path)].filter(Boolean).join("/"))
      .sort((a, b) => b.length - a.length);
    const read = (mounts: MountTypes) => resources.map((one) => resourceOf(one, mounts, namespaces));
    // Writes can create the mounts to which other writes belong.
    result = { ...environment, resources: read(mountTypes(read(mountTypes(resources)))) };
  }
  known.set(environment, result);
  known.set(result, result);
  return result;
}

/** Types of the mounts that resources create. */
function mountTypes(resources: readonly Resource[]): MountTypes {
  const methods = new Map<string, string>();
  const engines = new Map<string, string>();
  for (const { type, attributes } of resources) {
    const [, method] = /^vault_([a-z]+_)?auth_backend$/.exec(type) ?? [];
    const [, engine] = /^vault_([a-z]+)_secret(?:s_mount|_backend)$/.exec(type) ?? [];
    const path = (usual: string) => normalApiPath(textOf(attributes.path ?? attributes.backend ?? usual));
    if (type === "vault_auth_backend" || method !== undefined) {
      const name = method?.slice(0, -1) ?? textOf(attributes.type);
      methods.set(path(name), name);
    } else if (type === "vault_mount") engines.set(path(""), textOf(attributes.type));
    else if (engine !== undefined) engines.set(path(engine), engine);
  }
  return { methods, engines };
}

function resourceOf(resource: Resource, mounts: MountTypes, namespaces: readonly string[]): Resource {
  if (!WRITES.test(resource.type)) return resource;
  const { attributes } = resource;
  // A path can begin with a namespace below that of the provider.
  const full = [resource.namespace, normalApiPath(textOf(attributes.path))].filter(Boolean).join("/");
  const namespace = namespaces.find((one) => full.startsWith(`${one}/`)) ?? resource.namespace;
  const path = namespace ? full.slice(namespace.length + 1) : full;
  const data = jsonOf(attributes.data_json);
  const found = apiObject(path, data ?? {}, mounts);
  const { stack, environment, address, writtenBy, file, existence, body } = resource;
  const own = { stack, environment, address, writtenBy, file, existence, body, namespace };
  const read = (type: string, values: Json): Resource => ({ ...own, type, values, attributes: values });
  if (!found) return read(resource.type, { ...attributes, path });
  const place = body["//"] === undefined ? {} : { "//": body["//"] };
  return read(found.type, {
    ...place,
    ...argumentsOf(found, data ?? unknownData(attributes.data_json)),
  });
}

/** Arguments of a write whose data only Terraform knows: any policy, and any value. */
function unknownData(data: unknown): Json {
  const text = textOf(data);
  return { policies: [text], policy: text, value: text, data_json: text };
}
