import { TerraformProvider, TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { isLiteral } from "./tokens";
import { ValidationError } from "./validation-error";
import { type Platform, platformOf, take } from "./vault-names";
import { shownName } from "./received";

/** Name of a Kubernetes object, which a cluster has once per kind. */
export interface ObjectName {
  /** Name of the object. */
  readonly name: string;
  /** Namespace of the object. @default - none: the object is cluster-scoped */
  readonly namespace?: string;
}

/** Attributes of the Kubernetes and Helm providers that identify the cluster. */
const CLUSTER_ATTRIBUTES = ["host", "configPath", "configPaths", "configContext", "configContextCluster"];

/**
 * Claims the name of a Kubernetes object. Kubernetes and Helm reject a duplicate only during apply. If they do not,
 * each apply reverts the other one.
 * @param kind kind in Kubernetes notation, or `Helm release`
 * @throws ValidationError if another construct has the name; the message contains both paths
 */
export function claimObject(scope: IConstruct, kind: string, { name, namespace }: ObjectName): void {
  if (namespace !== undefined && !isLiteral(namespace)) return;
  const full = namespace === undefined ? name : `${namespace}/${name}`;
  const owner = takeInCluster(scope, kind, full);
  if (owner !== undefined) {
    throw new ValidationError(
      scope,
      `${kind} ${full.split("/").map(shownName).join("/")} is taken: ${owner} has it already`,
    );
  }
}

/**
 * Claims a name that a cluster has once. Tokens are not compared.
 * @returns the path of the construct that already has the name
 */
export function takeInCluster(scope: IConstruct, kind: string, name: string): string | undefined {
  if (!isLiteral(name)) return undefined;
  return take(scope, clusterOf(scope), ["Kubernetes", kind], name)?.path;
}

/**
 * Cluster of a construct. Stacks without a context share a cluster if their providers name the same one. Otherwise each
 * stack counts as a separate cluster.
 */
function clusterOf(scope: IConstruct): Platform {
  const platform = platformOf(scope);
  if (platform.id !== undefined) return platform;
  const id = TerraformStack.of(scope)
    .node.children.map(addressOf)
    .find((address) => address !== undefined);
  return id === undefined ? platform : { owner: scope.node.root, id };
}

/** Cluster that a provider names, if it is known at synthesis. */
function addressOf(child: IConstruct): string | undefined {
  if (!(child instanceof TerraformProvider) || !/^(helm|kubernetes)$/.test(child.terraformResourceType))
    return undefined;
  // The Helm provider has the attributes in a block.
  const { kubernetes = child } = child as { kubernetes?: object };
  const values = CLUSTER_ATTRIBUTES.map((name) => (kubernetes as Record<string, unknown>)[name]);
  const isKnown = values.some(Boolean) && values.every((value) => value === undefined || isLiteral(value));
  return isKnown ? JSON.stringify(values) : undefined;
}
