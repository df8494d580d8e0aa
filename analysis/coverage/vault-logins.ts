import { names, type TypeCoverage } from "./coverage";

/** Attributes of tokens, which most login roles have. */
const TOKEN = names(`
  token_bound_cidrs token_explicit_max_ttl token_max_ttl token_no_default_policy token_num_uses
  token_period token_policies token_ttl token_type
`);

/** Roles, users, groups and entities with their policies. */
export const VAULT_LOGINS: Readonly<Record<string, TypeCoverage>> = {
  vault_alicloud_auth_backend_role: {
    read: [...TOKEN, ...names("+ - backend namespace role")],
    unread: names("alias_metadata arn"),
  },
  vault_approle_auth_backend_role: {
    read: [...TOKEN, ...names("+ - backend bind_secret_id namespace role_name secret_id_bound_cidrs")],
    unread: names("alias_metadata role_id secret_id_num_uses secret_id_ttl"),
  },
  vault_aws_auth_backend_role: {
    read: [
      ...TOKEN,
      ...names(`
        + - auth_type backend bound_account_ids bound_ami_ids bound_ec2_instance_ids
        bound_iam_instance_profile_arns bound_iam_principal_arns bound_iam_role_arns bound_regions
        bound_subnet_ids bound_vpc_ids namespace role
      `),
    ],
    unread: names(`
        alias_metadata allow_instance_migration disallow_reauthentication inferred_aws_region
        inferred_entity_type resolve_aws_unique_ids role_tag
      `),
  },
  vault_azure_auth_backend_role: {
    read: [
      ...TOKEN,
      ...names(`
        + - backend bound_group_ids bound_locations bound_resource_groups bound_scale_sets
        bound_service_principal_ids bound_subscription_ids namespace role
      `),
    ],
    unread: names("alias_metadata"),
  },
  vault_cert_auth_backend_role: {
    read: [
      ...TOKEN,
      ...names(`
        + - allowed_common_names allowed_dns_sans allowed_email_sans allowed_names
        allowed_organizational_units allowed_uri_sans backend name namespace required_extensions
      `),
    ],
    unread: names(`
        alias_metadata certificate display_name ocsp_ca_certificates ocsp_enabled ocsp_fail_open
        ocsp_query_all_servers ocsp_servers_override
      `),
  },
  vault_gcp_auth_backend_role: {
    read: [
      ...TOKEN,
      ...names(`
        + - backend bound_instance_groups bound_labels bound_projects bound_regions bound_service_accounts
        bound_zones namespace role
      `),
    ],
    unread: names("add_group_aliases alias_metadata allow_gce_inference max_jwt_exp role_id type"),
  },
  vault_github_team: {
    read: names("+ - backend namespace policies team"),
  },
  vault_github_user: {
    read: names("+ - backend namespace policies user"),
  },
  vault_identity_entity: {
    read: names("+ - name namespace policies"),
    unread: names("disabled external_policies metadata"),
  },
  vault_identity_group: {
    read: names("+ - name namespace policies member_entity_ids member_group_ids"),
    unread: names("external_member_entity_ids external_member_group_ids external_policies metadata type"),
  },
  vault_jwt_auth_backend_role: {
    read: [
      ...TOKEN,
      ...names(`
        + - allowed_redirect_uris backend bound_audiences bound_claims bound_claims_type bound_subject
        groups_claim namespace role_name role_type user_claim
      `),
    ],
    unread: names(`
        alias_metadata claim_mappings clock_skew_leeway disable_bound_claims_parsing expiration_leeway
        max_age not_before_leeway oidc_scopes user_claim_json_pointer verbose_oidc_logging
      `),
  },
  vault_kubernetes_auth_backend_role: {
    read: [
      ...TOKEN,
      ...names(`
        + - alias_name_source audience backend bound_service_account_names
        bound_service_account_namespace_selector bound_service_account_namespaces namespace role_name
      `),
    ],
    unread: names("alias_metadata"),
  },
  vault_ldap_auth_backend_group: {
    read: names("+ - backend groupname namespace policies"),
  },
  vault_ldap_auth_backend_user: {
    read: names("+ - backend namespace policies username"),
    unread: names("groups"),
  },
  vault_oci_auth_backend_role: {
    read: [...TOKEN, ...names("+ - backend name namespace")],
    unread: names("alias_metadata ocid_list"),
  },
  vault_okta_auth_backend_group: {
    read: names("+ - group_name namespace path policies"),
  },
  vault_okta_auth_backend_user: {
    read: names("+ - namespace path policies username"),
    unread: names("groups"),
  },
  vault_policy: {
    read: names("+ - name namespace policy"),
  },
  vault_saml_auth_backend_role: {
    read: [
      ...TOKEN,
      ...names(`
        + - bound_attributes bound_attributes_type bound_subjects bound_subjects_type name namespace path
      `),
    ],
    unread: names("alias_metadata groups_attribute"),
  },
  vault_scep_auth_backend_role: {
    read: [...TOKEN, ...names("+ - auth_type backend name namespace")],
    unread: names("alias_metadata challenge display_name"),
  },
  vault_spiffe_auth_backend_role: {
    read: [...TOKEN, ...names("+ - mount name namespace")],
    unread: names("alias_metadata display_name workload_id_patterns"),
  },
  vault_token: {
    read: names("+ - display_name explicit_max_ttl namespace period policies ttl"),
    unread: names(`
        metadata no_default_policy no_parent num_uses renew_increment renew_min_lease renewable role_name wrapping_ttl
      `),
  },
  vault_token_auth_backend_role: {
    read: [
      ...TOKEN,
      ...names(`
        + - allowed_entity_aliases allowed_policies allowed_policies_glob disallowed_policies
        disallowed_policies_glob namespace role_name
      `),
    ],
    unread: names("alias_metadata orphan path_suffix renewable"),
  },
  vault_identity_entity_alias: {
    read: names("+ - canonical_id mount_accessor name"),
    unread: names("custom_metadata namespace"),
  },
  vault_identity_group_alias: {
    read: names("+ - canonical_id mount_accessor name"),
    unread: names("namespace"),
  },
  vault_identity_entity_policies: {
    read: names("+ - entity_id policies"),
    unread: names("exclusive namespace"),
  },
  vault_identity_group_policies: {
    read: names("+ - group_id policies"),
    unread: names("exclusive namespace"),
  },
  vault_identity_group_member_entity_ids: {
    read: names("+ - group_id member_entity_ids"),
    unread: names("exclusive namespace"),
  },
  vault_identity_group_member_group_ids: {
    read: names("+ - group_id member_group_ids"),
    unread: names("exclusive namespace"),
  },
};
