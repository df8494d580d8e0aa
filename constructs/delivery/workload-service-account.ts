import { ServiceAccountV1 } from "@cdktf/provider-kubernetes/lib/service-account-v1";
import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { secretReferences } from "../core/pod-options";
import { checkProps, list, object, text } from "../core/field";
import { workloadIdentity } from "./fields";
import type { WorkloadIdentity } from "./workload-identity";

/** Properties of WorkloadServiceAccount. */
export interface WorkloadServiceAccountProps {
  /** Identity of the workload. */
  readonly identity: WorkloadIdentity;
  /**
   * Names of the namespace's Secrets with which nodes log in to the image registry, for all pods of the ServiceAccount
   * that name none.
   * @default - none: the registry needs no login
   */
  readonly imagePullSecrets?: readonly string[];
}

const PROPS = object<WorkloadServiceAccountProps>(() => ({
  identity: workloadIdentity,
  imagePullSecrets: list(text).known().optional(),
}));

/**
 * ServiceAccount that an identity is bound to. It has no stored token, and pods get none mounted. Pods request tokens
 * with an audience and an expiry instead.
 */
export class WorkloadServiceAccount extends LibraryConstruct {
  /** The ServiceAccount. */
  readonly serviceAccount: ServiceAccountV1;

  constructor(scope: Construct, id: string, props: WorkloadServiceAccountProps) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const { identity, imagePullSecrets } = props;
    this.serviceAccount = new ServiceAccountV1(this, "Resource", {
      metadata: { ...identity.serviceAccount },
      automountServiceAccountToken: false,
      imagePullSecret: secretReferences(imagePullSecrets),
    });
  }
}
