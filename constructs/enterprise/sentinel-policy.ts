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

/** Whether a failed rule is only logged, can be overridden, or refuses. */
export type EnforcementLevel = "advisory" | "soft-mandatory" | "hard-mandatory";

export interface SentinelPolicyProps extends EnterpriseProps {
  readonly policyName: string;
  /** Sentinel code with a rule `main`. */
  readonly code: string;
  /** @default hard-mandatory */
  readonly enforcementLevel?: EnforcementLevel;
}

export interface EndpointPolicyProps extends SentinelPolicyProps {
  /** Paths of Vault's API whose requests it judges; `*` at the end stands for any rest. */
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
 * Judges all requests to paths, whoever makes them (EGP). Planned, not proven without a licence.
 * @see https://developer.hashicorp.com/vault/docs/enterprise/sentinel
 * @throws ValidationError without a licence, a rule `main` or a path, and for a name that is taken
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
 * Judges all requests of those whose token has the policy (RGP). Planned, not proven without a licence.
 * @see https://developer.hashicorp.com/vault/docs/enterprise/sentinel
 * @throws ValidationError without a licence or a rule `main`, and for a name that is taken
 */
export class SentinelRolePolicy extends LibraryConstruct implements IPolicy {
  readonly policyName: string;
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
