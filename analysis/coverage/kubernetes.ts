import { names, type ProviderCoverage, type TypeCoverage } from "./coverage";

/** Labels and annotations of objects that no selector and no controller of this platform reads. */
const NOTES = { "notes for readers and tools": names("metadata.annotations metadata.labels") };

const ROLE: TypeCoverage = { read: names("+ - metadata rule"), inert: NOTES };
const BINDING: TypeCoverage = { read: names("+ - metadata role_ref subject"), inert: NOTES };

/** Objects of which every change is reported. */
const WHOLE: TypeCoverage = { read: names("+ - *") };

/** Settings of operation of a container. */
const CONTAINER = names(`
  image_pull_policy liveness_probe port readiness_probe resources startup_probe termination_message_path
  termination_message_policy
`);

/** Parts of a container that say what it runs. */
const PROGRAM = names(`
  args command env env_from image lifecycle.post_start.exec lifecycle.pre_stop.exec liveness_probe.exec name
  readiness_probe.exec security_context.capabilities.add security_context.privileged startup_probe.exec
`);

/** Settings of operation of a pod. */
const POD = names(`
  active_deadline_seconds affinity node_name node_selector priority_class_name restart_policy scheduler_name
  termination_grace_period_seconds toleration topology_spread_constraint
`);

/** Parts of a pod that decide on its access. */
const ACCESS = names(`
  host_ipc host_network host_pid service_account_name volume.host_path volume.projected volume.secret
`);

/** Settings of operation of the controllers of pods. */
const CONTROLLER = names(`
  active_deadline_seconds backoff_limit backoff_limit_per_index completion_mode completions concurrency_policy
  failed_jobs_history_limit max_failed_indexes min_ready_seconds ordinals parallelism paused
  persistent_volume_claim_retention_policy pod_failure_policy pod_management_policy progress_deadline_seconds
  replicas revision_history_limit schedule starting_deadline_seconds strategy successful_jobs_history_limit suspend
  timezone ttl_seconds_after_finished update_strategy
`);

/**
 * Workload: what it runs, as whom, and with which access is read; settings of operation are named.
 * @param pod path of the pod's specification
 */
function workload(pod: string, ...more: readonly string[]): TypeCoverage {
  const containers = ["container", "init_container"].map((kind) => `${pod}.${kind}`);
  const controllers = pod === "spec" ? [] : ["spec", "spec.job_template.spec"];
  const below = (paths: readonly string[], attributes: readonly string[]) =>
    paths.flatMap((path) => attributes.map((name) => `${path}.${name}`));
  return {
    read: [
      ...names("+ - metadata.name metadata.namespace"),
      ...below([pod], ACCESS),
      ...below(containers, PROGRAM),
    ],
    // Labels and annotations of a pod select policies and configure admission.
    inert: { ...(pod === "spec" ? {} : NOTES), "a name within the pod": [`${pod}.volume.name`] },
    operation: [...below(controllers, CONTROLLER), ...below([pod], POD), ...below(containers, CONTAINER)],
    unread: [...names("metadata spec"), ...more],
  };
}

const OPERATION: TypeCoverage = { inert: NOTES, operation: names("+ - metadata spec") };

