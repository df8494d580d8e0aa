import { EgpPolicy } from "@cdktf/provider-vault/lib/egp-policy";
import { RgpPolicy } from "@cdktf/provider-vault/lib/rgp-policy";
import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import type { IPolicy } from "../auth/policy";
import { requireVaultName } from "../auth/policy";
import { type Fields, anyText, checkProps, list, object, oneOf, text } from "../core/field";
import { literal } from "../core/literal";
import { received } from "../core/received";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";
import { claimName } from "../core/vault-names";
import { type EnterpriseProps, requireLicence, licenceFields } from "./licence";

/** Effect of a failed rule: it is only logged, can be overridden, or rejects the request. */
export type EnforcementLevel = "advisory" | "soft-mandatory" | "hard-mandatory";

/** Properties of a Sentinel policy. */
export interface SentinelPolicyProps extends EnterpriseProps {
  /** Name of the policy. */
  readonly policyName: string;
  /** Sentinel code with a rule `main`. */
  readonly code: string;
  /** Effect of a failed rule. @default hard-mandatory */
  readonly enforcementLevel?: EnforcementLevel;
}

/** Properties of SentinelEndpointPolicy. */
export interface EndpointPolicyProps extends SentinelPolicyProps {
  /** Paths of Vault's API with requests that the policy evaluates; `*` at the end is a wildcard. */
  readonly paths: readonly string[];
}

const policyFields: Fields<SentinelPolicyProps> = {
  ...licenceFields,
  policyName: text,
  code: anyText,
  enforcementLevel: oneOf("advisory", "soft-mandatory", "hard-mandatory").optional(),
};

const ENDPOINT_POLICY = object<EndpointPolicyProps>(() => ({ ...policyFields, paths: list(text) }));

const ROLE_POLICY = object<SentinelPolicyProps>(() => policyFields);

/**
 * Evaluates all requests to paths, by any client (endpoint governing policy, EGP). Planned by Terraform, but not tested
 * on Vault Enterprise: that requires a licence.
 * @see https://developer.hashicorp.com/vault/docs/enterprise/sentinel
 * @throws ValidationError without a licence, a rule `main` or a path, and for a name that is already used
 */
export class SentinelEndpointPolicy extends LibraryConstruct {
  constructor(scope: Construct, id: string, props: EndpointPolicyProps) {
    super(scope, id);
    checkProps(this, ENDPOINT_POLICY, props);
    requireLicence(this, "a Sentinel policy", props);
    if (props.paths.length === 0) throw new ValidationError(this, "paths must name one at least, got none");
    new EgpPolicy(this, "Resource", { ...checked(this, props), paths: [...props.paths] });
  }
}

/**
 * Evaluates all requests with a token that has the policy (role governing policy, RGP). Planned by Terraform, but not
 * tested on Vault Enterprise: that requires a licence.
 * @see https://developer.hashicorp.com/vault/docs/enterprise/sentinel
 * @throws ValidationError without a licence or a rule `main`, and for a name that is already used
 */
export class SentinelRolePolicy extends LibraryConstruct implements IPolicy {
  /** Name of the policy. */
  readonly policyName: string;
  /** Name of the policy as a token, so that Terraform creates it first. */
  readonly policyReference: string;

  constructor(scope: Construct, id: string, props: SentinelPolicyProps) {
    super(scope, id);
    checkProps(this, ROLE_POLICY, props);
    requireLicence(this, "a Sentinel policy", props);
    this.policyName = props.policyName;
    this.policyReference = new RgpPolicy(this, "Resource", checked(this, props)).name;
  }
}

function checked(
  scope: Construct,
  { policyName, code, enforcementLevel = "hard-mandatory" }: SentinelPolicyProps,
) {
  requireVaultName(scope, "policyName", policyName);
  if (isLiteral(code) && !/^\s*main\s*=/m.test(code)) {
    throw new ValidationError(scope, `code must have a rule main, got ${received(code)}`);
  }
  claimName(scope, "Sentinel policy", policyName);
  return { name: policyName, enforcementLevel, policy: literal(code) };
}
