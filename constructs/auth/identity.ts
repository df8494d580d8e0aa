import type { IConstruct } from "constructs";
import { namespaceOf } from "../core/vault-scope";

const METADATA = "vault-identity";

/** A login to Vault with the policies that it gets, as the access map shows it. */
export interface Identity {
  /** Namespace of Vault Enterprise. @default - none: the namespace that Terraform logs in to */
  readonly namespace?: string;
  /** Mount of the login, such as `auth/kubernetes`. */
  readonly mount: string;
  /** Role or group of that mount. */
  readonly role: string;
  /** User or workload outside Vault: a ServiceAccount, a repository or a group of users. */
  readonly subject: string;
  /** Names of the policies. */
  readonly policies: readonly string[];
}

/** Records an identity in the metadata of the construct's node. */
export function noteIdentity(scope: IConstruct, identity: Omit<Identity, "namespace">): void {
  const namespace = namespaceOf(scope);
  scope.node.addMetadata(METADATA, { ...(namespace && { namespace }), ...identity });
}

/** Returns all identities at and below a construct, in the order of the construct tree. */
export function identitiesOf(scope: IConstruct): Identity[] {
  return scope.node
    .findAll()
    .flatMap(({ node }) =>
      node.metadata.filter(({ type }) => type === METADATA).map(({ data }) => data as Identity),
    );
}
