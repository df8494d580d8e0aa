import { Namespace } from "@cdktf/provider-vault/lib/namespace";
import { Construct } from "constructs";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";
import { claimName } from "../core/vault-names";
import { RESERVED_NAMESPACES } from "../core/vault-reserved";
import { type EnterpriseProps, requireLicence } from "./licence";

export interface EnterpriseNamespaceProps extends EnterpriseProps {
  /** Name, such as a team's. */
  readonly path: string;
}

/**
 * A Vault of its own for one team. Planned, not proven without a licence.
 * @see https://developer.hashicorp.com/vault/docs/enterprise/namespaces
 */
export class EnterpriseNamespace extends Construct {
  readonly path: string;

  /** @throws ValidationError without a licence, for names that Vault reserves and for one that is taken */
  constructor(scope: Construct, id: string, props: EnterpriseNamespaceProps) {
    super(scope, id);
    requireLicence(this, "a namespace", props);
    const { path } = props;
    this.path = path;
    if (isLiteral(path) && (!/^[a-z0-9][a-z0-9-]*$/.test(path) || RESERVED_NAMESPACES.includes(path))) {
      throw new ValidationError(
        this,
        `path must be lower-case letters, digits and - and none of Vault's own, got "${path}"`,
      );
    }
    claimName(this, "namespace", path);
    // With it goes everything in it.
    new Namespace(this, "Resource", { path, lifecycle: { preventDestroy: true } });
  }
}
