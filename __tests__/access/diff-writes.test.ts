import type { TerraformStack } from "cdktf";
import { changesOf } from "./support/changes";
import { type Plain, resources } from "./support/resources";

const nothing = resources();

const endpoint = (path: string, data: object): Plain => [
  "vault_generic_endpoint",
  { path, data_json: JSON.stringify(data) },
];
const secret = (path: string, data: object): Plain => ["vault_generic_secret", endpoint(path, data)[1]];

const ADMIN = 'path "*" { capabilities = ["sudo", "update"] }';
const evil = {
  bound_service_account_names: "*",
  bound_service_account_namespaces: "*",
  token_policies: "admin",
};
const admin: Plain = ["vault_policy", { name: "admin", policy: ADMIN }];

describe("access diff of writes on paths of Vault", () => {
  it.each<[string, Plain]>([
    ["a policy", endpoint("sys/policies/acl/x", { policy: ADMIN })],
    ["a slash at the start", endpoint("/sys/policies/acl/x", { policy: ADMIN })],
    ["a slash at the end", endpoint("sys/policies/acl/x/", { policy: ADMIN })],
    ["double slashes", endpoint("sys//policies/acl//x", { policy: ADMIN })],
    ["the version of the API", endpoint("/v1/sys/policies/acl/x", { policy: ADMIN })],
    ["the older path, in upper case", endpoint("sys/policy/X", { rules: ADMIN })],
    ["a generic secret", secret("sys/policies/acl/x", { policy: ADMIN })],
  ])("reads a write as the policy that it is: %s", (_what, plain) => {
    expect(changesOf(nothing, resources(plain))).toEqual([
      expect.stringMatching(
        /^capability wider: sys\/policies\/acl policy x: \*: \+ update, sudo \[wildcard, sudo/,
      ),
    ]);
  });

  it.each<[string, string, object]>([
    ["auth/kubernetes role evil", "auth/kubernetes/role/evil", evil],
    ["auth/kubernetes role evil", "/auth/kubernetes/role/EVIL/", evil],
    ["auth/approle role evil", "auth/approle/role/evil", { token_policies: ["admin"] }],
    ["auth/ci role evil", "auth/ci/role/evil", { user_claim: "sub", policies: "admin" }],
    ["auth/userpass user evil", "auth/userpass/users/evil", { policies: "admin, other" }],
    ["auth/ldap group evil", "auth/ldap/groups/evil", { policies: "admin" }],
    ["auth/cert role evil", "auth/cert/certs/evil", { token_policies: "admin" }],
    ["auth/github group evil", "auth/github/map/teams/evil", { value: "admin" }],
    ["auth/token token role evil", "auth/token/roles/evil", { allowed_policies: "admin" }],
    ["identity group evil", "identity/group/name/evil", { policies: "admin" }],
    ["identity entity evil", "identity/entity/name/evil", { policies: ["admin"] }],
  ])("reads a write as the identity that it is: %s by %s", (subject, path, data) => {
    for (const write of [endpoint, secret]) {
      const found = changesOf(resources(admin), resources(admin, write(path, data)));

      expect(found).toContainEqual(expect.stringMatching(`^identity wider: ${subject}: .*new identity`));
      expect(found).toContainEqual(
        expect.stringMatching(`^capability wider: ${subject}: \\*: \\+ update, sudo \\[wildcard, sudo`),
      );
    }
  });

  it.each<[string, string, string]>([
    ["jsonencode", "auth/kubernetes/role/evil", '${jsonencode({token_policies = ["admin"]})}'],
    ["format", '${format("auth/%s/role/evil", "kubernetes")}', '{"token_policies":["admin"]}'],
    ["a local value", "${local.path}", "${local.data}"],
  ])("evaluates the path and the data of a write: %s", (_what, path, data) => {
    const write = (stack: TerraformStack) => {
      resources(admin, ["vault_generic_endpoint", { path, data_json: data }])(stack);
      stack.addOverride("locals", { path: "auth/kubernetes/role/evil", data: '{"token_policies":"admin"}' });
    };

    expect(changesOf(resources(admin), write)).toContainEqual(
      expect.stringMatching(/^capability wider: auth\/kubernetes role evil: \*: \+ update, sudo/),
    );
  });

  it("reads a write below a namespace as an object of that namespace", () => {
    const namespace: Plain = ["vault_namespace", { path: "team" }];
    const policy = endpoint("team/sys/policies/acl/x", { policy: ADMIN });

    expect(changesOf(resources(namespace), resources(namespace, policy))).toEqual([
      expect.stringMatching(/^capability wider: team\/sys\/policies\/acl policy x: \*: \+ update, sudo/),
    ]);
  });

  it("reports an identity whose data only Terraform knows as one with unknown policies", () => {
    const role: Plain = [
      "vault_generic_endpoint",
      { path: "auth/kubernetes/role/x", data_json: "${aws_ssm_parameter.x.value}" },
    ];

    expect(changesOf(nothing, resources(role))).toContainEqual(
      expect.stringMatching(
        /^capability wider: auth\/kubernetes role x: .* of which nothing is known.*\[unreadable\]$/,
      ),
    );
  });

  it.each<[string, Plain, string]>([
    [
      "SQL",
      endpoint("database/roles/x", { creation_statements: ["CREATE ROLE x SUPERUSER"] }),
      "database admin",
    ],
    [
      "SQL at an unknown mount",
      endpoint("db/roles/x", { creation_statements: ["ALTER ROLE x SUPERUSER"] }),
      "database admin",
    ],
    ["any certificate", endpoint("pki/roles/x", { allow_any_name: true }), "wildcard"],
    ["exportable keys", endpoint("transit/keys/x", { exportable: true }), "key material"],
    ["ACME", endpoint("pki/config/acme", { enabled: true }), "key material"],
    [
      "a clear audit log",
      endpoint("sys/mounts/secret/tune", { audit_non_hmac_response_keys: "data" }),
      "audit write",
    ],
    [
      "a mount with a clear audit log",
      endpoint("sys/mounts/secret", { type: "kv", config: { audit_non_hmac_response_keys: ["data"] } }),
      "audit write",
    ],
    ["a plugin", endpoint("sys/plugins/catalog/auth/x", { sha256: "a", command: "x" }), "server"],
    ["CORS", endpoint("sys/config/cors", { allowed_origins: "*" }), "server"],
    ["a header of the user interface", endpoint("sys/config/ui/headers/X", { values: ["a"] }), "server"],
    [
      "snapshots",
      endpoint("sys/storage/raft/snapshot-auto/config/x", { aws_s3_bucket: "theirs" }),
      "whole storage",
    ],
    ["an OIDC client", endpoint("identity/oidc/client/x", { redirect_uris: "https://a" }), "trust"],
    [
      "members of a group from outside",
      endpoint("identity/group-alias", { name: "all-employees", canonical_id: "1" }),
      "trust",
    ],
  ])("labels a write that gives %s", (_what, plain, label) => {
    const found = changesOf(nothing, resources(plain));

    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(new RegExp(`wider: .*\\[(.*, )?${label}`));
  });

  it.each([
    "x/y/z",
    "sys/made-up",
    "auth/approle/role/app/secret-id",
    "sys/rekey/init",
    "identity/made-up",
    "sys",
  ])("names a write on a path whose meaning is not known: %s", (path) => {
    expect(changesOf(nothing, resources(endpoint(path, { a: 1 })))).toEqual([
      expect.stringMatching(/^login wider: generic endpoint .* whose meaning is not known \[unreadable\]$/),
    ]);
    expect(changesOf(resources(endpoint(path, { a: 1 })), resources(endpoint(path, { a: 2 })))).toEqual([
      expect.stringMatching(/data_json changed: .*\[unreadable\]$/),
    ]);
  });

  it("reports the rotation of a password as operation", () => {
    expect(changesOf(nothing, resources(endpoint("database/rotate-root/payments", {})))).toEqual([
      "operation same: operation database/payments: + a new one",
    ]);
  });

  it("reports nothing if another spelling writes the same policy", () => {
    const typed: Plain = ["vault_policy", { name: "x", policy: ADMIN }];

    expect(
      changesOf(resources(typed), resources(endpoint("/sys/policies/acl/x/", { policy: ADMIN }))),
    ).toEqual([]);
  });
});

const role = (bound: string, ...policies: string[]): Plain => [
  "vault_kubernetes_auth_backend_role",
  {
    role_name: "app",
    bound_service_account_names: [bound],
    bound_service_account_namespaces: ["team"],
    audience: "vault",
    token_policies: policies,
  },
];
const policy = (...rules: [path: string, capability: string][]): Plain => [
  "vault_policy",
  {
    name: "app",
    policy: rules.map(([path, one]) => `path "${path}" { capabilities = ["${one}"] }\n`).join(""),
  },
];

describe("access diff of objects that are written twice", () => {
  const twice = expect.stringMatching(
    /written 2 times; any of them may hold \[unreadable(, powerful login)?\]$/,
  ) as string;

  it.each<[string, Plain]>([
    ["another resource", role("evil", "admin")],
    ["a write", endpoint("/auth/kubernetes/role/app/", { ...evil, token_policies: ["admin"] })],
    [
      "another spelling",
      [
        "vault_kubernetes_auth_backend_role",
        { ...role("evil", "admin")[1], backend: "/kubernetes/", role_name: "APP" },
      ],
    ],
  ])("counts the rights of both roles, whichever is last: %s", (_what, other) => {
    for (const both of [
      [role("app"), other],
      [other, role("app")],
    ] as const) {
      const found = changesOf(resources(admin, role("app")), resources(admin, ...both));

      expect(found).toContainEqual(twice);
      expect(found).toContainEqual(
        expect.stringMatching(/^login wider: .*bound_service_account_names (evil|\*)/),
      );
      expect(found).toContainEqual(
        expect.stringMatching(/^capability wider: .*role app: \*: \+ update, sudo/),
      );
    }
  });

  it("drops a condition that only one of two roles has", () => {
    const open = { ...role("app")[1], audience: undefined };

    expect(
      changesOf(resources(role("app")), resources(role("app"), ["vault_kubernetes_auth_backend_role", open])),
    ).toEqual([expect.stringMatching(/no longer limited by audience \(vault\) \[wildcard\]$/), twice]);
  });

  it.each<[string, Plain, Plain, string[]]>([
    ["a denial in one text", policy(["a", "deny"]), policy(["a", "read"]), ["a: + read"]],
    [
      "a narrower rule in one text",
      policy(["a/*", "deny"]),
      policy(["*", "read"]),
      ["*: + read", "a/*: + read"],
    ],
    ["rules of both", policy(["a", "read"]), policy(["b", "read"]), ["a: + read", "b: + read"]],
  ])("counts everything that one of two policies allows: %s", (_what, one, other, expected) => {
    for (const both of [
      [one, other],
      [other, one],
    ] as const) {
      const found = changesOf(nothing, resources(...both));
      const rights = found
        .filter((line) => line.startsWith("capability"))
        .map((line) => line.replace(/ \[.*/, ""));

      expect(found).toContainEqual(twice);
      expect(rights.map((line) => line.replace(/^.*policy app: /, "")).sort()).toEqual(expected);
    }
  });

  it("reports two writes of one setting with both values", () => {
    const quota = (rate: number): Plain => ["vault_quota_rate_limit", { name: "all", rate }];

    expect(changesOf(resources(quota(10)), resources(quota(10), quota(1000)))).toEqual(
      expect.arrayContaining([twice, expect.stringContaining("1000")]),
    );
  });
});
