/** Ports of Vault's servers, shared by listeners, probes and network policies. */

/** API port, for clients and for servers that join the cluster. */
export const API_PORT = 8200;

/** Cluster port, for traffic between servers. */
export const CLUSTER_PORT = 8201;

/** Port of the separate listener for Prometheus metrics. */
export const METRICS_PORT = 8210;
