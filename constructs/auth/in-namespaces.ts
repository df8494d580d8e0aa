import type { Duration } from "../core/duration";
import { checkArguments, text } from "../core/field";
import { grantee as GRANTEE } from "./fields";
import type { IGrantee, PolicyRule } from "./policy-rule";

/** Namespaces in which grants apply, besides the grantee's own namespace. */
export interface GrantScope {
  /**
   * Namespace of Vault Enterprise, such as `teams`. The grants also apply in its child namespaces: the rules are on
   * `teams/+/...`, so a new child changes none of them. This cannot cover namespaces directly below the grantee's
   * own, because Vault prefers `*` to `+/...`.
   * @default - none: only the grantee's own namespace
   */
  readonly namespacesBelow?: string;
}

/**
 * Returns a grantee for paths in another namespace. It passes each grant on to the original grantee, with the
 * namespace before the path.
 * @param namespace relative to the grantee's own, such as `teams/payments`; `+` stands for one segment
 */
export function inNamespace(grantee: IGrantee, namespace: string): IGrantee {
  checkArguments("inNamespace", { grantee: [grantee, GRANTEE], namespace: [namespace, text] });
  return new Elsewhere(grantee, namespace);
}

/** Returns the grantee for its own namespace and, if the scope has them, for the child namespaces. */
export function everywhere(grantee: IGrantee, { namespacesBelow }: GrantScope): IGrantee[] {
  return namespacesBelow === undefined ? [grantee] : [grantee, inNamespace(grantee, `${namespacesBelow}/+`)];
}

/**
 * Rules that limit a parent namespace to the management of its children. They are for a grantee that may do
 * everything else: policies and tokens of the parent would also apply to the children.
 */
export function rulesOnParent(parent: string): PolicyRule[] {
  const nothing = ["auth", "identity", "sys"].map((part): PolicyRule => ({
    path: `${parent}/${part}/*`,
    capabilities: ["deny"],
    reason: "is there for its namespaces, into which logins and policies of its own would reach",
  }));
  return [
    ...nothing,
    {
      path: `${parent}/sys/namespaces/*`,
      capabilities: ["create", "read", "update", "patch", "delete", "list"],
      reason: "makes namespaces",
    },
  ];
}

class Elsewhere implements IGrantee {
  readonly tokenMaxTtl: Duration;
  readonly isPeriodic: boolean;

  constructor(
    private readonly grantee: IGrantee,
    private readonly namespace: string,
  ) {
    this.tokenMaxTtl = grantee.tokenMaxTtl;
    this.isPeriodic = grantee.isPeriodic;
  }

  get node() {
    return this.grantee.node;
  }

  grant(rule: PolicyRule): void {
    const [path, namespace] = [rule.path, rule.namespace].map((part) =>
      [this.namespace, part].filter(Boolean).join("/"),
    );
    this.grantee.grant({ ...rule, path, namespace });
  }
}
