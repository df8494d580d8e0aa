import { type Danger, dangersOf } from "../analysis/kubernetes/grave-rights";
import { type KubernetesObject, objectsOf, vaultNamespacesIn } from "../analysis/kubernetes/objects";
import { Rbac } from "../analysis/kubernetes/rbac";
import { type Right, rightsOf, uncovered } from "../analysis/kubernetes/rights";
import { placeOf } from "../analysis/terraform/sources";
import type { Environment, Resource } from "../analysis/terraform/synthesized";
import { type Label, pairUp } from "./changes";

/** Labels of dangers. */
const LABEL_OF: Readonly<Record<Danger, Label>> = {
  everything: "root",
  wildcard: "wildcard",
  secrets: "cluster secrets",
  code: "runs code",
  impersonation: "impersonates",
  grants: "policy write",
  trust: "trust",
};

/** Kubernetes objects of an environment. */
export class Cluster {
  /** Role-based access control. */
  readonly rbac: Rbac;
  /** All objects. */
  readonly objects: readonly KubernetesObject[];
  /** Namespaces with servers of Vault. */
  readonly vaultNamespaces: ReadonlySet<string>;
  private readonly resourceOf = new Map<KubernetesObject, Resource>();
  private readonly configMaps = new Map<string, KubernetesObject[]>();

  constructor({ resources }: Environment) {
    for (const resource of resources) {
      for (const object of objectsOf(resource)) this.resourceOf.set(object, resource);
    }
    this.objects = [...this.resourceOf.keys()];
    for (const object of this.objects) {
      if (object.kind !== "ConfigMap") continue;
      const key = `${object.namespace}/${object.name}`;
      this.configMaps.set(key, [...(this.configMaps.get(key) ?? []), object]);
    }
    this.rbac = new Rbac(this.objects);
    this.vaultNamespaces = vaultNamespacesIn(resources);
  }

  /** Place of an object in the code. */
  readonly placeOf = (object: KubernetesObject): string | undefined => {
    const resource = this.resourceOf.get(object);
    return resource && placeOf(resource);
  };

  /** ConfigMaps with a name: several resources may write to one. */
  configMapsOf(namespace: string, name: string): readonly KubernetesObject[] {
    return this.configMaps.get(`${namespace}/${name}`) ?? [];
  }

  /** Labels of a right. */
  labelsOf(right: Right): Label[] {
    return dangersOf(right, this.vaultNamespaces).map((danger) => LABEL_OF[danger]);
  }

  /** Labels of all rights of a ServiceAccount that nobody else has from the start. */
  labelsOfAccount(namespace: string, name: string): Label[] {
    const bindings = this.rbac.bindingsOf({ kind: "ServiceAccount", namespace, name });
    const own = bindings.filter((binding) => this.rbac.bindings.includes(binding));
    const { grants } = rightsOf(this.rbac, own);
    return [...new Set(uncovered(grants, []).flatMap((right) => this.labelsOf(right)))];
  }
}

/**
 * Pairs of objects of two revisions. Several with the same key are numbered: each of them may be the one in force, so
 * that none may hide another.
 */
export function pairObjects<T>(
  before: readonly T[],
  after: readonly T[],
  keyOf: (item: T) => string,
): { readonly key: string; readonly before?: T; readonly after?: T }[] {
  const pairs = pairUp(numbered(before, keyOf), numbered(after, keyOf), ({ key }) => key);
  return pairs.map(({ key, before: was, after: is }) => ({ key, before: was?.item, after: is?.item }));
}

function numbered<T>(items: readonly T[], keyOf: (item: T) => string): { key: string; item: T }[] {
  const counts = new Map<string, number>();
  return items.map((item) => {
    const key = keyOf(item);
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return { key: count === 1 ? key : `${key} (${count})`, item };
  });
}
