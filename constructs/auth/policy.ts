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

/** A policy, whoever made it. */
export interface IPolicy {
  readonly policyName: string;
  /** The name as Terraform resolves it: who uses it is made after the policy. */
  readonly policyReference: string;
}

/** A policy that another stack or the bootstrap makes. */
export function policyFromName(policyName: string): IPolicy {
  checkArguments("policyFromName", { policyName: [policyName, text] });
  return { policyName, policyReference: policyName };
}

/** One rule of one policy, as the access map shows it. */
export interface Grant {
  readonly policy: string;
  /** Namespace of Vault Enterprise that the policy is in. @default - none: the one that Terraform logs in to */
  readonly namespace?: string;
  readonly path: string;
  readonly capabilities: readonly string[];
  readonly reason: string;
  /** Path of the construct that granted it. */
  readonly grantedBy: string;
  /** True for a rule that was written by hand and not by a grant method. */
  readonly custom: boolean;
}

export interface PolicyProps extends ImportExistingProps {
  /** Lower case, because Vault makes it so. */
  readonly policyName: string;
  /**
   * Text that an imported policy has in Vault, as `vault read -field=policy sys/policies/acl/NAME` prints it. Grants are
   * added at its end.
   * @default - none: an imported policy keeps its text, and nothing can be granted to it
   */
  readonly document?: string;
}

const PROPS = object<PolicyProps>(() => ({
  ...importExistingFields,
  policyName: text,
  document: text.known().optional(),
}));

/**
 * A policy that consists of what was granted, and of nothing else. It is rendered when the stack is, so that grants
 * may come from anywhere in the program.
 * @see https://developer.hashicorp.com/vault/docs/concepts/policies
 * @throws ValidationError for a name that is not lower case, is Vault's own or is taken
 */
export class Policy extends LibraryConstruct implements IPolicy {
  readonly policyName: string;
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
    // A comment to Terraform; the access map reads there who granted what, and why.
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

  get rules(): PolicyRule[] {
    return [...this.granted];
  }

  /**
   * @throws ValidationError for a rule that is wrong by itself, contradicts an earlier one or is for what is in another
   * namespace of Vault Enterprise
   */
  grant(rule: PolicyRule): void {
    this.add(rule, false);
  }

  /**
   * Adds a rule that no grant method writes; it is marked as such in the access map.
   * @throws ValidationError as `grant` does
   */
  addCustomRule(rule: PolicyRule): void {
    this.add(rule, true);
  }

  /** Whether Vault keeps the text that it has. */
  private get isKept(): boolean {
    return this.props.importExisting === true && this.document === undefined;
  }

  private get text(): string {
    return this.document?.with(this.granted) ?? renderPolicy(this.granted);
  }

  private import(resource: VaultPolicy): void {
    importResource(resource, this.policyName, this.isKept ? ["policy"] : []);
    // The provider takes a policy that is not there for an empty one.
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
    const grant: Grant = {
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

/** All grants of the policies at and below a construct, in the order of the program. */
export function grantsOf(scope: IConstruct): Grant[] {
  checkArguments("grantsOf", { scope: [scope, construct] });
  return scope.node
    .findAll()
    .flatMap(({ node }) =>
      node.metadata.filter(({ type }) => type === METADATA).map(({ data }) => data as Grant),
    );
}

/** Without what the resource itself says, and with the places in the source where these are recorded. */
function recordedGrants({ node }: Policy) {
  return node.metadata
    .filter(({ type }) => type === METADATA)
    .map(({ data, trace }) => {
      const { path, capabilities, reason, grantedBy, custom } = data as Grant;
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
 * Vault lowers the case of policies and roles, which Terraform would then see as a difference each time.
 * @throws ValidationError for another name
 */
export function requireVaultName(scope: IConstruct, prop: string, name: string): void {
  if (isLiteral(name) && !/^[a-z0-9][a-z0-9_.-]*$/.test(name)) {
    throw new ValidationError(
      scope,
      `${prop} must be lower-case letters, digits, -, _ and ., got ${received(name)}`,
    );
  }
}
