import { Token } from "cdktf";
import { literal } from "../../constructs/core/literal";

test("escapes text that Terraform would evaluate", () => {
  expect(literal('path "${a}" %{ if b } $ % {c}')).toBe('path "$${a}" %%{ if b } $ % {c}');
});

test("keeps cdktf tokens", () => {
  const reference = Token.asString({ resolve: () => "${aws_kms_key.a.arn}", creationStack: [] });
  expect(literal(`arn: ${reference}`)).toBe(`arn: ${reference}`);
});
