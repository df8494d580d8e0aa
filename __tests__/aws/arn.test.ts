import { arnOf, parseArn, parsePrincipal } from "../../constructs/aws/arn";

test("parses the ARN that it renders", () => {
  const parts = {
    partition: "aws-us-gov",
    service: "secretsmanager",
    region: "us-gov-west-1",
    account: "111111111111",
    resource: "secret:dev/vault/one",
  } as const;
  expect(parseArn(arnOf(parts))).toEqual(parts);
});

test.each(["", "arn:aws:s3", "arn:aws-moon:s3:::one", "ARN:aws:s3:::one", "s3:::one"])(
  "rejects %p as an ARN",
  (text) => expect(parseArn(text)).toBeUndefined(),
);

test.each([
  "arn:aws:iam::111111111111:role/one",
  "arn:aws-cn:iam::111111111111:user/path/to/one",
  "arn:aws-us-gov:iam::111111111111:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef",
])("accepts %s as one principal", (arn) =>
  expect(parsePrincipal(arn)).toMatchObject({ account: "111111111111" }),
);

test.each([
  ["a wildcard", "arn:aws:iam::111111111111:role/*"],
  ["a wildcard in the path", "arn:aws:iam::111111111111:role/a*/one"],
  ["a whole account", "arn:aws:iam::111111111111:root"],
  ["a session", "arn:aws:sts::111111111111:assumed-role/one/session"],
  ["an account of eleven digits", "arn:aws:iam::11111111111:role/one"],
  ["a region", "arn:aws:iam:us-east-1:111111111111:role/one"],
  ["a path without a name", "arn:aws:iam::111111111111:role/path/"],
  ["an empty part of a path", "arn:aws:iam::111111111111:role//one"],
  ["a name of 65 characters", `arn:aws:iam::111111111111:role/${"a".repeat(65)}`],
])("rejects %s as one principal", (_, arn) => expect(parsePrincipal(arn)).toBeUndefined());
