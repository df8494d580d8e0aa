/** Ports of Vault's servers, where listeners, probes and network policies have to agree. */

/** Clients, and servers that join. */
export const API_PORT = 8200;

/** Servers among each other. */
export const CLUSTER_PORT = 8201;

/** Metrics for Prometheus, on a listener of their own. */
export const METRICS_PORT = 8210;
