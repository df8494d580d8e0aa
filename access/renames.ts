import type { Environment, Resource } from "../analysis/terraform/synthesized";
import { textOf } from "../analysis/terraform/values";
import { mark } from "./markdown";

/** Attributes that name an object, of all types with content. The object is the same if all of them are equal. */
const NAMES = ["path", "name", "bucket", "bucket_prefix", "backend", "mount", "type", "release", "namespace"];

/**
 * Resource of the later revision for the object that a removed resource has created. Without a `moved` block, Terraform
 * destroys the object and creates an empty one of the same name.
 * @returns undefined if the object itself is gone
 */
export function renamed(was: Resource, before: Environment, after: Environment): Resource | undefined {
  const name = objectOf(was);
  const earlier = addressesOf(before);
  return after.resources.find(
    (is) => is.type === was.type && !earlier.has(`${is.stack} ${is.address}`) && objectOf(is) === name,
  );
}

/** Instructions to keep the object. */
export function keepingData(was: Resource, is: Resource): string {
  const isSameStack = was.stack === is.stack;
  const address = ({ stack, address: it }: Resource) => mark(isSameStack ? it : `${it} of ${stack}`);
  const how = isSameStack
    ? `add a moved block, such as ${mark(`moveFromId("${was.address}")`)} on the new resource`
    : `add a removed block to ${mark(was.stack)} and an import block to ${mark(is.stack)}`;
  return `it is the same object at another address (${address(was)} -> ${address(is)}): ${how}, or all of this is lost`;
}

const addresses = new WeakMap<Environment, ReadonlySet<string>>();

function addressesOf(environment: Environment): ReadonlySet<string> {
  const known = addresses.get(environment);
  if (known) return known;
  const found = new Set(environment.resources.map(({ stack, address }) => `${stack} ${address}`));
  addresses.set(environment, found);
  return found;
}

function objectOf({ attributes, namespace, body }: Resource): string {
  const names = NAMES.filter((name) => attributes[name] !== undefined);
  const metadata = [attributes.metadata].flat()[0] as { name?: unknown; namespace?: unknown } | undefined;
  const values = [
    ...names.map((name) => [name, textOf(attributes[name])]),
    ...(metadata?.name === undefined
      ? []
      : [["metadata", textOf(metadata.name), textOf(metadata.namespace ?? "")]]),
  ];
  // A KMS key has no name, and is recognized by its settings.
  const settings = { ...attributes, "//": undefined, depends_on: undefined, lifecycle: undefined };
  return JSON.stringify([values.length > 0 ? values : settings, namespace, textOf(body.provider ?? "")]);
}
