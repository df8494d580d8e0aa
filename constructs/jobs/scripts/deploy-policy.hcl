# What Terraform may do in Vault. Whoever writes policies and auth roles can give rights, so this identity is as
# strong as root by nature; the denials keep it from secrets and from its own foundations by accident, and make an
# intentional way around them a change of policies or roles in the audit log.

path "*" {
  capabilities = ["create", "read", "update", "patch", "delete", "list", "sudo"]
}

# Values of secrets come from people and from services, never from Terraform.
path "secret/data/*" {
  capabilities = ["deny"]
}

path "secret/subkeys/*" {
  capabilities = ["deny"]
}

path "secret/delete/*" {
  capabilities = ["deny"]
}

path "secret/undelete/*" {
  capabilities = ["deny"]
}

path "secret/destroy/*" {
  capabilities = ["deny"]
}

# Except the canary that a restored snapshot is tried with.
path "secret/data/vault-platform/canary" {
  capabilities = ["create", "read", "update", "delete"]
}

# It sees which secrets there are, and destroys none.
path "secret/metadata/*" {
  capabilities = ["read", "list"]
}

# Credentials of databases are for services.
path "database/creds/*" {
  capabilities = ["deny"]
}

path "database/static-creds/*" {
  capabilities = ["deny"]
}

# Certificates and private keys are as well.
path "pki/issue/*" {
  capabilities = ["deny"]
}

path "pki/sign*" {
  capabilities = ["deny"]
}

path "pki/root/sign-*" {
  capabilities = ["deny"]
}

path "pki/issuer/+/issue/*" {
  capabilities = ["deny"]
}

path "pki/issuer/+/sign*" {
  capabilities = ["deny"]
}

path "pki/root/+/exported" {
  capabilities = ["deny"]
}

path "pki/intermediate/generate/exported" {
  capabilities = ["deny"]
}

path "pki/issuers/generate/+/exported" {
  capabilities = ["deny"]
}

path "pki/keys/generate/exported" {
  capabilities = ["deny"]
}

path "pki/acme/new-eab" {
  capabilities = ["deny"]
}

path "pki/roles/+/acme/new-eab" {
  capabilities = ["deny"]
}

path "pki/issuer/+/acme/new-eab" {
  capabilities = ["deny"]
}

path "pki/issuer/+/roles/+/acme/new-eab" {
  capabilities = ["deny"]
}

path "pki-root/issue/*" {
  capabilities = ["deny"]
}

path "pki-root/sign*" {
  capabilities = ["deny"]
}

path "pki-root/root/sign-*" {
  capabilities = ["deny"]
}

path "pki-root/issuer/+/issue/*" {
  capabilities = ["deny"]
}

path "pki-root/issuer/+/sign*" {
  capabilities = ["deny"]
}

path "pki-root/root/+/exported" {
  capabilities = ["deny"]
}

path "pki-root/intermediate/generate/exported" {
  capabilities = ["deny"]
}

path "pki-root/issuers/generate/+/exported" {
  capabilities = ["deny"]
}

path "pki-root/keys/generate/exported" {
  capabilities = ["deny"]
}

path "pki-root/acme/new-eab" {
  capabilities = ["deny"]
}

path "pki-root/roles/+/acme/new-eab" {
  capabilities = ["deny"]
}

path "pki-root/issuer/+/acme/new-eab" {
  capabilities = ["deny"]
}

path "pki-root/issuer/+/roles/+/acme/new-eab" {
  capabilities = ["deny"]
}

# Except the certificate of the issuing CA, which it has signed when it sets up PKI.
path "pki-root/issuer/+/sign-intermediate" {
  capabilities = ["update"]
}

# Keys are used by services.
path "transit/encrypt/*" {
  capabilities = ["deny"]
}

path "transit/decrypt/*" {
  capabilities = ["deny"]
}

path "transit/rewrap/*" {
  capabilities = ["deny"]
}

path "transit/datakey/*" {
  capabilities = ["deny"]
}

path "transit/sign/*" {
  capabilities = ["deny"]
}

path "transit/verify/*" {
  capabilities = ["deny"]
}

path "transit/hmac/*" {
  capabilities = ["deny"]
}

path "transit/export/*" {
  capabilities = ["deny"]
}

path "transit/byok-export/*" {
  capabilities = ["deny"]
}

