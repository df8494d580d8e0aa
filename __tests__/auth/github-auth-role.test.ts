import { GithubAuthRole, type GithubAuthRoleProps } from "../../constructs/auth/github-auth-role";
import { JwtAuth } from "../../constructs/auth/jwt-auth";
import { Duration } from "../../constructs/core/duration";
import { synthesizeVault } from "../support/vault-stack";

const props = { roleName: "deploy", repository: "example/platform", refs: ["refs/heads/main"] };
const rule = { path: "sys/health", capabilities: ["read"], reason: "looks" } as const;

const withProps = (change: Partial<GithubAuthRoleProps> = {}) =>
  synthesizeVault((stack) => {
    const auth = new JwtAuth(stack, "Jwt");
    new GithubAuthRole(stack, "Role", { auth, ...props, ...change }).grant(rule);
  }).resource("vault_jwt_auth_backend_role");

test("binds repository and ref for an hour, and maps run claims to metadata, by default", () => {
  expect(withProps()).toMatchObject({
    role_name: "deploy",
    role_type: "jwt",
    user_claim: "sub",
    bound_audiences: ["vault"],
    bound_claims_type: "string",
    bound_claims: { repository: "example/platform", ref: "refs/heads/main" },
    claim_mappings: expect.objectContaining({
      actor: "actor",
      run_id: "run_id",
      job_workflow_ref: "job_workflow_ref",
    }),
    token_ttl: 3600,
    token_max_ttl: 3600,
  });
});

test("combines refs, environments and subjects in the bound claims", () => {
  const role = withProps({
    refs: ["refs/heads/main", "refs/heads/release"],
    environments: ["production"],
    subjects: ["repo:example/platform:pull_request"],
    audience: "https://vault.example.com",
    maxTtl: Duration.hours(2),
  });
  expect(role.bound_claims).toEqual({
    repository: "example/platform",
    ref: "refs/heads/main,refs/heads/release",
    environment: "production",
    sub: "repo:example/platform:pull_request",
  });
  expect(role).toMatchObject({ bound_audiences: ["https://vault.example.com"], token_max_ttl: 7200 });
});

test.each<[string, Partial<GithubAuthRoleProps>, string]>([
  [
    "no claim beside the repository",
    { refs: [] },
    "refs, environments or subjects must name one at least, got none",
  ],
  [
    "a repository with a wildcard",
    { repository: "example/*" },
    "repository must be one, such as example/vault-platform",
  ],
  ["an owner alone", { repository: "example" }, 'without wildcards, got "example"'],
  [
    "a ref with a wildcard",
    { refs: ["refs/heads/*"] },
    'must be exact, without wildcards, commas and spaces, got "refs/heads/*"',
  ],
  ["a subject with a wildcard", { subjects: ["repo:example/platform:*"] }, "must be exact"],
  ["two environments in one", { environments: ["a,b"] }, 'got "a,b"'],
])("rejects %s", (_title, change, message) => {
  expect(() => withProps(change)).toThrow(message);
  expect(() => withProps(change)).toThrow("[test/Role]");
});
