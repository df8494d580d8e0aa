import { ServiceAccountV1 } from "@cdktf/provider-kubernetes/lib/service-account-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { secretReferences } from "../cluster/pod-options";
import type { WorkloadIdentity } from "./workload-identity";

export interface WorkloadServiceAccountProps {
  readonly identity: WorkloadIdentity;
  /**
   * Names of Secrets of the namespace by which nodes log in to the registry of images, for all pods of the
   * ServiceAccount that name none. @default - none: the registry needs no login
   */
  readonly imagePullSecrets?: readonly string[];
  /** What has to be there before: the namespace. */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * The ServiceAccount that an identity is bound to. It has no token of its own and pods get none mounted: whoever
 * needs one asks for one with an audience and an end.
 */
export class WorkloadServiceAccount extends Construct {
  readonly serviceAccount: ServiceAccountV1;

  constructor(
    scope: Construct,
    id: string,
    { identity, imagePullSecrets, dependsOn }: WorkloadServiceAccountProps,
  ) {
    super(scope, id);
    this.serviceAccount = new ServiceAccountV1(this, "Resource", {
      metadata: { ...identity.serviceAccount },
      automountServiceAccountToken: false,
      imagePullSecret: secretReferences(imagePullSecrets),
      dependsOn,
    });
  }
}
