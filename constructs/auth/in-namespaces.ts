import type { Duration } from "../core/duration";
import { checkArguments, text } from "../core/field";
import { grantee as GRANTEE } from "./fields";
import type { IGrantee, PolicyRule } from "./policy-rule";

/** Where grants hold besides the grantee's own namespace. */
export interface GrantScope {
  /**
   * Namespace of Vault Enterprise in whose children the grants hold too, such as `teams`: rules on `teams/+/...`, so that
   * a further child changes none. A namespace right below the grantee's own will not do: Vault prefers `*` to `+/...`.
   * @default - none: the grantee's own namespace alone
   */
  readonly namespacesBelow?: string;
}

/**
 * The grantee as somebody who acts in another namespace: what is granted to it is granted to the grantee, on the paths
 * there.
 * @param namespace from the grantee's own, such as `teams/payments`; `+` stands for one segment
 */
export function inNamespace(grantee: IGrantee, namespace: string): IGrantee {
  checkArguments("inNamespace", { grantee: [grantee, GRANTEE], namespace: [namespace, text] });
  return new Elsewhere(grantee, namespace);
}

/** The grantee in each place in which grants hold. */
export function everywhere(grantee: IGrantee, { namespacesBelow }: GrantScope): IGrantee[] {
  return namespacesBelow === undefined ? [grantee] : [grantee, inNamespace(grantee, `${namespacesBelow}/+`)];
}

/**
 * Leaves nothing of a namespace that is there for its children but these, for those who may do everything else: policies
 * and tokens of its own would reach into them.
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
