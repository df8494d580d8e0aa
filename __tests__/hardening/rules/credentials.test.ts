import { describeRule } from "../support/describe-rule";
import { LISTENER, STORAGE, container, manifest, nothing, provider, resource, vault } from "../support/plain";

const fromSecret = {
  name: "VAULT_TOKEN",
  valueFrom: { secretKeyRef: { name: "backup-token", key: "token" } },
};
const store = (auth: object, kind = "SecretStore") =>
  manifest({
    apiVersion: "external-secrets.io/v1",
    kind,
    metadata: { name: "store" },
    spec: { provider: { vault: { server: "https://vault.vault.svc:8200", auth } } },
  });
const transit = {
  server: { extraSecretEnvironmentVars: [{ envName: "VAULT_TOKEN", secretName: "t", secretKey: "t" }] },
};

describeRule("static-vault-token", {
  compliant: {
    "a pod that logs in by its ServiceAccount": container({
      env: [{ name: "VAULT_ADDR", value: "https://vault" }],
    }),
    "a store that logs in by a ServiceAccount": store({ kubernetes: { role: "app" } }),
    "a transit seal, which knows no other way": vault(
      `${LISTENER}${STORAGE}seal "transit" {\n  key_name = "k"\n}\n`,
      transit,
    ),
  },
  violated: {
    "a token of a Secret": [
      container({ env: [fromSecret] }),
      "container app: VAULT_TOKEN comes from the Secret backup-token",
    ],
    "a token in the manifest": [
      container({ env: [{ name: "VAULT_TOKEN", value: "x" }] }),
      "container app: VAULT_TOKEN comes from the manifest",
    ],
    "servers with another seal": [
      vault(undefined, transit),
      "container vault: VAULT_TOKEN comes from the Secret t",
    ],
    "a store with a token": [
      store({ tokenSecretRef: { name: "t" } }),
      "SecretStore store logs in by tokenSecretRef",
    ],
    "a store of the cluster with AppRole": [
      store({ appRole: { roleId: "r", secretRef: { name: "s" } } }, "ClusterSecretStore"),
      "ClusterSecretStore store logs in by appRole",
    ],
  },
  notApplicable: { "what makes no pods": nothing },
});

describeRule("vault-provider-token", {
  compliant: {
    "a login": provider("vault", { auth_login: [{ path: "auth/terraform/login" }] }),
    "a login by JWT": provider("vault", { auth_login_jwt: [{ mount: "github", role: "plan" }] }),
  },
  violated: {
    "a token": [provider("vault", { token: "${var.token}" }), "the provider has a token"],
    "a password": [provider("vault", { auth_login_userpass: [{}] }), "the provider logs in by a password"],
    nothing: [
      provider("vault", { address: "https://vault" }),
      "the provider says no login, so that it takes a token of whoever runs Terraform",
    ],
  },
  notApplicable: { "another provider": provider("aws", { region: "us-east-1" }) },
});

describeRule("vault-token-resource", {
  compliant: { "an auth role": resource("vault_jwt_auth_backend_role", {}) },
  violated: { "a token": [resource("vault_token", {}), "a token of Vault is made and kept in the state"] },
  notApplicable: { "what is not Vault's": nothing },
});

describeRule("approle-secret-id", {
  compliant: { "a role alone": resource("vault_approle_auth_backend_role", {}) },
  violated: {
    "a secret id": [
      resource("vault_approle_auth_backend_role_secret_id", {}),
      "the result of vault_approle_auth_backend_role_secret_id is kept in the state",
    ],
  },
  notApplicable: { "another auth method": resource("vault_jwt_auth_backend_role", {}) },
});

describeRule("static-auth-method", {
  compliant: { OIDC: resource("vault_auth_backend", { type: "oidc" }) },
  violated: {
    passwords: [
      resource("vault_auth_backend", { type: "userpass", path: "people" }),
      "auth/people is of type userpass, whose secrets are stored and shared",
    ],
    "AppRole at its own path": [
      resource("vault_auth_backend", { type: "approle" }),
      "auth/approle is of type approle, whose secrets are stored and shared",
    ],
  },
  notApplicable: { "what is no auth method": nothing },
});

const role = (names: string[], namespaces: string[], further = {}) =>
  resource("vault_kubernetes_auth_backend_role", {
    bound_service_account_names: names,
    bound_service_account_namespaces: namespaces,
    ...further,
  });

describeRule("shared-identity", {
  compliant: { "one ServiceAccount": role(["app"], ["production"]) },
  violated: {
    "two ServiceAccounts": [role(["a", "b"], ["production"]), "the role is shared by a, b of production"],
    "two namespaces": [role(["app"], ["one", "two"]), "the role is shared by app of one, two"],
  },
  notApplicable: { "what is no role": nothing },
});

describeRule("aws-access-key", {
  compliant: {
    "a provider by its environment": provider("aws", { region: "us-east-1" }),
    "an engine by its role": resource("vault_aws_secret_backend", { role_arn: "arn:aws:iam::1:role/a" }),
  },
  violated: {
    "a key": [resource("aws_iam_access_key", { user: "ci" }), "an access key is made and kept in the state"],
    "a provider": [provider("aws", { access_key: "${var.k}" }), "the provider has an access key"],
    "an engine": [
      resource("vault_aws_secret_backend", { secret_key: "${var.k}" }),
      "Vault logs in to AWS by an access key",
    ],
  },
  notApplicable: { "what logs in nowhere": nothing },
});

