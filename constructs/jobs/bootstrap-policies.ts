import { RootConstruct } from "constructs";
import { grantDeploy } from "../auth/access-levels";
import { everywhere } from "../auth/in-namespaces";
import { type Capability, type IGrantee, type PolicyRule } from "../auth/policy-rule";
import { Duration } from "../core/duration";
import { databasePaths, keyValuePaths, pkiPaths, transitPaths } from "../engines/engine-paths";
import { renderPolicy } from "../policy/render-policy";

/** Mounts of the config layer, at the default paths of their constructs. */
const MOUNTS = [
  keyValuePaths("secret"),
  databasePaths("database"),
  pkiPaths("pki"),
  pkiPaths("pki-root"),
  transitPaths("transit"),
];

/** Policies of the bootstrap. Terraform can read them and cannot change them. */
const OWN_POLICIES = ["sys/policies/acl/terraform-*", "sys/policy/terraform-*"];

/** TOTP paths that this policy does not deny: break-glass uses the policy to enrol a user again. Pipelines never do. */
const SECOND_FACTORS = ["identity/mfa/method/totp/admin-*", "sys/mfa/method/totp/+/admin-*"];

/**
 * Renders the policy with which Terraform configures Vault: the grants of `grantDeploy` for the default mounts, and a
 * few exceptions from its denials.
 * @param namespacesBelow as in `GrantScope`: the denials also apply there
 */
export function deployPolicy(namespacesBelow?: string): string {
  const granted = new RecordedGrants();
  grantDeploy(granted, MOUNTS, { namespacesBelow });
  const exceptions = new RecordedGrants();
  exceptions.allow("secret/data/vault-platform/canary", ["create", "read", "update", "delete"], {
    reason: "writes the canary by which a restored snapshot is tried",
  });
  for (const grantee of everywhere(exceptions, { namespacesBelow })) {
    grantee.grant({
      path: "pki-root/issuer/+/sign-intermediate",
      capabilities: ["update"],
      reason: "has the certificate of the issuing CA signed when it sets up PKI",
    });
    for (const path of OWN_POLICIES) {
      grantee.grant({ path, capabilities: ["read"], reason: "sees its own policy", narrows: true });
    }
  }
  const isExcepted = ({ path }: PolicyRule) =>
    exceptions.rules.some((exception) => exception.path === path) ||
    SECOND_FACTORS.some((factor) => `/${path}`.endsWith(`/${factor}`));
  return renderPolicy([...granted.rules.filter((rule) => !isExcepted(rule)), ...exceptions.rules]);
}

/**
 * Renders the policy of the bootstrap's job. It allows the job to verify its work, and to find and revoke a lost root
 * token.
 */
export function bootstrapPolicy(): string {
  const verifies = { reason: "verifies what the bootstrap set up" };
  const revokes = { reason: "finds and revokes a root token that was lost" };
  const granted = new RecordedGrants();
  granted.allow("sys/audit", ["read", "sudo"], verifies);
  for (const path of [
    "sys/auth",
    "sys/policies/acl/terraform-deploy",
    "sys/policies/acl/terraform-bootstrap",
    "auth/terraform/config",
    "auth/terraform/role/deploy",
    "auth/terraform/role/bootstrap",
  ]) {
    granted.allow(path, ["read"], verifies);
  }
  granted.allow("auth/token/accessors", ["list", "sudo"], revokes);
  granted.allow("auth/token/lookup-accessor", ["update"], revokes);
  granted.allow("auth/token/revoke-accessor", ["update"], revokes);
  return renderPolicy(granted.rules);
}

/** Grantee outside of any stack that records the rules that it receives. */
class RecordedGrants extends RootConstruct implements IGrantee {
  readonly rules: PolicyRule[] = [];
  readonly tokenMaxTtl = Duration.minutes(30);
  readonly isPeriodic = false;

  grant(rule: PolicyRule): void {
    this.rules.push(rule);
  }

  allow(path: string, capabilities: readonly Capability[], { reason }: Pick<PolicyRule, "reason">): void {
    this.grant({ path, capabilities, reason });
  }
}
