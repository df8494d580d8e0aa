import type { Construct } from "constructs";
import type { Environment } from "../../platform/schema";
import { EnvironmentStack } from "../environment-stack";
import { ServiceDelivery } from "./service-delivery";

/** How secrets reach the pods of services: all of an environment's, or one team's. */
export class WorkloadsStack extends EnvironmentStack {
  constructor(scope: Construct, environment: Environment, team?: string) {
    super(scope, environment, team === undefined ? "workloads" : `workloads-${team}`);
    this.addKubernetesProvider();
    this.addHelmProvider();
    for (const service of environment.services.filter((it) => team === undefined || it.team === team)) {
      const vault = this.vaultOf(service.team);
      new ServiceDelivery(this, `${service.namespace}-${service.name}`, vault, service, environment);
    }
  }
}
