import type { IConstruct } from "constructs";
import { type ImportExistingProps, requireStated } from "../core/import-existing";
import { requireSameNamespace } from "../core/vault-scope";
import { type IPolicy, Policy } from "./policy";

/** Policies of a role or group: its own, which holds what it is granted, and further ones. */
export interface PoliciesProps extends ImportExistingProps {
  /**
   * Further policies, which others write.
   * @default - none: its own policy alone; what is imported keeps the policies that it has
   */
  readonly additionalPolicies?: readonly IPolicy[];
  /** Policy that holds what is granted. @default - a new Policy, named as the role or group */
  readonly policy?: Policy;
}

/** The policies of one role or group. */
export class AttachedPolicies {
  readonly own: Policy;
  readonly all: readonly IPolicy[];

  /**
   * @param name of the policy, if it is made here
   * @throws ValidationError for a policy of another namespace, and for a name that is taken
   */
  constructor(
    private readonly scope: IConstruct,
    name: string,
    private readonly props: PoliciesProps,
  ) {
    const { additionalPolicies = [], policy, importExisting } = props;
    for (const other of additionalPolicies) requireSameNamespace(scope, "each of additionalPolicies", other);
    if (policy) requireSameNamespace(scope, "policy", policy);
    this.own = policy ?? new Policy(scope, "Policy", { policyName: name, importExisting });
    this.all = [this.own, ...additionalPolicies];
  }

  /** Names as Terraform resolves them. @returns nothing for what is imported and keeps its policies */
  get references(): string[] | undefined {
    if (this.props.importExisting && !this.props.additionalPolicies) return undefined;
    return this.all.map(({ policyReference }) => policyReference);
  }

  /** @throws ValidationError on what is imported and keeps its policies: it may not have the one that is granted to */
  requireOwn(): void {
    if (!this.props.importExisting) return;
    requireStated(
      this.scope,
      "additionalPolicies",
      this.props.additionalPolicies,
      `it keeps its policies, so that it may not have ${this.own.policyName}, which is granted to; [] for no other`,
    );
  }
}
