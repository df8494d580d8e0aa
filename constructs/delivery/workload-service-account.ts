import { ServiceAccountV1 } from "@cdktf/provider-kubernetes/lib/service-account-v1";
import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { secretReferences } from "../core/pod-options";
import { checkProps, list, object, text } from "../core/field";
import { workloadIdentity } from "./fields";
import type { WorkloadIdentity } from "./workload-identity";

export interface WorkloadServiceAccountProps {
  readonly identity: WorkloadIdentity;
  /**
   * Names of Secrets of the namespace by which nodes log in to the registry of images, for all pods of the
   * ServiceAccount that name none. @default - none: the registry needs no login
   */
  readonly imagePullSecrets?: readonly string[];
}

const PROPS = object<WorkloadServiceAccountProps>(() => ({
  identity: workloadIdentity,
  imagePullSecrets: list(text).known().optional(),
}));

/**
 * The ServiceAccount that an identity is bound to. It has no token of its own and pods get none mounted: whoever
 * needs one asks for one with an audience and an end.
 */
export class WorkloadServiceAccount extends LibraryConstruct {
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
