import { ClusterRoleBindingV1 } from "@cdktf/provider-kubernetes/lib/cluster-role-binding-v1";
import { ClusterRoleV1, type ClusterRoleV1Rule } from "@cdktf/provider-kubernetes/lib/cluster-role-v1";
import { RoleBindingV1 } from "@cdktf/provider-kubernetes/lib/role-binding-v1";
import type { Construct, IConstruct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { checkProps, list, object, text } from "../core/field";
import { claimObject } from "../core/kubernetes-claims";
import { received } from "../core/received";
import { ValidationError } from "../core/validation-error";
import { bootstrapNames } from "./bootstrap-names";
import { subject as SUBJECT } from "../server/fields";
import { type Subject, TokenRequestGrant, subjectOf } from "./token-request-grant";

/** Properties of `PipelineAccess`. */
export interface PipelineAccessProps {
  /** Namespace of Vault. The bootstrap creates a ServiceAccount in it, with which Terraform logs in to Vault. */
  readonly namespace: string;
  /** Further namespaces with resources of the platform's stacks. @default - none */
  readonly namespaces?: readonly string[];
  /** Subject that plans. @default - the group vault-platform:plan, which the plan role's access entry names */
  readonly planner?: Subject;
  /** Subject that deploys. @default - the group vault-platform:deploy */
  readonly deployer?: Subject;
}

const PROPS = object<PipelineAccessProps>(() => ({
  namespace: text.known(),
  namespaces: list(text.known()).known().optional(),
  planner: SUBJECT.optional(),
  deployer: SUBJECT.optional(),
}));

const READ = ["get", "list", "watch"];

/** Read access to the cluster-scoped kinds that the stacks create. */
const CLUSTER_RULES: ClusterRoleV1Rule[] = [
  { apiGroups: [""], resources: ["namespaces"], verbs: READ },
  { apiGroups: ["storage.k8s.io"], resources: ["storageclasses"], verbs: READ },
  { apiGroups: ["scheduling.k8s.io"], resources: ["priorityclasses"], verbs: READ },
  {
    apiGroups: ["rbac.authorization.k8s.io"],
    resources: ["clusterroles", "clusterrolebindings"],
    verbs: READ,
  },
];

/**
 * Read access to the namespaced kinds that the stacks create, and to ConfigMaps, in which Helm stores its releases.
 * Never to Secrets.
 */
const NAMESPACE_RULES: ClusterRoleV1Rule[] = [
  {
    apiGroups: [""],
    resources: ["configmaps", "limitranges", "resourcequotas", "serviceaccounts", "services"],
    verbs: READ,
  },
  { apiGroups: ["apps"], resources: ["deployments"], verbs: READ },
  { apiGroups: ["batch"], resources: ["cronjobs", "jobs"], verbs: READ },
  { apiGroups: ["networking.k8s.io"], resources: ["networkpolicies"], verbs: READ },
  { apiGroups: ["policy"], resources: ["poddisruptionbudgets"], verbs: READ },
  { apiGroups: ["rbac.authorization.k8s.io"], resources: ["roles", "rolebindings"], verbs: READ },
];

/**
 * Permissions of the pipelines in the cluster.
 *
 * A plan can only read the objects that the stacks create. It cannot read Secrets, so Helm must store its releases in
 * ConfigMaps (`helm_driver = "configmap"`). A deployment requests short-lived tokens of the ServiceAccount with which
 * it logs in to Vault.
 * @see https://kubernetes.io/docs/concepts/security/rbac-good-practices/
 * @throws ValidationError if planner and deployer are the same: a pull request could then log in to Vault
 */
export class PipelineAccess extends LibraryConstruct {
  /** Bindings and grants in namespaces, which must exist first. Cluster roles need no namespace. */
  readonly namespaced: readonly IConstruct[];

  constructor(scope: Construct, id: string, props: PipelineAccessProps) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const planner = props.planner ?? { kind: "Group", name: "vault-platform:plan" };
    const deployer = props.deployer ?? { kind: "Group", name: "vault-platform:deploy" };
    if (planner.kind === deployer.kind && planner.name === deployer.name) {
      throw new ValidationError(
        this,
        `planner and deployer must differ, because a plan must not change anything, got ${received(`${planner.kind} ${planner.name}`)} for both`,
      );
    }
    const bindings = this.addPlanner(planner, props);
    const login = new TokenRequestGrant(this, "Login", {
      serviceAccount: { namespace: props.namespace, name: bootstrapNames.deployServiceAccount },
      to: deployer,
    });
    this.namespaced = [...bindings, login];
  }

  private addPlanner(planner: Subject, { namespace, namespaces = [] }: PipelineAccessProps): IConstruct[] {
    const apiGroup = "rbac.authorization.k8s.io";
    const subject = [subjectOf(planner)];
    claimObject(this, "ClusterRole", { name: "vault-platform-plan" });
    const cluster = new ClusterRoleV1(this, "Resource", {
      metadata: { name: "vault-platform-plan" },
      rule: CLUSTER_RULES,
    });
    new ClusterRoleBindingV1(this, "ClusterBinding", {
      metadata: { name: "vault-platform-plan" },
      roleRef: { apiGroup, kind: "ClusterRole", name: cluster.metadata.name },
      subject,
    });
    // One role, bound in each namespace: the platform must not read the ConfigMaps of other namespaces.
    const namespaced = new ClusterRoleV1(this, "NamespaceRole", {
      metadata: { name: "vault-platform-plan-namespace" },
      rule: NAMESPACE_RULES,
    });
    return [...new Set([namespace, ...namespaces])].map(
      (name) =>
        new RoleBindingV1(this, `Binding-${name}`, {
          metadata: { name: "vault-platform-plan", namespace: name },
          roleRef: { apiGroup, kind: "ClusterRole", name: namespaced.metadata.name },
          subject,
        }),
    );
  }
}
