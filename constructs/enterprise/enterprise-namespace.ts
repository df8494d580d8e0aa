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

/** A namespace of Vault Enterprise, whoever made it. What has it as its scope is made in it. */
export interface IEnterpriseNamespace extends IConstruct {
  /** Path from the namespace that Terraform logs in to, such as `teams/payments`. */
  readonly fullPath: string;
  /** The full path as Terraform resolves it: what is in the namespace is made after it. */
  readonly pathReference: string;
}

export interface EnterpriseNamespaceAttributes {
  /** Path from the namespace that Terraform logs in to, such as `teams/payments`. */
  readonly path: string;
}

export interface EnterpriseNamespaceProps extends EnterpriseProps {
  /** Name, such as a team's. */
  readonly path: string;
}

const ATTRIBUTES = object<EnterpriseNamespaceAttributes>(() => ({ path: anyText }));

const PROPS = object<EnterpriseNamespaceProps>(() => ({ ...licenceFields, path: anyText }));

/** A scope whose resources get its path, unless a namespace within it or they themselves say otherwise. */
abstract class NamespaceScope extends LibraryConstruct implements IEnterpriseNamespace {
  abstract readonly pathReference: string;
  /** The namespace itself, which is in its parent. @default - another stack makes it */
  readonly resource?: Namespace;

  constructor(
    scope: Construct,
    id: string,
    readonly fullPath: string,
  ) {
    super(scope, id);
  }

  /** Has what is made beneath from now on made in it. */
  protected enter(): void {
    enterNamespace(this, this.fullPath);
    new Placement(this);
  }
}

/** The innermost namespace that holds a construct. */
function scopeOf(construct: IConstruct): NamespaceScope | undefined {
  return construct.node.scopes.reverse().find((scope) => scope instanceof NamespaceScope);
}

/**
 * Says in which namespace resources are. It is the first child, and the engine asks children in their order: so the
 * resources know it when they are asked, whoever made them and however late. An aspect would be too late for the
 * hardening rules, which read all stacks when the first one is validated.
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

/** A resource, or whatever else Terraform has, of Vault's provider. */
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
 * A Vault of its own for one team: constructs that have it as their scope are made in it, and names that are taken
 * elsewhere are free there. Planned, not proven on Vault Enterprise without a licence.
 * @see https://developer.hashicorp.com/vault/docs/enterprise/namespaces
 * @throws ValidationError without a licence, for names that Vault reserves and for one that is taken
 */
export class EnterpriseNamespace extends NamespaceScope {
  /**
   * A namespace that another stack makes, such as the platform's for a team's shard.
   * @throws ValidationError for a path of another form, and for one that is not below the namespace that it is made in
   */
  static fromAttributes(
    scope: Construct,
    id: string,
    attributes: EnterpriseNamespaceAttributes,
  ): IEnterpriseNamespace {
    checkProps(`${scope.node.path}/${id}`, ATTRIBUTES, attributes);
    return new ImportedNamespace(scope, id, attributes.path);
  }

  /** Path of the namespace that a construct is in, from the one that Terraform logs in to; that itself is "". */
  static pathOf(scope: IConstruct): string {
    checkArguments("EnterpriseNamespace.pathOf", { scope: [scope, CONSTRUCT] });
    return namespaceOf(scope);
  }

  readonly path: string;
  readonly pathReference: string;
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
    // Requests to a mount and to a namespace of one path could not be told apart.
    claimMount(this, path);
    this.enter();
    this.resource = new Namespace(this, "Resource", {
      path,
      namespace: scopeOf(scope)?.pathReference,
      // With it goes everything in it.
      lifecycle: { preventDestroy: true },
    });
    this.pathReference = this.resource.pathFq;
  }
}
