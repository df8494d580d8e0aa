import { TerraformProvider, TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { isLiteral } from "./tokens";
import { ValidationError } from "./validation-error";
import { type Platform, platformOf, take } from "./vault-names";

/** An object by what a cluster has once. */
export interface ObjectName {
  readonly name: string;
  /** @default - none: the object belongs to the cluster */
  readonly namespace?: string;
}

/** Attributes of the providers of Kubernetes and Helm that say which cluster it is. */
const CLUSTER_ATTRIBUTES = ["host", "configPath", "configPaths", "configContext", "configContextCluster"];

/**
 * Takes the name of an object of Kubernetes. Kubernetes and Helm refuse a second one only when it is applied, and where
 * they do not, each apply undoes the other's.
 * @param kind as Kubernetes writes it, or `Helm release`
 * @throws ValidationError if another construct has the name; both paths are named
 */
export function claimObject(scope: IConstruct, kind: string, { name, namespace }: ObjectName): void {
  if (namespace !== undefined && !isLiteral(namespace)) return;
  const full = namespace === undefined ? name : `${namespace}/${name}`;
  const owner = takeInCluster(scope, kind, full);
  if (owner !== undefined) {
    throw new ValidationError(scope, `${kind} ${full} is taken: ${owner} has it already`);
  }
}

/**
 * Takes a name that a cluster has once. A token is not compared.
 * @returns the path of the construct that has it already
 */
export function takeInCluster(scope: IConstruct, kind: string, name: string): string | undefined {
  if (!isLiteral(name)) return undefined;
  return take(scope, clusterOf(scope), ["Kubernetes", kind], name)?.path;
}

/** Stacks without a context are of one cluster if their providers say so, and else of clusters of their own. */
function clusterOf(scope: IConstruct): Platform {
  const platform = platformOf(scope);
  if (platform.id !== undefined) return platform;
  const id = TerraformStack.of(scope)
    .node.children.map(addressOf)
    .find((address) => address !== undefined);
  return id === undefined ? platform : { owner: scope.node.root, id };
}

/** What a provider says of its cluster, if that is known now. */
function addressOf(child: IConstruct): string | undefined {
  if (!(child instanceof TerraformProvider) || !/^(helm|kubernetes)$/.test(child.terraformResourceType))
    return undefined;
  // Helm's has them in a block.
  const { kubernetes = child } = child as { kubernetes?: object };
  const values = CLUSTER_ATTRIBUTES.map((name) => (kubernetes as Record<string, unknown>)[name]);
  const isKnown = values.some(Boolean) && values.every((value) => value === undefined || isLiteral(value));
  return isKnown ? JSON.stringify(values) : undefined;
}