/** Types of the provider hashicorp/kubernetes. The suffix `_v1` is left out: both forms have the same attributes. */
export const KUBERNETES: ProviderCoverage = {
  types: {
    kubernetes_role: ROLE,
    kubernetes_role_binding: BINDING,
    // Labels can add the rules to another role.
    kubernetes_cluster_role: {
      read: names("+ - aggregation_rule metadata rule"),
      inert: { "notes for readers and tools": ["metadata.annotations"] },
    },
    kubernetes_cluster_role_binding: {
      read: names("+ - role_ref subject"),
      inert: { "the name of a binding gives no access": ["metadata"] },
    },
    kubernetes_network_policy: {
      read: names("+ - count metadata.namespace spec"),
      inert: { "names and notes decide nothing": names("metadata") },
    },
    // Other labels of a namespace decide which network policies match.
    kubernetes_namespace: {
      read: names("- metadata.name metadata.labels.pod-security.kubernetes.io/enforce"),
      inert: { "how long Terraform waits": ["wait_for_default_service_account"] },
      operation: names("+*"),
      unread: names("metadata"),
    },
    // Permissions of an account are in bindings, trust policies and Vault's roles, which are read.
    kubernetes_service_account: {
      read: names("metadata.annotations.eks.amazonaws.com/role-arn"),
      inert: { "labels for search": ["metadata.labels"] },
      operation: names("+ - automount_service_account_token image_pull_secret metadata secret"),
    },
    kubernetes_secret: WHOLE,
    kubernetes_api_service: WHOLE,
    kubernetes_certificate_signing_request: WHOLE,
    kubernetes_ingress: WHOLE,
    kubernetes_mutating_webhook_configuration: WHOLE,
    kubernetes_token_request: WHOLE,
    kubernetes_validating_webhook_configuration: WHOLE,
    kubernetes_service: {
      read: names("spec.external_ips spec.type"),
      // Annotations configure load balancers and names in DNS.
      inert: { "labels for search": ["metadata.labels"] },
      operation: names("+* -"),
      unread: names("metadata spec wait_for_load_balancer"),
    },
    kubernetes_persistent_volume_claim: {
      read: names("- metadata.name metadata.namespace spec"),
      inert: NOTES,
      operation: names("+"),
      unread: names("metadata"),
    },
    kubernetes_deployment: workload("spec.template.spec"),
    kubernetes_daemonset: workload("spec.template.spec"),
    kubernetes_daemon_set: workload("spec.template.spec"),
    kubernetes_stateful_set: workload("spec.template.spec"),
    kubernetes_replication_controller: workload("spec.template.spec"),
    kubernetes_job: workload("spec.template.spec"),
    kubernetes_cron_job: workload("spec.job_template.spec.template.spec"),
    kubernetes_pod: workload("spec", "target_state"),
    kubernetes_config_map: {
      read: names("+ - binary_data data metadata.name metadata.namespace"),
      inert: NOTES,
      operation: names("immutable"),
      unread: names("metadata"),
    },
    kubernetes_limit_range: OPERATION,
    kubernetes_resource_quota: OPERATION,
    kubernetes_pod_disruption_budget: OPERATION,
    kubernetes_horizontal_pod_autoscaler: OPERATION,
    kubernetes_horizontal_pod_autoscaler_v2: OPERATION,
    kubernetes_horizontal_pod_autoscaler_v2beta2: OPERATION,
    kubernetes_priority_class: {
      inert: NOTES,
      operation: names("+ - global_default metadata preemption_policy value"),
    },
    kubernetes_storage_class: {
      inert: NOTES,
      operation: names(`
        + - allow_volume_expansion allowed_topologies metadata mount_options reclaim_policy volume_binding_mode
      `),
      unread: names("parameters storage_provisioner"),
    },
  },
  unread: names(`
    kubernetes_annotations     kubernetes_config_map_v1_data kubernetes_csi_driver kubernetes_default_service_account
    kubernetes_endpoint_slice kubernetes_endpoints kubernetes_env     kubernetes_ingress_class kubernetes_labels kubernetes_manifest     kubernetes_node_taint kubernetes_persistent_volume kubernetes_pod_security_policy
    kubernetes_pod_security_policy_v1beta1 kubernetes_runtime_class     kubernetes_secret_v1_data     data.kubernetes_all_namespaces data.kubernetes_config_map
    data.kubernetes_endpoints data.kubernetes_ingress data.kubernetes_mutating_webhook_configuration
    data.kubernetes_namespace data.kubernetes_nodes data.kubernetes_persistent_volume
    data.kubernetes_persistent_volume_claim data.kubernetes_pod data.kubernetes_resource
    data.kubernetes_resources data.kubernetes_secret data.kubernetes_server_version data.kubernetes_service
    data.kubernetes_service_account data.kubernetes_storage_class
  `),
};