describeRule("kubernetes-reviewer-token", {
  compliant: {
    "the pod's own token": resource("vault_kubernetes_auth_backend_config", { kubernetes_host: "https://k" }),
  },
  violated: {
    "a stored token": [
      resource("vault_kubernetes_auth_backend_config", { token_reviewer_jwt: "${var.jwt}" }),
      "token_reviewer_jwt is stored, in Vault and in the state",
    ],
  },
  notApplicable: { "what is no configuration": nothing },
});

describeRule("kubernetes-role-wildcard", {
  compliant: { "exact names": role(["app"], ["production"]) },
  violated: {
    "every ServiceAccount": [
      role(["*"], ["production"]),
      "the role admits every ServiceAccount or namespace that matches *",
    ],
    "a glob": [
      role(["app"], ["team-*"]),
      "the role admits every ServiceAccount or namespace that matches team-*",
    ],
    "a selector": [
      role(["app"], [], { bound_service_account_namespace_selector: '{"matchLabels":{"team":"a"}}' }),
      "the role admits every namespace that somebody labels so",
    ],
  },
  notApplicable: { "what is no role": nothing },
});

describeRule("kubernetes-role-audience", {
  compliant: { "an audience": role(["app"], ["production"], { audience: "vault" }) },
  violated: {
    none: [
      role(["app"], ["production"]),
      "the role has no audience: a token that another service got hold of opens Vault",
    ],
  },
  notApplicable: { "what is no role": nothing },
});

const jwt = (body: object) =>
  resource("vault_jwt_auth_backend_role", { bound_audiences: ["vault"], ...body });

describeRule("jwt-role-unbound", {
  compliant: {
    "a subject": jwt({ bound_subject: "repo:example/platform:ref:refs/heads/main" }),
    claims: jwt({ bound_claims: { repository: "example/platform" }, bound_claims_type: "string" }),
    "a star that is compared as it stands": jwt({
      bound_claims: { repository: "example/platform", ref: "*" },
      bound_claims_type: "string",
    }),
    "a type that only Terraform knows, without a pattern": jwt({
      bound_claims: { repository: "example/platform" },
      bound_claims_type: "${var.type}",
    }),
  },
  violated: {
    "an audience alone": [jwt({}), "the role is bound to neither a subject nor claims"],
    "a pattern": [
      jwt({ bound_claims: { sub: "repo:example/*", ref: "main" }, bound_claims_type: "glob" }),
      "the claim sub is compared by a pattern",
    ],
    "a branch, which every repository has": [
      jwt({ bound_claims: { ref: "refs/heads/main" } }),
      "the role is bound to ref alone, which others of the issuer have too",
    ],
    "the issuer": [
      jwt({ bound_claims: { "/iss": "https://token.actions.githubusercontent.com" } }),
      "the role is bound to /iss alone, which others of the issuer have too",
    ],
    "an environment and an event": [
      jwt({ bound_claims: { environment: "production", event_name: "push" } }),
      "the role is bound to environment and event_name alone, which others of the issuer have too",
    ],
    "an empty claim": [
      jwt({ bound_claims: { repository: "" } }),
      "the claim repository is compared with nothing",
    ],
  },
  notJudged: {
    "a pattern whose type only Terraform knows": [
      jwt({ bound_claims: { sub: "repo:example/*" }, bound_claims_type: "${var.type}" }),
      'bound_claims_type is "${var.type}", which only Terraform can evaluate',
    ],
    "claims that Terraform merges": [
      jwt({ bound_claims: "${merge(var.claims, {})}" }),
      'bound_claims is "${merge(var.claims, )}", which only Terraform can evaluate',
    ],
  },
  notApplicable: { "what is no role": nothing },
});

describeRule("aws-role-wildcard", {
  compliant: {
    "one role": resource("vault_aws_auth_backend_role", {
      bound_iam_principal_arns: ["arn:aws:iam::1:role/a"],
    }),
  },
  violated: {
    "every role": [
      resource("vault_aws_auth_backend_role", { bound_iam_principal_arns: ["arn:aws:iam::1:role/*"] }),
      "the role admits everybody that matches arn:aws:iam::1:role/*",
    ],
    nothing: [resource("vault_aws_auth_backend_role", { role: "r" }), "the role is bound to nothing"],
    "an account": [
      resource("vault_aws_auth_backend_role", { bound_account_ids: ["111111111111"] }),
      "the role is bound to bound_account_ids alone, which all roles and instances there have",
    ],
    "a network of an account": [
      resource("vault_aws_auth_backend_role", {
        bound_account_ids: ["111111111111"],
        bound_vpc_ids: ["vpc-1"],
      }),
      "the role is bound to bound_account_ids and bound_vpc_ids alone, which all roles and instances there have",
    ],
    "an empty list": [
      resource("vault_aws_auth_backend_role", { bound_iam_principal_arns: [] }),
      "the role is bound to nothing",
    ],
  },
  notApplicable: { "what is no role": nothing },
});
