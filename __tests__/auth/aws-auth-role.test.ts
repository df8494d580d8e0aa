import { AwsAuth } from "../../constructs/auth/aws-auth";
import { AwsAuthRole, type AwsAuthRoleProps } from "../../constructs/auth/aws-auth-role";
import { Duration } from "../../constructs/core/duration";
import { synthesizeVault } from "../support/vault-stack";

const withProps = (change: Partial<AwsAuthRoleProps> = {}) =>
  synthesizeVault((stack) => {
    const auth = new AwsAuth(stack, "Aws", { region: "us-east-1", serverId: "vault.example.com" });
    const principalArn = "arn:aws:iam::333333333333:role/deploy";
    const role = new AwsAuthRole(stack, "Role", { auth, roleName: "deploy", principalArn, ...change });
    role.grant({ path: "sys/health", capabilities: ["read"], reason: "looks" });
  }).resource("vault_aws_auth_backend_role");

test("binds a role to one principal for an hour, without lookups in AWS, by default", () => {
  expect(withProps()).toMatchObject({
    role: "deploy",
    auth_type: "iam",
    bound_iam_principal_arns: ["arn:aws:iam::333333333333:role/deploy"],
    resolve_aws_unique_ids: false,
    token_ttl: 3600,
    token_max_ttl: 3600,
  });
});

test("sets resolveUniqueIds and maxTtl", () => {
  expect(withProps({ resolveUniqueIds: true, maxTtl: Duration.hours(2) })).toMatchObject({
    resolve_aws_unique_ids: true,
    token_max_ttl: 7200,
  });
});

test("rejects a principal ARN with a wildcard", () => {
  expect(() => withProps({ principalArn: "arn:aws:iam::333333333333:role/*" })).toThrow(
    'principalArn must be the ARN of one role or user, without wildcards, got "arn:aws:iam::333333333333:role/*" [test/Role]',
  );
});
