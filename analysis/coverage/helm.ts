import { names, type ProviderCoverage } from "./coverage";

/** Types of the provider hashicorp/helm. */
export const HELM: ProviderCoverage = {
  types: {
    helm_release: {
      read: names(`
        + - chart keyring name namespace postrender repository repository_ca_file set set_list set_sensitive
        set_wo values verify version
      `),
      inert: { "how Terraform shows the plan": ["render_subchart_notes"] },
      operation: names(`
        atomic cleanup_on_fail create_namespace disable_webhooks force_update lint max_history recreate_pods
        replace set_wo_revision skip_crds timeout upgrade_install wait_for_jobs
      `),
      code: names(`
        dependency_update devel pass_credentials repository_cert_file repository_key_file repository_password
        repository_username
      `),
      unread: names(`
        disable_crd_hooks disable_openapi_validation reset_values reuse_values set.type set_sensitive.type
        take_ownership
      `),
    },
  },
  unread: names("data.helm_template"),
};
