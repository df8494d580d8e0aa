# What Terraform may do in Vault. Whoever writes policies and auth roles can give rights, so this identity is as
# strong as root by nature; the denials keep it from secrets and from its own foundations by accident, and make an
# intentional way around them a policy change in the audit log.

path "*" {
  capabilities = ["create", "read", "update", "patch", "delete", "list", "sudo"]
}

# Values of secrets come from people and from services, never from Terraform.
path "secret/data/*" {
  capabilities = ["deny"]
}

# Except the canary that a restored snapshot is tried with.
path "secret/data/vault-platform/canary" {
  capabilities = ["create", "read", "update", "delete"]
}

# Owned by the bootstrap: the way in, its rights, and the first audit device.
path "auth/terraform/*" {
  capabilities = ["deny"]
}

path "sys/auth/terraform" {
  capabilities = ["deny"]
}

path "sys/auth/terraform/*" {
  capabilities = ["deny"]
}

path "sys/mounts/auth/terraform/*" {
  capabilities = ["deny"]
}

path "sys/policies/acl/terraform-deploy" {
  capabilities = ["read"]
}

path "sys/policies/acl/terraform-bootstrap" {
  capabilities = ["read"]
}

path "sys/policy/terraform-deploy" {
  capabilities = ["read"]
}

path "sys/policy/terraform-bootstrap" {
  capabilities = ["read"]
}

path "sys/audit/bootstrap-file" {
  capabilities = ["deny"]
}
