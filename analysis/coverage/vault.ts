import { names, type ProviderCoverage } from "./coverage";

/** Resource types. access/diff-vault.ts compares all their arguments, by their meaning where it is known. */
const RESOURCES = names(`
    vault_ad_secret_backend vault_ad_secret_library vault_ad_secret_role
    vault_alicloud_auth_backend_role vault_approle_auth_backend_login vault_approle_auth_backend_role
    vault_approle_auth_backend_role_secret_id vault_audit vault_audit_request_header vault_auth_backend
    vault_aws_auth_backend_cert vault_aws_auth_backend_client vault_aws_auth_backend_config_identity
    vault_aws_auth_backend_identity_whitelist vault_aws_auth_backend_login vault_aws_auth_backend_role
    vault_aws_auth_backend_role_tag vault_aws_auth_backend_roletag_blacklist
    vault_aws_auth_backend_sts_role vault_aws_secret_backend vault_aws_secret_backend_role
    vault_aws_secret_backend_static_role vault_azure_auth_backend_config vault_azure_auth_backend_role
    vault_azure_secret_backend vault_azure_secret_backend_role vault_azure_secret_backend_static_role
    vault_cert_auth_backend_role vault_config_ui_custom_message vault_consul_secret_backend
    vault_consul_secret_backend_role vault_database_secret_backend_connection
    vault_database_secret_backend_role vault_database_secret_backend_static_role
    vault_database_secrets_mount vault_egp_policy vault_gcp_auth_backend vault_gcp_auth_backend_role
    vault_gcp_secret_backend vault_gcp_secret_impersonated_account vault_gcp_secret_roleset
    vault_gcp_secret_static_account vault_generic_endpoint vault_generic_secret
    vault_github_auth_backend vault_github_team vault_github_user vault_identity_entity
    vault_identity_entity_alias vault_identity_entity_policies vault_identity_group
    vault_identity_group_alias vault_identity_group_member_entity_ids
    vault_identity_group_member_group_ids vault_identity_group_policies vault_identity_mfa_duo
    vault_identity_mfa_login_enforcement vault_identity_mfa_okta vault_identity_mfa_pingid
    vault_identity_mfa_totp vault_identity_oidc vault_identity_oidc_assignment
    vault_identity_oidc_client vault_identity_oidc_key vault_identity_oidc_key_allowed_client_id
    vault_identity_oidc_provider vault_identity_oidc_role vault_identity_oidc_scope
    vault_jwt_auth_backend vault_jwt_auth_backend_role vault_kmip_secret_backend vault_kmip_secret_role
    vault_kmip_secret_scope vault_kubernetes_auth_backend_config vault_kubernetes_auth_backend_role
    vault_kubernetes_secret_backend vault_kubernetes_secret_backend_role vault_kv_secret
    vault_kv_secret_backend_v2 vault_kv_secret_v2 vault_ldap_auth_backend vault_ldap_auth_backend_group
    vault_ldap_auth_backend_user vault_ldap_secret_backend vault_ldap_secret_backend_dynamic_role
    vault_ldap_secret_backend_library_set vault_ldap_secret_backend_static_role vault_managed_keys
    vault_mfa_duo vault_mfa_okta vault_mfa_pingid vault_mfa_totp vault_mongodbatlas_secret_backend
    vault_mongodbatlas_secret_role vault_mount vault_namespace vault_nomad_secret_backend
    vault_nomad_secret_role vault_oci_auth_backend vault_oci_auth_backend_role vault_okta_auth_backend
    vault_okta_auth_backend_group vault_okta_auth_backend_user vault_password_policy
    vault_pki_secret_backend_acme_eab vault_pki_secret_backend_cert vault_pki_secret_backend_config_acme
    vault_pki_secret_backend_config_auto_tidy vault_pki_secret_backend_config_ca
    vault_pki_secret_backend_config_cluster vault_pki_secret_backend_config_cmpv2
    vault_pki_secret_backend_config_est vault_pki_secret_backend_config_issuers
    vault_pki_secret_backend_config_scep vault_pki_secret_backend_config_urls
    vault_pki_secret_backend_crl_config vault_pki_secret_backend_intermediate_cert_request
    vault_pki_secret_backend_intermediate_set_signed vault_pki_secret_backend_issuer
    vault_pki_secret_backend_key vault_pki_secret_backend_role vault_pki_secret_backend_root_cert
    vault_pki_secret_backend_root_sign_intermediate vault_pki_secret_backend_sign vault_plugin
    vault_plugin_pinned_version vault_policy vault_quota_lease_count vault_quota_rate_limit
    vault_rabbitmq_secret_backend vault_rabbitmq_secret_backend_role vault_raft_autopilot
    vault_raft_snapshot_agent_config vault_rgp_policy vault_saml_auth_backend
    vault_saml_auth_backend_role vault_scep_auth_backend_role vault_secrets_sync_association
    vault_secrets_sync_aws_destination vault_secrets_sync_azure_destination vault_secrets_sync_config
    vault_secrets_sync_gcp_destination vault_secrets_sync_gh_destination vault_secrets_sync_github_apps
    vault_secrets_sync_vercel_destination vault_spiffe_auth_backend_config
    vault_spiffe_auth_backend_role vault_ssh_secret_backend_ca vault_ssh_secret_backend_role
    vault_terraform_cloud_secret_backend vault_terraform_cloud_secret_creds
    vault_terraform_cloud_secret_role vault_token vault_token_auth_backend_role vault_transform_alphabet
    vault_transform_role vault_transform_template vault_transform_transformation
    vault_transit_secret_backend_key vault_transit_secret_cache_config
`);

/** Types of the provider hashicorp/vault. */
export const VAULT: ProviderCoverage = {
  types: {
    ...Object.fromEntries(RESOURCES.map((type) => [type, { read: names("+ - *") }])),
    "data.vault_policy_document": {
      inert: { "its text counts where a policy refers to it": names("+ - namespace rule") },
    },
  },
  unread: names(`
    data.vault_ad_access_credentials data.vault_approle_auth_backend_role_id data.vault_auth_backend
    data.vault_auth_backends data.vault_aws_access_credentials data.vault_aws_static_access_credentials
    data.vault_azure_access_credentials data.vault_gcp_auth_backend_role data.vault_generic_secret
    data.vault_identity_entity data.vault_identity_group data.vault_identity_oidc_client_creds
    data.vault_identity_oidc_openid_config data.vault_identity_oidc_public_keys
    data.vault_kubernetes_auth_backend_config data.vault_kubernetes_auth_backend_role
    data.vault_kubernetes_service_account_token data.vault_kv_secret data.vault_kv_secret_subkeys_v2
    data.vault_kv_secret_v2 data.vault_kv_secrets_list data.vault_kv_secrets_list_v2
    data.vault_ldap_dynamic_credentials data.vault_ldap_static_credentials data.vault_namespace
    data.vault_namespaces data.vault_nomad_access_token data.vault_pki_secret_backend_cert_metadata
    data.vault_pki_secret_backend_config_cmpv2 data.vault_pki_secret_backend_config_est
    data.vault_pki_secret_backend_config_scep data.vault_pki_secret_backend_issuer
    data.vault_pki_secret_backend_issuers data.vault_pki_secret_backend_key
    data.vault_pki_secret_backend_keys data.vault_raft_autopilot_state
    data.vault_ssh_secret_backend_sign data.vault_transform_decode data.vault_transform_encode
    data.vault_transit_cmac data.vault_transit_decrypt data.vault_transit_encrypt
    data.vault_transit_sign data.vault_transit_verify
  `),
};
