# What the bootstrap may do without root: verify what it set up, and find and revoke a root token that it lost.

path "sys/audit" {
  capabilities = ["read", "sudo"]
}

path "sys/auth" {
  capabilities = ["read"]
}

path "sys/policies/acl/terraform-deploy" {
  capabilities = ["read"]
}

path "sys/policies/acl/terraform-bootstrap" {
  capabilities = ["read"]
}

path "auth/terraform/config" {
  capabilities = ["read"]
}

path "auth/terraform/role/deploy" {
  capabilities = ["read"]
}

path "auth/terraform/role/bootstrap" {
  capabilities = ["read"]
}

path "auth/token/accessors" {
  capabilities = ["list", "sudo"]
}

path "auth/token/lookup-accessor" {
  capabilities = ["update"]
}

path "auth/token/revoke-accessor" {
  capabilities = ["update"]
}
