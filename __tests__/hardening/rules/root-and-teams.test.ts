import { describeRule } from "../support/describe-rule";
import { LISTENER, SEAL, STORAGE, job, nothing, resource, together, vault } from "../support/plain";

const initialise = (...args: string[]) =>
  job({ container: [{ name: "init", image: "hashicorp/vault:1.21.0", args }] });

describeRule("root-revocation", {
  compliant: {
    "a Job that initialises and revokes": together(
      vault(),
      initialise("vault operator init", "vault token revoke -self"),
    ),
  },
  violated: {
    "servers that nobody initialises": [
      vault(),
      "nothing here initialises Vault, so nobody is seen to revoke the root token",
    ],
    "a Job that keeps the root token": [
      together(vault(), initialise("vault operator init")),
      "the Job that initialises Vault keeps the root token",
    ],
    "a Job that revokes in a comment": [
      together(vault(), initialise("sh", "-c", "vault operator init\n# vault token revoke -self")),
      "the Job that initialises Vault keeps the root token",
    ],
    "a Job that prints how to revoke": [
      together(vault(), initialise("sh", "-c", "vault operator init; echo vault token revoke -self")),
      "the Job that initialises Vault keeps the root token",
    ],
    "a Job that revokes in a function that nothing calls": [
      together(
        vault(),
        initialise("sh", "-c", "revoke() { vault token revoke -self; }\nvault operator init"),
      ),
      "the Job that initialises Vault keeps the root token",
    ],
  },
  notApplicable: { "a stack without Vault": nothing },
});

const keysInVariable = (value: string) =>
  job({
    container: [
      {
        name: "init",
        image: "hashicorp/vault:1.21.0",
        args: ["vault operator init"],
        env: [{ name: "RECOVERY_PGP_KEYS", value }],
      },
    ],
  });

describeRule("recovery-shares-encryption", {
  compliant: {
    "a Job whose script has the keys": keysInVariable("/scripts/share-1.asc,/scripts/share-2.asc"),
    "a Job that names them to the command": initialise("vault operator init", "-recovery-pgp-keys=a,b"),
  },
  violated: {
    "a Job whose script has none": [
      keysInVariable(""),
      "the Job that initialises Vault has no PGP keys of the custodians",
    ],
    "a Job that names none": [
      initialise("vault operator init"),
      "the Job that initialises Vault has no PGP keys of the custodians",
    ],
  },
  notApplicable: {
    "a stack that does not initialise Vault": vault(),
    "a Job that restores a snapshot, which brings the shares of the original": initialise(
      "vault operator init",
      "vault operator raft snapshot restore -force vault.snap",
    ),
  },
});

describeRule("root-policy", {
  compliant: {
    "a role with a policy of its own": resource("vault_jwt_auth_backend_role", {
      token_policies: ["deploy"],
    }),
  },
  violated: {
    "a role in another spelling": [
      resource("vault_jwt_auth_backend_role", { token_policies: ["Root"] }),
      "token_policies of the jwt auth backend role has root",
    ],
    "a group": [
      resource("vault_identity_group", { policies: ["root"] }),
      "policies of the identity group has root",
    ],
    "a role": [
      resource("vault_jwt_auth_backend_role", { token_policies: ["deploy", "root"] }),
      "token_policies of the jwt auth backend role has root",
    ],
  },
  notJudged: {
    "policies that only Terraform knows": [
      resource("vault_jwt_auth_backend_role", { token_policies: "${var.policies}" }),
      'token_policies is "${var.policies}", which only Terraform can evaluate',
    ],
  },
  notApplicable: { "what is not Vault's": nothing },
});

describeRule("unauthenticated-generate-root", {
  compliant: { "a configuration without it": vault() },
  violated: {
    "a configuration with it": [
      vault(`enable_unauthenticated_access = ["generate-root"]\n${LISTENER}${SEAL}${STORAGE}`),
      "the configuration has enable_unauthenticated_access",
    ],
  },
  notApplicable: { "a stack without Vault": nothing },
});

const role = (policy: string, from: string | string[], namespace?: string) =>
  resource("vault_kubernetes_auth_backend_role", {
    token_policies: ["default", policy],
    bound_service_account_namespaces: [from].flat(),
    namespace,
  });

describeRule("team-isolation", {
  compliant: {
    "a policy for each workload": together(role("payments", "payments"), role("orders", "orders")),
    "two workloads of one namespace": together(role("payments", "payments"), role("payments", "payments")),
    "policies of one name in two namespaces of Vault Enterprise, or in one team's": together(
      resource("vault_namespace", { path: "payments" }),
      role("shared", ["payments", "payments-batch"], "payments"),
      role("shared", "orders", "teams/orders"),
    ),
  },
  violated: {
    "a policy that a workload shares with administrators": [
      together(
        role("admin", "payments"),
        resource("vault_identity_group", { name: "admins", policies: ["Admin"] }),
      ),
      "policy admin is held by workloads of payments and by the identity group admins",
    ],
    "a policy that a workload shares with a pipeline": [
      together(
        role("deploy", "payments"),
        resource("vault_jwt_auth_backend_role", { role_name: "deploy", token_policies: ["deploy"] }),
      ),
      "policy deploy is held by workloads of payments and by the jwt auth backend role deploy",
    ],
    "a policy that two namespaces share": [
      together(role("shared", "payments"), role("shared", "orders"), role("own", "orders")),
      "policy shared is held by workloads of orders and payments",
    ],
    "one that they share outside of the namespaces that there are": [
      together(
        resource("vault_namespace", { path: "payments" }),
        role("shared", "payments"),
        role("shared", "orders"),
      ),
      "policy shared is held by workloads of orders and payments",
    ],
  },
  notApplicable: { "a stack without workloads": nothing },
});

const licensed = vault(undefined, {
  server: { enterpriseLicense: { secretName: "licence", secretKey: "licence" } },
});

describeRule("organizational-rules", {
  compliant: {
    "Sentinel policies": together(licensed, resource("vault_egp_policy", { name: "hours" })),
    "the Community edition, which these rules serve instead": vault(),
  },
  violated: {
    "a licence of one of two": [
      together(vault(), licensed),
      "there is no Sentinel policy: what is changed around this program is not judged",
    ],
    "a licence without a Sentinel policy": [
      licensed,
      "there is no Sentinel policy: what is changed around this program is not judged",
    ],
  },
  notApplicable: { "a stack without Vault": nothing },
});
