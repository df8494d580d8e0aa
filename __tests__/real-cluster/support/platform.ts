import { definitions } from "../../../environments";
import { loadEnvironments } from "../../../platform/load";
import { platformNames } from "../../../platform/names";

const found = loadEnvironments(definitions).find(({ name }) => name === "cluster");
if (!found) throw new Error("CLUSTER_SETTINGS names no file with the cluster's settings");

/** Environment of the cluster. */
export const environment = found;
/** Names of the platform in the cluster. */
export const names = platformNames(environment);
/** Names of the stacks in deployment order. */
export const stacks = ["foundation", "cluster", "config", "workloads"].map((layer) => `cluster-${layer}`);

/** Service of the environment. */
export const service = environment.services[0];
/** True if the service has a Deployment, for which the injector is needed. */
export const hasInjector = service.deployment !== undefined;
/** True if External Secrets delivers secrets of the service. */
export const hasExternalSecrets = service.secrets.length > 0;
/** True if cert-manager is deployed. */
export const hasCertManager = environment.kubernetes.operators.certManager !== "none";
