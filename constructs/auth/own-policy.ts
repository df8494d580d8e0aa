import type { IConstruct } from "constructs";
import { type ImportExistingProps, requireStated } from "../core/import-existing";
import { requireSameNamespace } from "../core/vault-scope";
import { type IPolicy, Policy } from "./policy";

/** Policies of a role or group: the policy that contains its grants, and additional ones. */
export interface PoliciesProps extends ImportExistingProps {
  /**
   * Additional policies, which are managed elsewhere.
   * @default - none: only the policy with the grants; an imported role or group keeps its policies
   */
  readonly additionalPolicies?: readonly IPolicy[];
  /** Policy that contains the grants. @default - a new Policy with the name of the role or group */
  readonly policy?: Policy;
}

/**
 * The policies of one role or group. `name` is the name of the policy that is created if `policy` is not set.
 * @throws ValidationError for a policy of another namespace, and for a name that is taken
 */
export class AttachedPolicies {
  /** Policy that contains the grants. */
  readonly own: Policy;
  /** Policy that contains the grants, then the additional policies. */
  readonly all: readonly IPolicy[];

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

  /**
   * Names of the policies as tokens.
   * @returns undefined for an imported role or group that keeps its policies
   */
  get references(): string[] | undefined {
    if (this.props.importExisting && !this.props.additionalPolicies) return undefined;
    return this.all.map(({ policyReference }) => policyReference);
  }

  /**
   * Checks that the role or group has the policy that contains the grants.
   * @throws ValidationError for an imported role or group that keeps its policies: they may not include this one
   */
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
