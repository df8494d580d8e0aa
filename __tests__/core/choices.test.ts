import { TerraformStack, Testing } from "cdktf";
import { Construct } from "constructs";
import { choicesOf, noteChoice } from "../../constructs/core/choices";

test("choices that were admitted are found at and below a construct, in the order of the program", () => {
  const stack = new TerraformStack(Testing.app(), "test");
  const child = new Construct(stack, "Child");
  noteChoice(stack, "unsafeOne", "first");
  noteChoice(child, "unsafeTwo", "second");
  const second = { construct: "test/Child", choice: "unsafeTwo", detail: "second" };
  expect(choicesOf(stack)).toEqual([{ construct: "test", choice: "unsafeOne", detail: "first" }, second]);
  expect(choicesOf(child)).toEqual([second]);
});
