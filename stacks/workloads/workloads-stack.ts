import type { Construct } from "constructs";
import type { Environment } from "../../platform/schema";
import { servicesOf } from "../../platform/service";
import { EnvironmentStack } from "../environment-stack";
import { ServiceDelivery } from "./service-delivery";

/** Delivery of secrets to the pods of services: all services of an environment, or those of one team. */
export class WorkloadsStack extends EnvironmentStack {
  constructor(scope: Construct, environment: Environment, team?: string) {
    super(scope, environment, team === undefined ? "workloads" : `workloads-${team}`);
    this.addKubernetesProvider();
    this.addHelmProvider();
    for (const service of servicesOf(environment).filter((it) => team === undefined || it.team === team)) {
      new ServiceDelivery(this, service.id, this.vaultOf(service), service, environment);
    }
  }
}
