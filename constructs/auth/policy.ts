import { Policy as VaultPolicy } from "@cdktf/provider-vault/lib/policy";
import { Lazy } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { checkArguments, checkProps, object, text } from "../core/field";
import { construct } from "../core/fields";
import {
  importResource,
  importExistingFields,
  type ImportExistingProps,
  KEPT,
} from "../core/import-existing";
import { literal } from "../core/literal";
import { received } from "../core/received";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";
import { claimName } from "../core/vault-names";
import { namespaceOf } from "../core/vault-scope";
import { renderPolicy } from "../policy/render-policy";
import { policyRule } from "./fields";
import { ExistingDocument } from "./existing-document";
import { type PolicyRule, requireAgreement, requireReach, requireRule } from "./policy-rule";

const METADATA = "vault-grant";

/** A policy that this app creates or references. */
export interface IPolicy {
  /** Name of the policy. */
  readonly policyName: string;
  /** Name as a token, so that Terraform creates resources that use the policy after it. */
  readonly policyReference: string;
}

/** One rule of one policy, as the access map shows it. */
export interface GrantedRule {
  /** Name of the policy. */
  readonly policy: string;
  /** Namespace of the policy in Vault Enterprise. @default - none: the namespace that Terraform logs in to */
  readonly namespace?: string;
  /** Path in Vault's API, as in the rule. */
  readonly path: string;
  /** Capabilities that the rule grants. */
  readonly capabilities: readonly string[];
  /** Reason for the grant, for reviewers. */
  readonly reason: string;
  /** Path of the construct that grants the rule. */
  readonly grantedBy: string;
  /** True for a rule that was written by hand, not by a grant method. */
  readonly custom: boolean;
}

/** Name of a `Policy`, and its text if it is imported. */
export interface PolicyProps extends ImportExistingProps {
  /** Name in lower case, because Vault lowers the case of policy names. */
  readonly policyName: string;
  /**
   * Text of the imported policy in Vault, as `vault read -field=policy sys/policies/acl/NAME` prints it. Grants are
   * appended to it.
   * @default - none: an imported policy keeps its text and accepts no grants
   */
  readonly document?: string;
}

const PROPS = object<PolicyProps>(() => ({
  ...importExistingFields,
  policyName: text,
  document: text.known().optional(),
}));

class ImportedPolicy extends LibraryConstruct implements IPolicy {
  readonly policyReference: string;

  constructor(
    scope: Construct,
    id: string,
    readonly policyName: string,
  ) {
    super(scope, id);
    checkArguments(this, { policyName: [policyName, text] });
    this.policyReference = policyName;
  }
}

/**
 * A policy that contains its grants and nothing else. It is rendered during synthesis, so you can call grant methods
 * anywhere in your app.
 * @see https://developer.hashicorp.com/vault/docs/concepts/policies
 * @throws ValidationError for a name that is not lower case, a name that Vault reserves, and a name that is taken
 */
export class Policy extends LibraryConstruct implements IPolicy {
  /** References a policy that another stack or the bootstrap creates. */
  static fromPolicyName(scope: Construct, id: string, policyName: string): IPolicy {
    return new ImportedPolicy(scope, id, policyName);
  }

