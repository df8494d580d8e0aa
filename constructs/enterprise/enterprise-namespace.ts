import { Namespace } from "@cdktf/provider-vault/lib/namespace";
import { TerraformElement } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { anyText, checkArguments, checkProps, object } from "../core/field";
import { construct as CONSTRUCT } from "../core/fields";
import { received } from "../core/received";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";
import { claimMount, claimName } from "../core/vault-names";
import {
  enterNamespace,
  isNamespaceName,
  namespaceOf,
  pathFromRoot,
  requireNamespacePath,
} from "../core/vault-scope";
import { type EnterpriseProps, requireLicence, licenceFields } from "./licence";

/**
 * Namespace of Vault Enterprise that this app creates or that already exists. Constructs with it as their scope are
 * created in it.
 */
export interface IEnterpriseNamespace extends IConstruct {
  /** Path relative to the namespace that Terraform logs in to, such as `teams/payments`. */
  readonly fullPath: string;
  /**
   * Full path for arguments of resources. It is a token if this stack creates the namespace, so that Terraform creates
   * the contents after it.
   */
  readonly pathReference: string;
}

/** Attributes of an existing namespace. */
export interface EnterpriseNamespaceAttributes {
  /** Path relative to the namespace that Terraform logs in to, such as `teams/payments`. */
  readonly path: string;
}

/** Properties of EnterpriseNamespace. */
export interface EnterpriseNamespaceProps extends EnterpriseProps {
  /** Name of the namespace, such as a team's. */
  readonly path: string;
}

const ATTRIBUTES = object<EnterpriseNamespaceAttributes>(() => ({ path: anyText }));

const PROPS = object<EnterpriseNamespaceProps>(() => ({ ...licenceFields, path: anyText }));

/** Scope that sets its path on its resources, unless they or a nested namespace set another one. */
abstract class NamespaceScope extends LibraryConstruct implements IEnterpriseNamespace {
  abstract readonly pathReference: string;
  /** Resource of the namespace, which is in the parent namespace. @default - another stack creates it */
  readonly resource?: Namespace;

  constructor(
    scope: Construct,
    id: string,
    readonly fullPath: string,
  ) {
    super(scope, id);
  }

  /** Places constructs that are created below from now on in this namespace. */
  protected enter(): void {
    enterNamespace(this, this.fullPath);
    new Placement(this);
  }
}

/** The innermost namespace that contains a construct. */
function scopeOf(construct: IConstruct): NamespaceScope | undefined {
  return construct.node.scopes.reverse().find((scope) => scope instanceof NamespaceScope);
}

/**
 * Sets the namespace of resources during synthesis. It is the first child, and cdktf synthesizes children in order. So
 * resources have their namespace when they are synthesized, regardless of the code that created them and of when.
 *
 * An aspect would be too late for the hardening rules, which read all stacks when the first one is validated.
 */
class Placement extends TerraformElement {
  constructor(private readonly namespace: NamespaceScope) {
    super(namespace, "Placement");
  }

  override toTerraform(): object {
    this.place();
    return {};
  }

  override toHclTerraform(): object {
    this.place();
    return {};
  }

  private place(): void {
    const { namespace } = this;
    for (const construct of namespace.node.findAll()) {
      if (isPlaced(construct) && construct !== namespace.resource && scopeOf(construct) === namespace) {
        construct.namespace = construct.namespaceInput ?? namespace.pathReference;
      }
    }
  }
}

/** Resource, data source or other element of Vault's provider. */
interface Placed extends TerraformElement {
  namespace?: string;
  readonly namespaceInput?: string;
}

function isPlaced(construct: IConstruct): construct is Placed {
  const { terraformResourceType } = construct as { terraformResourceType?: string };
  return terraformResourceType?.startsWith("vault_") === true;
}

class ImportedNamespace extends NamespaceScope {
  constructor(scope: Construct, id: string, fullPath: string) {
    super(scope, id, fullPath);
    requireNamespacePath(this, "path", fullPath);
    const around = namespaceOf(scope);
    if (around !== "" && !fullPath.startsWith(`${around}/`)) {
      throw new ValidationError(
        this,
        `path must be from the root namespace, and below ${around}, in which it is, got ${received(fullPath)}`,
      );
    }
    this.enter();
  }

  get pathReference(): string {
    return this.fullPath;
  }
}

/**
 * Separate Vault for one team. Constructs with it as their scope are created in it, and can reuse names from other
 * namespaces. Planned by Terraform, but not tested on Vault Enterprise: that requires a licence.
 * @see https://developer.hashicorp.com/vault/docs/enterprise/namespaces
 * @throws ValidationError without a licence, for names that Vault reserves, and for a name that is already used
 */
export class EnterpriseNamespace extends NamespaceScope {
  /**
   * References a namespace of another stack, such as the platform's namespace for a team's shard.
   * @throws ValidationError for an invalid path, and for a path that is not below the enclosing namespace
   */
  static fromAttributes(
    scope: Construct,
    id: string,
    attributes: EnterpriseNamespaceAttributes,
  ): IEnterpriseNamespace {
    checkProps(`${scope.node.path}/${id}`, ATTRIBUTES, attributes);
    return new ImportedNamespace(scope, id, attributes.path);
  }

  /** Path of a construct's namespace, relative to the one that Terraform logs in to; "" for that one. */
  static pathOf(scope: IConstruct): string {
    checkArguments("EnterpriseNamespace.pathOf", { scope: [scope, CONSTRUCT] });
    return namespaceOf(scope);
  }

  /** Name of the namespace. */
  readonly path: string;
  /** Full path as a token, so that Terraform creates contents after the namespace. */
  readonly pathReference: string;
  /** Resource of the namespace. */
  override readonly resource: Namespace;

  constructor(scope: Construct, id: string, props: EnterpriseNamespaceProps) {
    checkProps(`${scope.node.path}/${id}`, PROPS, props);
    const { path } = props;
    super(scope, id, pathFromRoot(scope, path));
    this.path = path;
    requireLicence(this, "a namespace", props);
    if (isLiteral(path) && !isNamespaceName(path)) {
      throw new ValidationError(
        this,
        `path must be lower-case letters, digits and - and none of Vault's own, got ${received(path)}`,
      );
    }
    claimName(this, "namespace", path);
    // A mount and a namespace with the same path would be ambiguous in requests.
    claimMount(this, path);
    this.enter();
    this.resource = new Namespace(this, "Resource", {
      path,
      namespace: scopeOf(scope)?.pathReference,
      // Deleting the namespace deletes everything in it.
      lifecycle: { preventDestroy: true },
    });
    this.pathReference = this.resource.pathFq;
  }
}