path "transit/backup/*" {
  capabilities = ["deny"]
}

path "transit/restore*" {
  capabilities = ["deny"]
}

path "transit/keys/+/csr" {
  capabilities = ["deny"]
}

path "transit/keys/+/import*" {
  capabilities = ["deny"]
}

# Ways around all this: a token with the policies of somebody else, a mount that is moved away from what is denied
# there, storage beneath all policies, copies of secrets and of all data in other places.
path "auth/token/create*" {
  capabilities = ["deny"]
}

path "sys/remount*" {
  capabilities = ["deny"]
}

path "sys/raw*" {
  capabilities = ["deny"]
}

path "sys/sync/*" {
  capabilities = ["deny"]
}

path "sys/storage/raft/snapshot*" {
  capabilities = ["deny"]
}

path "sys/replication/*" {
  capabilities = ["deny"]
}

# Policies of an entity are those of its token at once. Logins make entities, and Terraform none.
path "identity/entity*" {
  capabilities = ["read", "list"]
}

path "identity/alias*" {
  capabilities = ["read", "list"]
}

path "identity/persona*" {
  capabilities = ["read", "list"]
}

# Those of a group are as well. Terraform makes groups whose members the identity provider knows.
path "identity/group" {
  capabilities      = ["create", "read", "update", "delete", "list"]
  denied_parameters = {
    "member_entity_ids" = []
    "member_group_ids"  = []
  }
}

path "identity/group/id/*" {
  capabilities      = ["create", "read", "update", "delete", "list"]
  denied_parameters = {
    "member_entity_ids" = []
    "member_group_ids"  = []
  }
}

path "identity/group/name/*" {
  capabilities      = ["create", "read", "update", "delete", "list"]
  denied_parameters = {
    "member_entity_ids" = []
    "member_group_ids"  = []
  }
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

path "sys/audit/bootstrap-file" {
  capabilities = ["deny"]
}

path "sys/audit/bootstrap-file/*" {
  capabilities = ["deny"]
}

path "sys/policies/acl/terraform-*" {
  capabilities = ["read"]
}

path "sys/policy/terraform-*" {
  capabilities = ["read"]
}

# The same in other words: Vault compares paths letter by letter. Then it takes slashes before the path of a mount away,
# makes capitals of a policy's name small, takes spaces around it away, and finds /name and ./name in its cache as name.
path "sys/auth//*" {
  capabilities = ["deny"]
}

path "sys/mounts//*" {
  capabilities = ["deny"]
}

path "sys/policies/acl//*" {
  capabilities = ["deny"]
}

path "sys/policies/acl/.*" {
  capabilities = ["deny"]
}

path "sys/policies/acl/ *" {
  capabilities = ["deny"]
}

path "sys/policies/acl/T*" {
  capabilities = ["deny"]
}

path "sys/policies/acl/tE*" {
  capabilities = ["deny"]
}

path "sys/policies/acl/teR*" {
  capabilities = ["deny"]
}

path "sys/policies/acl/terR*" {
  capabilities = ["deny"]
}

path "sys/policies/acl/terrA*" {
  capabilities = ["deny"]
}

path "sys/policies/acl/terraF*" {
  capabilities = ["deny"]
}

path "sys/policies/acl/terrafO*" {
  capabilities = ["deny"]
}

path "sys/policies/acl/terrafoR*" {
  capabilities = ["deny"]
}

path "sys/policies/acl/terraforM*" {
  capabilities = ["deny"]
}

path "sys/policy//*" {
  capabilities = ["deny"]
}

path "sys/policy/.*" {
  capabilities = ["deny"]
}

path "sys/policy/ *" {
  capabilities = ["deny"]
}

path "sys/policy/T*" {
  capabilities = ["deny"]
}

path "sys/policy/tE*" {
  capabilities = ["deny"]
}

path "sys/policy/teR*" {
  capabilities = ["deny"]
}

path "sys/policy/terR*" {
  capabilities = ["deny"]
}

path "sys/policy/terrA*" {
  capabilities = ["deny"]
}

path "sys/policy/terraF*" {
  capabilities = ["deny"]
}

path "sys/policy/terrafO*" {
  capabilities = ["deny"]
}

path "sys/policy/terrafoR*" {
  capabilities = ["deny"]
}

path "sys/policy/terraforM*" {
  capabilities = ["deny"]
}
