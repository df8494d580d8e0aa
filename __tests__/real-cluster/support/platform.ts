import { definitions } from "../../../environments";
import { loadEnvironments } from "../../../platform/load";
import { platformNames } from "../../../platform/names";

const found = loadEnvironments(definitions).find(({ name }) => name === "cluster");
if (!found) throw new Error("CLUSTER_SETTINGS names no file with the cluster's settings");

export const environment = found;
export const names = platformNames(environment);
export const stacks = ["foundation", "cluster", "config", "workloads"].map((layer) => `cluster-${layer}`);

export const service = environment.services[0];
export const hasInjector = service.deployment !== undefined;
export const hasExternalSecrets = service.secrets.length > 0;
export const hasCertManager = environment.kubernetes.operators.certManager !== "none";
