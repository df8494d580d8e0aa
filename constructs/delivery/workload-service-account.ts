import { ServiceAccountV1 } from "@cdktf/provider-kubernetes/lib/service-account-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { secretReferences } from "../core/pod-options";
import { checkProps, list, object, text } from "../core/field";
import { dependsOn as DEPENDS_ON } from "../core/fields";
import { workloadIdentity } from "./fields";
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

const PROPS = object<WorkloadServiceAccountProps>(() => ({
  identity: workloadIdentity,
  imagePullSecrets: list(text).known().optional(),
  dependsOn: DEPENDS_ON.optional(),
}));

/**
 * The ServiceAccount that an identity is bound to. It has no token of its own and pods get none mounted: whoever
 * needs one asks for one with an audience and an end.
 */
export class WorkloadServiceAccount extends Construct {
  readonly serviceAccount: ServiceAccountV1;

  constructor(scope: Construct, id: string, props: WorkloadServiceAccountProps) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const { identity, imagePullSecrets, dependsOn } = props;
    this.serviceAccount = new ServiceAccountV1(this, "Resource", {
      metadata: { ...identity.serviceAccount },
      automountServiceAccountToken: false,
      imagePullSecret: secretReferences(imagePullSecrets),
      dependsOn,
    });
  }
}
