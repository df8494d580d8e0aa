import { names, type TypeCoverage } from "./coverage";

/** Attributes that all mounts have, and that nothing reads. */
const MOUNT = names(`
  allowed_managed_keys allowed_response_headers audit_non_hmac_request_keys
  audit_non_hmac_response_keys delegated_auth_accessors force_no_cache identity_token_key
  listing_visibility options passthrough_request_headers plugin_version
`);

/** Objects with contents: mounts, keys, secrets. Their loss is reported. */
export const VAULT_SECRETS: Readonly<Record<string, TypeCoverage>> = {
  vault_ad_secret_backend: {
    read: names("- local namespace"),
    operation: names("default_lease_ttl_seconds max_lease_ttl_seconds"),
    unread: names(`
        + anonymous_group_search backend binddn bindpass case_sensitive_names certificate client_tls_cert
        client_tls_key deny_null_bind disable_remount discoverdn groupattr groupdn groupfilter insecure_tls
        last_rotation_tolerance max_ttl password_policy request_timeout starttls tls_max_version
        tls_min_version ttl upndomain url use_pre111_group_cn_behavior use_token_groups userattr userdn
      `),
  },
  vault_audit: {
    read: names("- local namespace options path type"),
    unread: names("+"),
  },
  vault_aws_secret_backend: {
    read: names("- external_entropy_access local namespace seal_wrap"),
    operation: names("default_lease_ttl_seconds max_lease_ttl_seconds"),
    unread: [
      ...MOUNT,
      ...names(`
        + access_key disable_automated_rotation disable_remount iam_endpoint identity_token_audience
        identity_token_ttl max_retries path region role_arn rotation_period rotation_schedule
        rotation_window secret_key sts_endpoint sts_fallback_endpoints sts_fallback_regions sts_region
        username_template
      `),
    ],
  },
  vault_azure_secret_backend: {
    read: names("- external_entropy_access local namespace seal_wrap"),
    operation: names("default_lease_ttl_seconds max_lease_ttl_seconds"),
    unread: [
      ...MOUNT,
      ...names(`
        + client_id client_secret disable_automated_rotation disable_remount environment
        identity_token_audience identity_token_ttl path root_password_ttl rotation_period rotation_schedule
        rotation_window subscription_id tenant_id
      `),
    ],
  },
  vault_consul_secret_backend: {
    read: names("- external_entropy_access local namespace seal_wrap"),
    operation: names("default_lease_ttl_seconds max_lease_ttl_seconds"),
    unread: [
      ...MOUNT,
      ...names("+ address bootstrap ca_cert client_cert client_key disable_remount path scheme token"),
    ],
  },
  vault_database_secrets_mount: {
    read: names("- external_entropy_access local namespace seal_wrap"),
    operation: names("default_lease_ttl_seconds max_lease_ttl_seconds"),
    unread: [
      ...MOUNT,
      ...names(`
        + path cassandra couchbase elasticsearch hana influxdb mongodb mongodbatlas mssql mysql mysql_aurora
        mysql_legacy mysql_rds oracle postgresql redis redis_elasticache redshift snowflake
      `),
    ],
  },
  vault_gcp_secret_backend: {
    read: names("- external_entropy_access local namespace seal_wrap"),
    operation: names("default_lease_ttl_seconds max_lease_ttl_seconds"),
    unread: [
      ...MOUNT,
      ...names(`
        + credentials credentials_wo credentials_wo_version disable_automated_rotation disable_remount
        identity_token_audience identity_token_ttl max_ttl path rotation_period rotation_schedule
        rotation_window service_account_email ttl
      `),
    ],
  },
  vault_generic_secret: {
    read: names("- namespace path"),
    unread: names("+ data_json delete_all_versions disable_read"),
  },
  vault_kmip_secret_backend: {
    read: names("- external_entropy_access local namespace seal_wrap"),
    operation: names("default_lease_ttl_seconds max_lease_ttl_seconds"),
    unread: [
      ...MOUNT,
      ...names(`
        + default_tls_client_key_bits default_tls_client_key_type default_tls_client_ttl disable_remount
        listen_addrs path server_hostnames server_ips tls_ca_key_bits tls_ca_key_type tls_min_version
      `),
    ],
  },
  vault_kubernetes_secret_backend: {
    read: names("- external_entropy_access local namespace seal_wrap"),
    operation: names("default_lease_ttl_seconds max_lease_ttl_seconds"),
    unread: [
      ...MOUNT,
      ...names("+ disable_local_ca_jwt kubernetes_ca_cert kubernetes_host path service_account_jwt"),
    ],
  },
  vault_kv_secret: {
    read: names("- namespace path"),
    unread: names("+ data_json"),
  },
  vault_kv_secret_v2: {
    read: names("- mount name namespace"),
    unread: names(`
        + cas data_json data_json_wo data_json_wo_version delete_all_versions disable_read options
        custom_metadata
      `),
  },
  vault_ldap_secret_backend: {
    read: names("- external_entropy_access local namespace seal_wrap"),
    operation: names("default_lease_ttl_seconds max_lease_ttl_seconds"),
    unread: [
      ...MOUNT,
      ...names(`
        + binddn bindpass certificate client_tls_cert client_tls_key connection_timeout credential_type
        disable_automated_rotation disable_remount insecure_tls password_policy path request_timeout
        rotation_period rotation_schedule rotation_window schema skip_static_role_import_rotation starttls
        upndomain url userattr userdn
      `),
    ],
  },
  vault_mongodbatlas_secret_backend: {
    read: names("- namespace"),
    unread: names("+ mount private_key public_key"),
  },
  vault_mount: {
    read: names("- external_entropy_access local namespace seal_wrap type"),
    operation: names("+ +options +path default_lease_ttl_seconds max_lease_ttl_seconds"),
    unread: [...MOUNT, ...names("path")],
  },
  vault_namespace: {
    read: names("- namespace path"),
    inert: { "computed by the provider": ["path_fq"] },
    unread: names("+ custom_metadata"),
  },
  vault_nomad_secret_backend: {
    read: names("- external_entropy_access local namespace seal_wrap"),
    operation: names("default_lease_ttl_seconds max_lease_ttl_seconds"),
    unread: [
      ...MOUNT,
      ...names(`
        + address backend ca_cert client_cert client_key disable_remount max_token_name_length max_ttl token
        ttl
      `),
    ],
  },
  vault_pki_secret_backend_issuer: {
    read: names("- backend issuer_name namespace"),
    unread: names(`
        + crl_distribution_points disable_critical_extension_checks disable_name_checks
        disable_name_constraint_checks disable_path_length_checks enable_aia_url_templating issuer_ref
        issuing_certificates leaf_not_after_behavior manual_chain ocsp_servers
        revocation_signature_algorithm usage
      `),
  },
  vault_pki_secret_backend_key: {
    read: names("- backend key_bits key_name key_type managed_key_id managed_key_name namespace type"),
    unread: names("+"),
  },
  vault_pki_secret_backend_root_cert: {
    read: names(`
        - alt_names backend common_name country exclude_cn_from_sans excluded_dns_domains format ip_sans
        issuer_name key_bits key_name key_ref key_type locality managed_key_id managed_key_name
        max_path_length namespace not_before_duration organization other_sans ou permitted_dns_domains
        postal_code private_key_format province street_address type uri_sans
      `),
    unread: names(`
        + excluded_email_addresses excluded_ip_ranges excluded_uri_domains not_after
        permitted_email_addresses permitted_ip_ranges permitted_uri_domains signature_bits ttl
      `),
  },
  vault_rabbitmq_secret_backend: {
    read: names("- external_entropy_access local namespace seal_wrap"),
    operation: names("default_lease_ttl_seconds max_lease_ttl_seconds"),
    unread: [
      ...MOUNT,
      ...names(`
        + connection_uri disable_remount password password_policy path username username_template
        verify_connection
      `),
    ],
  },
  vault_transit_secret_backend_key: {
    read: names("- backend convergent_encryption derived name namespace type"),
    operation: names("auto_rotate_period"),
    unread: names(`
        + allow_plaintext_backup deletion_allowed exportable hybrid_key_type_ec hybrid_key_type_pqc key_size
        min_decryption_version min_encryption_version parameter_set
      `),
  },
};
