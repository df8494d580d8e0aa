import { type Case, testDangerous } from "../support/matrix";
import type { Production } from "../support/production";

const kubernetesRole = (production: Production, name = "production-payment-service_Binding") =>
  production.resource("vault_kubernetes_auth_backend_role", name);

/** New role, user or group that has the policy `admin`, with its type, its key in a row, and its arguments. */
const ADMINS: readonly (readonly [type: string, key: string, body: object])[] = [
  [
    "vault_alicloud_auth_backend_role",
    "auth/alicloud role evil",
    { role: "evil", arn: "acs:ram::1:role/evil" },
  ],
  ["vault_approle_auth_backend_role", "auth/approle role evil", { role_name: "evil" }],
  ["vault_aws_auth_backend_role", "auth/aws role evil", { role: "evil", auth_type: "iam" }],
  ["vault_azure_auth_backend_role", "auth/azure role evil", { role: "evil" }],
  ["vault_cert_auth_backend_role", "auth/cert role evil", { name: "evil", certificate: "pem" }],
  ["vault_gcp_auth_backend_role", "auth/gcp role evil", { role: "evil", type: "iam" }],
  ["vault_github_team", "auth/github group evil", { team: "evil" }],
  ["vault_github_user", "auth/github user evil", { user: "evil" }],
  ["vault_jwt_auth_backend_role", "auth/jwt role evil", { role_name: "evil", user_claim: "sub" }],
  ["vault_kubernetes_auth_backend_role", "auth/kubernetes role evil", { role_name: "evil" }],
  ["vault_ldap_auth_backend_group", "auth/ldap group evil", { groupname: "evil" }],
  ["vault_ldap_auth_backend_user", "auth/ldap user evil", { username: "evil" }],
  ["vault_oci_auth_backend_role", "auth/oci role evil", { name: "evil" }],
  ["vault_okta_auth_backend_group", "auth/okta group evil", { group_name: "evil" }],
  ["vault_okta_auth_backend_user", "auth/okta user evil", { username: "evil" }],
  ["vault_saml_auth_backend_role", "auth/saml role evil", { name: "evil" }],
  ["vault_scep_auth_backend_role", "auth/scep role evil", { name: "evil" }],
  ["vault_spiffe_auth_backend_role", "auth/spiffe role evil", { name: "evil", mount: "spiffe" }],
  ["vault_token_auth_backend_role", "auth/token token role evil", { role_name: "evil" }],
  ["vault_token", "auth/token token", { display_name: "evil" }],
  ["vault_identity_entity", "identity entity evil", { name: "evil" }],
  ["vault_identity_group", "identity group evil", { name: "evil", type: "internal" }],
];

/** Arguments that give the policy. */
const policiesOf = (type: string) =>
  type === "vault_token_auth_backend_role"
    ? "allowed_policies"
    : /_(role)$/.test(type)
      ? "token_policies"
      : "policies";

describe("access diff of production: new logins", () => {
  testDangerous(
    ADMINS.map(([type, key, body]): Case => [
      `a new ${type} with the policy admin`,
      (production) => production.add(type, { ...body, [policiesOf(type)]: ["admin"] }),
      key,
      "sudo",
    ]),
  );

  testDangerous([
    [
      "a second resource for the role of a service, which any ServiceAccount can use",
      (production) =>
        production.add("vault_kubernetes_auth_backend_role", {
          ...kubernetesRole(production),
          bound_service_account_names: ["*"],
        }),
      "auth/kubernetes role payment-service",
      "written 2 times",
    ],
    [
      "everyone of an LDAP mount gets the policy admin",
      (production) => production.add("vault_ldap_auth_backend", { path: "ldap", token_policies: ["admin"] }),
      "auth/ldap",
      "sudo",
    ],
    [
      "everyone of GitHub's organization gets the policy admin",
      (production) =>
        production.add("vault_github_auth_backend", { organization: "example", token_policies: ["admin"] }),
      "auth/github",
      "sudo",
    ],
    [
      "the policies of a group by a resource of their own",
      (production) =>
        production.add("vault_identity_group_policies", {
          group_id: "${vault_identity_group.People_Auditor_FD930159.id}",
          exclusive: false,
          policies: ["admin"],
        }),
      "identity group auditor",
      "sudo",
    ],
    [
      "the policies of an entity by a resource of their own",
      (production) => {
        production.add("vault_identity_entity", { name: "bob" });
        production.add("vault_identity_entity_policies", {
          entity_id: "${vault_identity_entity.Added.id}",
          policies: ["admin"],
        });
      },
      "identity entity bob",
      "sudo",
    ],
    [
      "a role whose policies only Terraform knows",
      (production) =>
        production.add("vault_kubernetes_auth_backend_role", {
          role_name: "x",
          bound_service_account_names: ["x"],
          bound_service_account_namespaces: ["production"],
          token_policies: "${var.policies}",
        }),
      "auth/kubernetes role x",
      "unreadable",
    ],
  ]);
});
