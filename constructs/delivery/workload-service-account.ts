import { ServiceAccountV1 } from "@cdktf/provider-kubernetes/lib/service-account-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { WorkloadIdentity } from "./workload-identity";

export interface WorkloadServiceAccountProps {
  readonly identity: WorkloadIdentity;
  /** What has to be there before: the namespace. */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * The ServiceAccount that an identity is bound to. It has no token of its own and pods get none mounted: whoever
 * needs one asks for one with an audience and an end.
 */
export class WorkloadServiceAccount extends Construct {
  readonly serviceAccount: ServiceAccountV1;

  constructor(scope: Construct, id: string, { identity, dependsOn }: WorkloadServiceAccountProps) {
    super(scope, id);
    this.serviceAccount = new ServiceAccountV1(this, "Resource", {
      metadata: { ...identity.serviceAccount },
      automountServiceAccountToken: false,
      dependsOn,
    });
  }
}
