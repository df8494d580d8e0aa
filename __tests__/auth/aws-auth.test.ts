import { AwsAuth, type AwsAuthProps } from "../../constructs/auth/aws-auth";
import { synthesizeVault } from "../support/vault-stack";

const withProps = (change: Partial<AwsAuthProps> = {}) =>
  synthesizeVault(
    (stack) => new AwsAuth(stack, "Aws", { region: "us-east-1", serverId: "vault.example.com", ...change }),
  );

test("verifies callers at the regional STS endpoint with a server id and no access key, by default", () => {
  const client = withProps().resource("vault_aws_auth_backend_client");
  expect(client).toMatchObject({
    sts_region: "us-east-1",
    sts_endpoint: "https://sts.us-east-1.amazonaws.com",
    iam_server_id_header_value: "vault.example.com",
  });
  expect(client).not.toHaveProperty("access_key");
  expect(withProps().resource("vault_auth_backend")).toMatchObject({ type: "aws", path: "aws" });
});

test("sets path and description", () => {
  expect(withProps({ path: "aws-eu", description: "a ${b}" }).resource("vault_auth_backend")).toMatchObject({
    path: "aws-eu",
    description: "a $${b}",
  });
});

test.each<[string, Partial<AwsAuthProps>, string]>([
  [
    "a wrong region",
    { region: "Virginia" },
    `region must be one of AWS's, such as us-east-1, got "Virginia"`,
  ],
  ["an empty server id", { serverId: "" }, 'serverId must be a string that is not empty, got ""'],
])("rejects %s", (_title, change, message) => {
  expect(() => withProps(change)).toThrow(message);
  expect(() => withProps(change)).toThrow("[test/Aws]");
});
