import { names, type ProviderCoverage } from "./coverage";

/**
 * Types of the provider hashicorp/aws, of the services that hold Vault's keys, secrets, snapshots and identities: IAM,
 * KMS, Secrets Manager, S3 and EKS. Types of other services are unread without an entry.
 */
export const AWS: ProviderCoverage = {
  types: {
    "data.aws_iam_policy_document": {
      read: names("+ - *"),
      inert: { "a name of the document, and of its language": names("policy_id version") },
    },
    aws_iam_policy: { read: names("+ - policy"), operation: names("name name_prefix path") },
    aws_iam_role: {
      read: names("+ - assume_role_policy managed_policy_arns max_session_duration permissions_boundary"),
      unread: names("force_detach_policies inline_policy name name_prefix path"),
    },
    aws_iam_role_policy: {
      read: names("+ - policy"),
      operation: names("name name_prefix"),
      unread: names("role"),
    },
    aws_iam_role_policy_attachment: { read: names("+ policy_arn role"), unread: names("-") },
    aws_iam_openid_connect_provider: { read: names("+ - client_id_list thumbprint_list url") },
    aws_kms_key_policy: {
      read: names("+ - policy"),
      unread: names("bypass_policy_lockout_safety_check key_id region"),
    },
    aws_s3_bucket_policy: { read: names("+ - policy"), unread: names("bucket region") },
    aws_secretsmanager_secret_policy: {
      read: names("+ - block_public_policy policy"),
      unread: names("region secret_arn"),
    },
    aws_eks_access_entry: {
      read: names("+ - cluster_name kubernetes_groups principal_arn type user_name"),
      unread: names("region"),
    },
    aws_eks_access_policy_association: {
      read: names("+ - access_scope cluster_name policy_arn principal_arn"),
      unread: names("region"),
    },
    aws_kms_key: {
      read: names(`
        - custom_key_store_id customer_master_key_spec deletion_window_in_days enable_key_rotation is_enabled
        key_usage lifecycle.prevent_destroy multi_region policy rotation_period_in_days xks_key_id
      `),
      operation: names("+"),
      unread: names("bypass_policy_lockout_safety_check region"),
    },
    aws_kms_replica_key: {
      read: names("- deletion_window_in_days enabled lifecycle.prevent_destroy policy primary_key_arn"),
      operation: names("+"),
      unread: names("bypass_policy_lockout_safety_check region"),
    },
    aws_kms_alias: {
      read: names("- lifecycle.prevent_destroy name name_prefix target_key_id"),
      operation: names("+"),
      unread: names("region"),
    },
    aws_s3_bucket: {
      read: names(
        "- acl bucket bucket_prefix force_destroy grant lifecycle.prevent_destroy object_lock_enabled policy",
      ),
      operation: names("+ acceleration_status request_payer"),
      unread: names(`
        cors_rule lifecycle_rule logging object_lock_configuration region replication_configuration
        server_side_encryption_configuration versioning website
      `),
    },
    aws_s3_bucket_public_access_block: {
      read: names("- block_public_acls block_public_policy ignore_public_acls restrict_public_buckets"),
      operation: names("+"),
      unread: names("bucket region skip_destroy"),
    },
    aws_s3_account_public_access_block: {
      read: names("- block_public_acls block_public_policy ignore_public_acls restrict_public_buckets"),
      operation: names("+"),
      unread: names("account_id"),
    },
    aws_s3_bucket_object_lock_configuration: {
      read: names("- object_lock_enabled rule"),
      operation: names("+"),
      unread: names("bucket expected_bucket_owner region token"),
    },
    aws_s3_bucket_ownership_controls: {
      read: names("- rule"),
      operation: names("+"),
      unread: names("bucket region"),
    },
    aws_s3_bucket_server_side_encryption_configuration: {
      read: names("- rule.apply_server_side_encryption_by_default"),
      operation: names("+ +rule"),
      unread: names("bucket expected_bucket_owner region rule"),
    },
    aws_s3_bucket_versioning: {
      read: names("- versioning_configuration"),
      operation: names("+"),
      unread: names("bucket expected_bucket_owner mfa region"),
    },
    aws_s3_bucket_lifecycle_configuration: {
      read: names("- rule"),
      operation: names("+ transition_default_minimum_object_size"),
      unread: names("bucket expected_bucket_owner region"),
    },
    aws_s3_bucket_logging: {
      read: names("- target_bucket target_prefix"),
      operation: names("+"),
      unread: names("bucket expected_bucket_owner region target_grant target_object_key_format"),
    },
    aws_s3_bucket_replication_configuration: {
      read: names("+ - role rule"),
      unread: names("bucket region token"),
    },
    aws_eks_pod_identity_association: {
      read: names("+ - cluster_name namespace role_arn service_account target_role_arn"),
      unread: names("disable_session_tags region"),
    },
    aws_iam_access_key: { read: names("+ - status user"), unread: names("pgp_key") },
    aws_secretsmanager_secret: {
      read: names(`
        - force_overwrite_replica_secret kms_key_id lifecycle.prevent_destroy name name_prefix policy
        recovery_window_in_days replica
      `),
      operation: names("+"),
      unread: names("region"),
    },
    aws_eks_addon: {
      operation: names("addon_version preserve resolve_conflicts_on_create resolve_conflicts_on_update"),
      unread: names(`
        + - addon_name cluster_name configuration_values pod_identity_association region service_account_role_arn
      `),
    },
    aws_eks_node_group: {
      operation: names(`
        capacity_type disk_size force_update_version instance_types node_repair_config release_version
        scaling_config update_config version
      `),
      unread: names(`
        + - ami_type cluster_name labels launch_template node_group_name node_group_name_prefix node_role_arn
        region remote_access subnet_ids taint
      `),
    },
  },
  unread: names(`
    aws_eks_capability aws_eks_cluster aws_eks_fargate_profile aws_eks_identity_provider_config
    aws_iam_account_alias
    aws_iam_account_password_policy aws_iam_group aws_iam_group_membership aws_iam_group_policies_exclusive
    aws_iam_group_policy aws_iam_group_policy_attachment aws_iam_group_policy_attachments_exclusive
    aws_iam_instance_profile aws_iam_organizations_features aws_iam_policy_attachment
    aws_iam_role_policies_exclusive aws_iam_role_policy_attachments_exclusive aws_iam_saml_provider
    aws_iam_security_token_service_preferences aws_iam_server_certificate aws_iam_service_linked_role
    aws_iam_service_specific_credential aws_iam_signing_certificate aws_iam_user
    aws_iam_user_group_membership aws_iam_user_login_profile aws_iam_user_policies_exclusive
    aws_iam_user_policy aws_iam_user_policy_attachment aws_iam_user_policy_attachments_exclusive
    aws_iam_user_ssh_key aws_iam_virtual_mfa_device aws_kms_ciphertext aws_kms_custom_key_store
    aws_kms_external_key aws_kms_grant aws_kms_replica_external_key aws_s3_access_point
    aws_s3_bucket_abac aws_s3_bucket_accelerate_configuration
    aws_s3_bucket_acl aws_s3_bucket_analytics_configuration aws_s3_bucket_cors_configuration
    aws_s3_bucket_intelligent_tiering_configuration aws_s3_bucket_inventory     aws_s3_bucket_metadata_configuration aws_s3_bucket_metric aws_s3_bucket_notification
    aws_s3_bucket_object         aws_s3_bucket_request_payment_configuration     aws_s3_bucket_website_configuration aws_s3_directory_bucket aws_s3_object
    aws_s3_object_copy aws_s3control_access_grant aws_s3control_access_grants_instance
    aws_s3control_access_grants_instance_resource_policy aws_s3control_access_grants_location
    aws_s3control_access_point_policy aws_s3control_bucket aws_s3control_bucket_lifecycle_configuration
    aws_s3control_bucket_policy aws_s3control_directory_bucket_access_point_scope
    aws_s3control_multi_region_access_point aws_s3control_multi_region_access_point_policy
    aws_s3control_object_lambda_access_point aws_s3control_object_lambda_access_point_policy
    aws_s3control_storage_lens_configuration aws_s3outposts_endpoint aws_s3tables_namespace
    aws_s3tables_table aws_s3tables_table_bucket aws_s3tables_table_bucket_policy
    aws_s3tables_table_bucket_replication aws_s3tables_table_policy aws_s3tables_table_replication
    aws_s3vectors_index aws_s3vectors_vector_bucket aws_s3vectors_vector_bucket_policy
    aws_secretsmanager_secret_rotation aws_secretsmanager_secret_version data.aws_eks_access_entry
    data.aws_eks_addon data.aws_eks_addon_version data.aws_eks_cluster data.aws_eks_cluster_auth
    data.aws_eks_cluster_versions data.aws_eks_clusters data.aws_eks_node_group data.aws_eks_node_groups
    data.aws_iam_access_keys data.aws_iam_account_alias data.aws_iam_group data.aws_iam_instance_profile
    data.aws_iam_instance_profiles data.aws_iam_openid_connect_provider data.aws_iam_policy
    data.aws_iam_principal_policy_simulation data.aws_iam_role data.aws_iam_roles data.aws_iam_saml_provider
    data.aws_iam_server_certificate data.aws_iam_session_context data.aws_iam_user data.aws_iam_user_ssh_key
    data.aws_iam_users data.aws_kms_alias data.aws_kms_ciphertext data.aws_kms_custom_key_store
    data.aws_kms_key data.aws_kms_public_key data.aws_kms_secret data.aws_kms_secrets
    data.aws_s3_access_point data.aws_s3_account_public_access_block data.aws_s3_bucket
    data.aws_s3_bucket_object data.aws_s3_bucket_objects data.aws_s3_bucket_policy
    data.aws_s3_directory_buckets data.aws_s3_object data.aws_s3_objects
    data.aws_s3control_multi_region_access_point data.aws_secretsmanager_random_password
    data.aws_secretsmanager_secret data.aws_secretsmanager_secret_rotation
    data.aws_secretsmanager_secret_version data.aws_secretsmanager_secret_versions
    data.aws_secretsmanager_secrets
  `),
};
