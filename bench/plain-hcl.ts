/**
 * HCL for the config layer's services as if written by hand: one root module with four resources for each service,
 * without a CDK app.
 */
export function plainHcl(services: number): string {
  return [HEAD, ...Array.from({ length: services }, (_, index) => service(`service-${index}`))].join("\n");
}

const HEAD = `terraform {
  required_providers {
    kubernetes = {
      source = "hashicorp/kubernetes"
    }
    vault = {
      source = "hashicorp/vault"
    }
  }
}

ephemeral "kubernetes_token_request_v1" "terraform" {
  metadata {
    name      = "vault-terraform"
    namespace = "vault"
  }
  spec {
    audiences          = ["vault"]
    expiration_seconds = 600
  }
}

provider "vault" {
  address          = "https://vault.example.com"
  skip_child_token = true
  auth_login {
    path = "auth/terraform/login"
    parameters = {
      role = "deploy"
      jwt  = ephemeral.kubernetes_token_request_v1.terraform.token
    }
  }
}
`;

function service(name: string): string {
  return `resource "vault_policy" "${name}" {
  name   = "${name}"
  policy = <<-EOT
    path "secret/data/${name}/*" {
      capabilities = ["read"]
    }
    path "database/creds/${name}-role" {
      capabilities = ["read"]
    }
    path "pki/issue/${name}" {
      capabilities = ["create", "update"]
    }
  EOT
}

resource "vault_kubernetes_auth_backend_role" "${name}" {
  backend                          = "kubernetes"
  role_name                        = "${name}"
  bound_service_account_names      = ["${name}"]
  bound_service_account_namespaces = ["production"]
  audience                         = "vault"
  alias_name_source                = "serviceaccount_uid"
  token_policies                   = [vault_policy.${name}.name]
  token_ttl                        = 3600
  token_max_ttl                    = 86400
}

resource "vault_database_secret_backend_role" "${name}" {
  backend     = "database"
  name        = "${name}-role"
  db_name     = "payments-db"
  default_ttl = 3600
  max_ttl     = 86400
  creation_statements = [
    "CREATE ROLE \\"{{name}}\\" WITH LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}' INHERIT IN ROLE \\"payments_app_rw\\";",
  ]
  revocation_statements = [
    "DROP ROLE IF EXISTS \\"{{name}}\\";",
  ]
}

resource "vault_pki_secret_backend_role" "${name}" {
  backend            = "pki"
  name               = "${name}"
  allowed_domains    = ["${name}.production.svc"]
  allow_bare_domains = true
  allow_ip_sans      = false
  allow_localhost    = false
  key_type           = "ec"
  key_bits           = 256
  ttl                = "86400"
  max_ttl            = "2592000"
}
`;
}
