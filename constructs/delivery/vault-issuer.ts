import { RoleBindingV1 } from "@cdktf/provider-kubernetes/lib/role-binding-v1";
import { RoleV1 } from "@cdktf/provider-kubernetes/lib/role-v1";
import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { vault as VAULT } from "../server/fields";
import type { IVault } from "../server/vault";
import { type CrdDeclaration, CustomResources } from "../core/custom-resources";
import { anyText, checkProps, object, text } from "../core/field";
import { crds, serviceAccount } from "../core/fields";
import { workloadIdentity } from "./fields";
import { requireRoleName, requireVaultPath } from "./vault-path";
import { type WorkloadIdentity, requireAudience, requireLoginNamespace } from "./workload-identity";

/** Properties of VaultIssuer. */
export interface VaultIssuerProps {
  /** Vault that signs the certificates. */
  readonly vault: IVault;
  /** Identity with which cert-manager logs in. */
  readonly identity: WorkloadIdentity;
  /** Role of the PKI secrets engine. */
  readonly role: string;
  /**
   * Secret of the identity's namespace with the CA certificates that sign Vault's certificate. cert-manager does not
   * read ConfigMaps.
   */
  readonly caBundleSecret: { readonly name: string; readonly key: string };
  /** Name of the Issuer. @default - `vault-` and the role's name */
  readonly name?: string;
  /** Path of the secrets engine. @default pki */
  readonly mount?: string;
  /** Audience of the token with which cert-manager logs in. @default - the audience of the identity's role */
  readonly audience?: string;
  /** ServiceAccount of cert-manager's controller. @default - cert-manager in namespace cert-manager */
  readonly certManager?: { readonly name: string; readonly namespace: string };
  /** CRDs that exist; those of cert-manager.io are required. */
  readonly crds: CrdDeclaration;
}

const PROPS = object<VaultIssuerProps>(() => ({
  vault: VAULT,
  identity: workloadIdentity,
  role: anyText,
  caBundleSecret: object<VaultIssuerProps["caBundleSecret"]>(() => ({ name: text, key: text })),
  name: text.optional(),
  mount: anyText.optional(),
  audience: text.optional(),
  certManager: serviceAccount.optional(),
  crds,
}));

/**
 * cert-manager Issuer for certificates that Vault signs, for the identity's namespace and with the identity's
 * ServiceAccount. cert-manager creates the private key, which stays in the namespace. Vault only signs (`pki/sign/...`)
 * and does not issue, so grant the identity that path.
 * @see https://cert-manager.io/docs/configuration/vault/
 * @throws ValidationError if the audience or the Vault namespace differs from the role's, a path is invalid, or `crds`
 * does not declare the CRDs
 */
export class VaultIssuer extends LibraryConstruct {
  /** Name of the Issuer, for `issuerRef` of a Certificate in the same namespace. */
  readonly issuerName: string;
  /** Custom resources of the Issuer. */
  readonly resources: CustomResources;

  constructor(scope: Construct, id: string, props: VaultIssuerProps) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const { vault, identity, role, mount = "pki", audience = identity.audience } = props;
    const { certManager = { name: "cert-manager", namespace: "cert-manager" } } = props;
    const { name: account, namespace } = identity.serviceAccount;
    this.issuerName = props.name ?? `vault-${identity.roleName}`;
    requireAudience(this, audience, identity);
    requireLoginNamespace(this, vault, identity);
    const path = `${requireVaultPath(this, "mount", mount)}/sign/${requireRoleName(this, role)}`;

    const metadata = { name: `${this.issuerName}-token`, namespace };
    const tokenRole = new RoleV1(this, "TokenRole", {
      metadata,
      rule: [
        {
          apiGroups: [""],
          resources: ["serviceaccounts/token"],
          resourceNames: [account],
          verbs: ["create"],
        },
      ],
    });
    const binding = new RoleBindingV1(this, "TokenRoleBinding", {
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: metadata.name },
      subject: [{ kind: "ServiceAccount", ...certManager }],
      dependsOn: [tokenRole],
    });
    this.resources = new CustomResources(this, "Resource", {
      namespace,
      releaseName: this.issuerName,
      crds: props.crds,
      resources: [
        {
          apiVersion: "cert-manager.io/v1",
          kind: "Issuer",
          metadata: { name: this.issuerName, namespace },
          spec: {
            vault: {
              server: vault.address,
              ...(vault.enterpriseNamespace !== undefined && { namespace: vault.enterpriseNamespace }),
              path,
              caBundleSecretRef: { ...props.caBundleSecret },
              auth: {
                kubernetes: {
                  mountPath: `/v1/auth/${identity.authPath}`,
                  role: identity.roleName,
                  serviceAccountRef: { name: account, audiences: [audience] },
                },
              },
            },
          },
        },
      ],
    });
    // Without permission to request a token, the Issuer would start as failed.
    this.resources.node.addDependency(binding);
  }
}