  /** Name of the policy. */
  readonly policyName: string;
  /** Name as a token, so that Terraform creates resources that use the policy after it. */
  readonly policyReference: string;
  private readonly granted: PolicyRule[] = [];
  private readonly document?: ExistingDocument;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: PolicyProps,
  ) {
    super(scope, id);
    checkProps(this, PROPS, props);
    this.policyName = props.policyName;
    requireVaultName(this, "policyName", this.policyName);
    claimName(this, "policy", this.policyName);
    if (props.document !== undefined && !props.importExisting) {
      throw new ValidationError(
        this,
        "document must be left out unless importExisting is set: it is the text of a policy that exists",
      );
    }
    this.document = props.document === undefined ? undefined : new ExistingDocument(this, props.document);
    const resource = new VaultPolicy(this, "Resource", {
      name: this.policyName,
      policy: this.isKept ? KEPT : Lazy.stringValue({ produce: () => literal(this.text) }),
    });
    if (props.importExisting) this.import(resource);
    // Terraform ignores this argument as a comment. The access map reads the grants and their reasons from it.
    resource.addOverride("//.grants", Lazy.anyValue({ produce: () => recordedGrants(this) }));
    this.node.addValidation({
      validate: () =>
        this.granted.length > 0 || props.importExisting
          ? []
          : [
              `policy ${this.policyName} grants nothing, and Vault refuses an empty one; call a grant method, ` +
                `such as keyValueEngine.grantRead() [${this.node.path}]`,
            ],
    });
    this.policyReference = resource.name;
  }

  /** Rules that the policy contains. */
  get rules(): PolicyRule[] {
    return [...this.granted];
  }

  /**
   * Adds a rule to the policy.
   * @throws ValidationError for a rule that is wrong by itself, contradicts an earlier rule, or is for a construct in
   * another namespace of Vault Enterprise, and for a rule on an imported policy without document
   */
  grant(rule: PolicyRule): void {
    this.add(rule, false);
  }

  /**
   * Adds a rule that no grant method covers. The access map marks it as custom.
   * @throws ValidationError as `grant` does
   */
  addCustomRule(rule: PolicyRule): void {
    this.add(rule, true);
  }

  /** True if the policy keeps its text in Vault. */
  private get isKept(): boolean {
    return this.props.importExisting === true && this.document === undefined;
  }

  private get text(): string {
    return this.document?.with(this.granted) ?? renderPolicy(this.granted);
  }

  private import(resource: VaultPolicy): void {
    importResource(resource, this.policyName, this.isKept ? ["policy"] : []);
    // The provider reads a missing policy as an empty one.
    resource.addOverride("lifecycle.postcondition", [
      {
        condition: '${self.policy != ""}',
        error_message: `The policy ${this.policyName} must exist in Vault to be imported: leave out importExisting.`,
      },
    ]);
  }

  private add(rule: PolicyRule, custom: boolean): void {
    checkProps(this, policyRule, rule);
    if (this.isKept) {
      throw new ValidationError(
        this,
        `document must be set on an imported policy that is granted anything, got nothing and a rule on ${rule.path}: ` +
          `the policy keeps its text, which \`vault read -field=policy sys/policies/acl/${this.policyName}\` prints`,
      );
    }
    requireRule(this, rule);
    requireReach(this, rule);
    for (const earlier of this.granted) requireAgreement(this, earlier, rule);
    this.document?.requireAddable(rule);
    this.granted.push(rule);
    const namespace = namespaceOf(this);
    const grant: GrantedRule = {
      policy: this.policyName,
      ...(namespace && { namespace }),
      path: rule.path,
      capabilities: [...rule.capabilities],
      reason: rule.reason,
      grantedBy: (rule.grantedBy ?? this).node.path,
      custom,
    };
    this.node.addMetadata(METADATA, grant);
  }
}

/** Returns all grants of the policies at and below a construct, in the order of the construct tree. */
export function grantsOf(scope: IConstruct): GrantedRule[] {
  checkArguments("grantsOf", { scope: [scope, construct] });
  return scope.node
    .findAll()
    .flatMap(({ node }) =>
      node.metadata.filter(({ type }) => type === METADATA).map(({ data }) => data as GrantedRule),
    );
}

/** Grants without the fields of the resource itself, and with the source locations at which they were recorded. */
function recordedGrants({ node }: Policy) {
  return node.metadata
    .filter(({ type }) => type === METADATA)
    .map(({ data, trace }) => {
      const { path, capabilities, reason, grantedBy, custom } = data as GrantedRule;
      return {
        path,
        capabilities,
        reason,
        grantedBy,
        ...(custom && { custom }),
        ...(trace && { stackTrace: trace }),
      };
    });
}

/**
 * Rejects names that are not lower case. Vault lowers the case of policies and roles, which Terraform would then
 * report as a difference in each plan.
 * @throws ValidationError for a name with other characters
 */
export function requireVaultName(scope: IConstruct, prop: string, name: string): void {
  if (isLiteral(name) && !/^[a-z0-9][a-z0-9_.-]*$/.test(name)) {
    throw new ValidationError(
      scope,
      `${prop} must be lower-case letters, digits, -, _ and ., got ${received(name)}`,
    );
  }
}
