import { Token } from "cdktf";
import { literal } from "../../constructs/core/literal";

test("what Terraform would evaluate is escaped", () => {
  expect(literal('path "${a}" %{ if b } $ % {c}')).toBe('path "$${a}" %%{ if b } $ % {c}');
});

test("references made by cdktf stay references", () => {
  const reference = Token.asString({ resolve: () => "${aws_kms_key.a.arn}", creationStack: [] });
  expect(literal(`arn: ${reference}`)).toBe(`arn: ${reference}`);
});
