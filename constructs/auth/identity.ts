import type { IConstruct } from "constructs";
import { namespaceOf } from "../core/vault-scope";

const METADATA = "vault-identity";

/** Who may log in to Vault and which policies that gives, as the access map shows it. */
export interface Identity {
  /** Namespace of Vault Enterprise. @default - none: the one that Terraform logs in to */
  readonly namespace?: string;
  /** Mount that the login goes to, such as `auth/kubernetes`. */
  readonly mount: string;
  /** Role or group of that mount. */
  readonly role: string;
  /** Who it is outside Vault: a ServiceAccount, a repository, a group of people. */
  readonly subject: string;
  readonly policies: readonly string[];
}

/** Notes on a construct's node who logs in by it. */
export function noteIdentity(scope: IConstruct, identity: Omit<Identity, "namespace">): void {
  const namespace = namespaceOf(scope);
  scope.node.addMetadata(METADATA, { ...(namespace && { namespace }), ...identity });
}

/** All identities at and below a construct, in the order of the program. */
export function identitiesOf(scope: IConstruct): Identity[] {
  return scope.node
    .findAll()
    .flatMap(({ node }) =>
      node.metadata.filter(({ type }) => type === METADATA).map(({ data }) => data as Identity),
    );
}
