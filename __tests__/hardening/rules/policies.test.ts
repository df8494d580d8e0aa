import { describeRule } from "../support/describe-rule";
import { allow, configMap, data, nothing, policy, resource, together } from "../support/plain";

const namespaces = [
  resource("vault_namespace", { path: "teams" }),
  resource("vault_namespace", { path: "payments", namespace: "teams" }),
  resource("vault_mount", { path: "secret", type: "kv", namespace: "teams/payments" }),
];
/** Policy with a text that Terraform does not change. */
const KEPT = { name: "p", lifecycle: [{ ignore_changes: ["policy"] }] };

const own = allow("secret/data/payment-service/*", "read");

describeRule("policy-sudo", {
  compliant: {
    "a policy without it": own,
    "looking at what Vault guards even from looks": together(
      allow("sys/audit", "read", "sudo"),
      allow("sys/auth/kubernetes", "read", "sudo"),
      allow("auth/token/accessors", "list", "sudo"),
    ),
    "a denial": allow("sys/*", "deny", "sudo"),
    "looking into namespaces of Vault Enterprise": together(
      ...namespaces,
      allow("teams/+/sys/audit", "read", "sudo"),
      allow("teams/payments/sys/auth/kubernetes", "read", "sudo"),
    ),
  },
  violated: {
    "sudo in a policy that Terraform creates and then leaves alone": [
      resource("vault_policy", { ...KEPT, policy: 'path "a" { capabilities = ["sudo"] }' }),
      "policy p: sudo on a opens what Vault protects as root's",
    ],
    "sudo in a policy that a secret of version 1 writes": [
      resource("vault_kv_secret", {
        path: "sys/policies/acl/p",
        data_json: JSON.stringify({ policy: 'path "a" { capabilities = ["sudo"] }' }),
      }),
      "policy p: sudo on a opens what Vault protects as root's",
    ],
    "sudo in namespaces": [
      together(...namespaces, allow("teams/+/sys/auth/*", "update", "sudo")),
      "policy p: sudo on teams/+/sys/auth/* opens what Vault protects as root's",
    ],
    "sudo by which something is changed": [
      allow("sys/auth/*", "update", "sudo"),
      "policy p: sudo on sys/auth/* opens what Vault protects as root's",
    ],
    "sudo on what holds everything": [
      allow("sys/raw/*", "read", "sudo"),
      "policy p: sudo on sys/raw/* opens what Vault protects as root's",
    ],
    "sudo on everything, if only to read": [
      allow("*", "read", "sudo"),
      "policy p: sudo on * opens what Vault protects as root's",
    ],
    "a policy in a local value": [
      together(
        (stack) =>
          stack.addOverride("locals", [{ p: 'path "sys/seal" { capabilities = ["sudo", "update"] }' }]),
        resource("vault_policy", { name: "p", policy: "${local.p}" }),
      ),
      "policy p: sudo on sys/seal opens what Vault protects as root's",
    ],
    "a policy that an endpoint encodes": [
      resource("vault_generic_endpoint", {
        path: "/sys/policies/acl/p",
        data_json:
          '${jsonencode({ policy = "path \\"sys/seal\\" { capabilities = [\\"sudo\\", \\"update\\"] }" })}',
      }),
      "policy p: sudo on sys/seal opens what Vault protects as root's",
    ],
    "an old policy": [
      policy('path "sys/rotate" {\n  policy = "sudo"\n}'),
      "policy p: sudo on sys/rotate opens what Vault protects as root's",
    ],
    "a policy document": [
      data("vault_policy_document", { rule: [{ path: "sys/seal", capabilities: ["update", "sudo"] }] }),
      expect.stringMatching(/^policy R\d+: sudo on sys\/seal opens what Vault protects as root's$/) as never,
    ],
    "a policy in a ConfigMap": [
      configMap("policies", { "deploy.hcl": 'path "sys/seal" {\n  capabilities = ["sudo", "update"]\n}' }),
      "policy deploy.hcl: sudo on sys/seal opens what Vault protects as root's",
    ],
    "looks and more under one wildcard": [
      allow("sys/+", "read", "sudo"),
      "policy p: sudo on sys/+ opens what Vault protects as root's",
    ],
    "a policy that a generic endpoint writes": [
      resource("vault_generic_endpoint", {
        path: "/sys/policies/acl/p",
        data_json: JSON.stringify({ policy: 'path "sys/seal" { capabilities = ["sudo"] }' }),
      }),
      "policy p: sudo on sys/seal opens what Vault protects as root's",
    ],
    "a policy that cannot be read, and may give it": [
      policy('path "sys/seal" { capability = ["sudo"] }'),
      expect.stringContaining('policy p: cannot be read: path "sys/seal": unknown key capability') as never,
    ],
    "a policy in JSON": [
      policy(JSON.stringify({ path: { "sys/seal": { capabilities: ["sudo"] } } })),
      "policy p: sudo on sys/seal opens what Vault protects as root's",
    ],
  },
  notJudged: {
    "a policy that only Terraform knows": [
      resource("vault_policy", { name: "p", policy: "${var.policy}" }),
      'policy is "${var.policy}", which only Terraform can evaluate',
    ],
    "a policy with a path that only Terraform knows": [
      resource("vault_policy", { name: "p", policy: 'path "${var.path}" { capabilities = ["sudo"] }' }),
      expect.stringMatching(/^not judged: policy is .*, which only Terraform can evaluate$/) as never,
    ],
    "an endpoint that can be a policy": [
      resource("vault_generic_endpoint", { path: "${var.path}", data_json: "{}" }),
      'path is "${var.path}", which only Terraform can evaluate',
    ],
    "a policy of an endpoint that only Terraform knows": [
      resource("vault_generic_endpoint", { path: "/sys/policies/acl/p", data_json: "${var.data}" }),
      'data_json is "${var.data}", which only Terraform can evaluate',
    ],
  },
  notApplicable: {
    "an imported policy, whose text stays as it is in Vault": together(
      resource("vault_policy", { ...KEPT, policy: "a placeholder" }, "Kept"),
      (stack) => stack.addOverride("import", [{ to: "vault_policy.Kept", id: "p" }]),
    ),
    "what is no policy": nothing,
    "other HCL and JSON": configMap("files", {
      "server.hcl": 'listener "tcp" {}',
      "data.json": '{"path": "a", "policy": "b"}',
      word: "abcd",
    }),
    "a script with a policy": configMap("scripts", { "a.sh": 'path "*" {\ncapabilities = ["sudo"] }' }),
  },
});

describeRule("policy-wildcard", {
  compliant: {
    "a prefix of one mount": own,
    "a denial of everything": allow("*", "deny"),
    "a part of Vault's own API": allow("sys/auth/*", "read"),
    "comments and templates": policy(
      '# path "*" {}\npath "secret/data/{{identity.entity.name}}/*" { /* own */ capabilities = ["read"] // last\n}',
    ),
  },
  violated: {
    "every mount of a namespace": [
      together(...namespaces, allow("teams/payments/+/data/app", "read")),
      "policy p: teams/payments/+/data/app gives read nearly everywhere",
    ],
    "every mount of every namespace": [
      together(...namespaces, allow("teams/+/*", "read")),
      "policy p: teams/+/* gives read nearly everywhere",
    ],
    "all of the namespaces whose names begin so": [
      together(...namespaces, allow("teams/pay*", "read")),
      "policy p: teams/pay* gives read nearly everywhere",
    ],
    "every namespace, and every mount": [
      together(...namespaces, allow("+/+/secret/data/app", "read")),
      "policy p: +/+/secret/data/app gives read nearly everywhere",
    ],
    everything: [allow("*", "read", "list"), "policy p: * gives read, list nearly everywhere"],
    "every mount": [allow("+/data/app", "read"), "policy p: +/data/app gives read nearly everywhere"],
    "every mount of a kind": [allow("secret*", "read"), "policy p: secret* gives read nearly everywhere"],
    "all of Vault's own API": [allow("sys/*", "update"), "policy p: sys/* gives update nearly everywhere"],
    "all auth methods": [allow("auth/+", "read"), "policy p: auth/+ gives read nearly everywhere"],
  },
  notApplicable: { "what is no policy": nothing },
});

describeRule("policy-escalation", {
  compliant: {
    secrets: own,
    "reading policies": allow("sys/policies/acl/*", "read", "list", "sudo"),
    "one's own login": allow("auth/token/renew-self", "update"),
    logins: allow("auth/kubernetes/login", "update"),
  },
  violated: {
    "writing policies": [
      allow("sys/policies/acl/*", "create", "update"),
      "policy p: writing sys/policies/acl/* gives rights (sys/policies/+/*)",
    ],
    "writing policies of namespaces, also of those that are made later": [
      together(namespaces[0], allow("teams/+/sys/policies/acl/*", "update")),
      "policy p: writing teams/+/sys/policies/acl/* gives rights (sys/policies/+/*)",
    ],
    "writing policies of the namespace that holds them, by a wildcard that stands for sys": [
      together(...namespaces, allow("teams/+/policies/acl/x", "update")),
      "policy p: writing teams/+/policies/acl/x gives rights (sys/policies/+/*)",
    ],
    "writing policies of a namespace that is made by nobody yet": [
      together(namespaces[0], allow("teams/later/sys/policies/acl/x", "update")),
      "policy p: writing teams/later/sys/policies/acl/x gives rights (sys/policies/+/*)",
    ],
    "writing some policies": [
      allow("sys/policies/acl/team-*", "update"),
      "policy p: writing sys/policies/acl/team-* gives rights (sys/policies/+/*)",
    ],
    "a pattern that covers them": [
      allow("sys/pol*", "update"),
      "policy p: writing sys/pol* gives rights (sys/policies/+/*)",
    ],
    "writing roles of any auth method": [
      allow("auth/+/role/app", "update"),
      "policy p: writing auth/+/role/app gives rights (auth/+/role/+)",
    ],
    "writing a policy by its name with a slash at the end": [
      allow("sys/policies/acl/app/", "update"),
      "policy p: writing sys/policies/acl/app/ gives rights (sys/policies/+/*)",
    ],
    "joining groups": [
      allow("identity/group/name/*", "update"),
      "policy p: writing identity/group/name/* gives rights (identity/group*)",
    ],
    "all that a mount has": [
      allow("auth/kubernetes/*", "create"),
      "policy p: writing auth/kubernetes/* gives rights (auth/+/role/+)",
    ],
  },
  notApplicable: { "what is no policy": nothing },
});

describeRule("policy-whole-mount", {
  compliant: {
    "a prefix": own,
    "a list of names": allow("secret/metadata/*", "list"),
    "Vault's own": allow("sys/auth/*", "read"),
  },
  violated: {
    "all secrets": [allow("secret/data/*", "read"), "policy p: secret/data/* is every secret of the mount"],
    "all secrets, by a wildcard for their first part": [
      allow("secret/data/+/*", "read"),
      "policy p: secret/data/+/* is every secret of the mount",
    ],
    "all secrets whose name starts with a letter": [
      allow("secret/data/p*", "read"),
      "policy p: secret/data/p* is every secret of the mount whose name starts with p",
    ],
    "one secret of each service": [
      allow("secret/data/+/database", "read"),
      "policy p: secret/data/+/database reaches below every name of the mount",
    ],
    "all secrets of all versions": [
      allow("secret/+/+", "read"),
      "policy p: secret/+/+ is every secret of the mount",
    ],
    "all credentials": [
      allow("database/creds/+", "read"),
      "policy p: database/creds/+ is every secret of the mount",
    ],
    "all secrets of all namespaces": [
      together(...namespaces, allow("teams/+/secret/data/*", "read")),
      "policy p: teams/+/secret/data/* is every secret of the mount",
    ],
    "all of an old engine": [allow("kv/*", "read"), "policy p: kv/* is every secret of the mount"],
  },
  notApplicable: { "what is no policy": nothing },
});

const mount = resource("vault_mount", { path: "pki", type: "pki" });

const roleIn = (namespace: string) => resource("vault_pki_secret_backend_role", { name: "app", namespace });
const policyIn = (namespace: string, path: string) =>
  resource("vault_policy", { name: "p", namespace, policy: `path "${path}" { capabilities = ["update"] }` });

describeRule("policy-target", {
  compliant: {
    "a role that is made here": together(
      mount,
      resource("vault_pki_secret_backend_role", { name: "app" }),
      resource("vault_database_secret_backend_role", { name: "app" }),
      policy(
        'path "pki/issue/app" { capabilities = ["update"] }\npath "database/creds/app" { capabilities = ["read"] }',
      ),
    ),
    "a role of the policy's own namespace, or of one that it reaches into": together(
      ...namespaces,
      mount,
      roleIn("teams/payments"),
      policyIn("teams/payments", "pki/issue/app"),
      allow("teams/+/pki/issue/app", "update"),
    ),
  },
  violated: {
    "a role that another namespace has": [
      together(...namespaces, mount, roleIn("teams/payments"), policyIn("teams/books", "pki/issue/app")),
      "pki/issue/app names a role that is not made here",
    ],
    "a role that a namespace has and the root namespace has not": [
      together(...namespaces, mount, roleIn("teams/payments"), allow("pki/issue/app", "update")),
      "pki/issue/app names a role that is not made here",
    ],
    "a role of nobody": [
      together(mount, allow("pki/issue/payment-service", "create", "update")),
      "pki/issue/payment-service names a role that is not made here",
    ],
    "a role of another engine": [
      together(
        mount,
        resource("vault_pki_secret_backend_role", { name: "app" }),
        allow("database/creds/app", "read"),
      ),
      "database/creds/app names a role that is not made here",
    ],
  },
  notApplicable: {
    "a stack that makes no engine": allow("pki/issue/payment-service", "update"),
    "a policy that names no role": together(mount, own),
  },
});

const acme = (body: object) => resource("vault_pki_secret_backend_config_acme", { backend: "pki", ...body });

describeRule("pki-acme", {
  compliant: {
    "ACME that is off": acme({ enabled: false }),
    "accounts that are bound, and named roles": acme({
      enabled: true,
      eab_policy: "always-required",
      allowed_roles: ["app"],
      default_directory_policy: "role:app",
    }),
  },
  violated: {
    "Vault's defaults": [
      acme({ enabled: true }),
      "every client that reaches Vault gets certificates: eab_policy is not-required",
      "the default directory signs what it is asked for (sign-verbatim)",
    ],
    "a binding for new accounts only": [
      acme({ enabled: "1", eab_policy: "new-account-required", default_directory_policy: "forbid" }),
      "every client that reaches Vault gets certificates: eab_policy is new-account-required",
    ],
  },
  notJudged: {
    "a switch that only Terraform knows": [
      acme({ enabled: "${var.acme}" }),
      'enabled is "${var.acme}", which only Terraform can evaluate',
    ],
  },
  notApplicable: { "a stack without ACME": nothing },
});

const named = (name: string, ...grants: (readonly [path: string, ...capabilities: string[]])[]) =>
  resource("vault_policy", {
    name,
    policy: grants
      .map(
        ([path, ...capabilities]) =>
          `path "${path}" {\n  capabilities = ${JSON.stringify(capabilities)}\n}\n`,
      )
      .join(""),
  });
const workload = (...policies: string[]) =>
  resource("vault_kubernetes_auth_backend_role", {
    role_name: "payment-service",
    token_policies: policies,
    bound_service_account_names: ["payment-service"],
    bound_service_account_namespaces: ["production"],
  });
const mounts = together(
  resource("vault_mount", { path: "secret", type: "kv-v2" }),
  resource("vault_mount", { path: "transit", type: "transit" }),
  resource("vault_mount", { path: "pki", type: "pki" }),
  resource("vault_mount", { path: "database", type: "database" }),
);
const serviceWith = (...grants: Parameters<typeof named>[1][]) =>
  together(mounts, named("app", ...grants), workload("default", "app"));

describeRule("workload-privileges", {
  compliant: {
    "a service that uses its secrets": serviceWith(
      ["secret/data/payment-service/*", "create", "read", "update"],
      ["database/creds/payment-service", "read"],
      ["pki/issue/payment-service", "update"],
      ["transit/encrypt/payments", "update"],
    ),
    "a Sentinel policy, which only restricts": together(
      resource("vault_rgp_policy", { name: "in-hours", policy: "main = rule { true }" }),
      workload("in-hours"),
    ),
    "a denial": serviceWith(["sys/storage/raft/snapshot", "deny"]),
  },
  violated: {
    snapshots: [
      serviceWith(["sys/storage/raft/snapshot", "read"]),
      "policy app gives read on sys/storage/raft/snapshot (whole storage)",
    ],
    "keys of transit": [
      serviceWith(["transit/export/*", "read"]),
      "policy app gives read on transit/export/* (key material)",
    ],
    "certificates for any name": [
      serviceWith(["pki/sign-verbatim/*", "update"]),
      "policy app gives update on pki/sign-verbatim/* (key material)",
    ],
    "connections of databases": [
      serviceWith(["database/config/*", "update"]),
      "policy app gives update on database/config/* (engine config)",
    ],
    "audit devices": [
      serviceWith(["sys/audit/*", "update"]),
      "policy app gives update on sys/audit/* (audit write)",
    ],
    "the policy of the backup": [
      together(named("vault-backup", ["sys/storage/raft/snapshot", "read"]), workload("Vault-Backup")),
      "policy vault-backup gives read on sys/storage/raft/snapshot (whole storage)",
    ],
    "a policy by reference": [
      together(
        resource(
          "vault_policy",
          { name: "x", policy: 'path "sys/raw/*" { capabilities = ["read"] }' },
          "Raw",
        ),
        workload("${vault_policy.Raw.name}"),
      ),
      "policy x gives read on sys/raw/* (whole storage)",
    ],
    "the policy of an administrator": [
      together(named("admin", ["*", "update"]), workload("admin")),
      "policy admin gives update on * (policy write)",
      "policy admin gives update on * (audit write)",
      "policy admin gives update on * (whole storage)",
    ],
  },
  notJudged: {
    "a policy of other stacks": [workload("elsewhere"), 'these stacks do not write the policy "elsewhere"'],
    "policies that only Terraform knows": [
      resource("vault_kubernetes_auth_backend_role", { token_policies: "${var.policies}" }),
      'token_policies is "${var.policies}", which only Terraform can evaluate',
    ],
  },
  notApplicable: {
    "a stack without roles": nothing,
    "a group of people": together(
      named("admin", ["*", "sudo", "read"]),
      resource("vault_identity_group", { policies: ["admin"] }),
    ),
  },
});

const github = (claims: object, ...policies: string[]) =>
  together(
    named("plan", ["sys/mounts", "read", "list"]),
    named("deploy", ["*", "create", "update"]),
    resource("vault_jwt_auth_backend_role", { bound_claims: claims, token_policies: policies }),
  );
const PULL_REQUEST = { repository: "example/platform", sub: "repo:example/platform:pull_request" };

describeRule("pull-request-role", {
  compliant: { "a role that reads": github(PULL_REQUEST, "plan") },
  violated: {
    "a role for pull requests with the policy of deployments": [
      github(PULL_REQUEST, "plan", "deploy"),
      "policy deploy lets a workflow of a pull request write *",
    ],
    "a subject beside that of pull requests": [
      github(
        { sub: "repo:example/platform:ref:refs/heads/main,repo:example/platform:pull_request" },
        "deploy",
      ),
      "policy deploy lets a workflow of a pull request write *",
    ],
    "a repository alone, which pull requests have too": [
      github({ repository: "example/platform" }, "deploy"),
      "policy deploy lets a workflow of a pull request write *",
    ],
    "an event": [
      github({ repository: "example/platform", event_name: "pull_request_target" }, "deploy"),
      "policy deploy lets a workflow of a pull request write *",
    ],
  },
  notJudged: {
    "a policy of other stacks": [
      github(PULL_REQUEST, "elsewhere"),
      'these stacks do not write the policy "elsewhere"',
    ],
  },
  notApplicable: {
    "a branch": github({ repository: "example/platform", ref: "refs/heads/main" }, "deploy"),
    "an environment": github({ repository: "example/platform", environment: "production" }, "deploy"),
    "another issuer": github({ groups: "admins" }, "deploy"),
  },
});
