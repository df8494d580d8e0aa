import { TerraformStack, Testing } from "cdktf";
import { Construct } from "constructs";
import { choicesOf, noteChoice } from "../../constructs/core/choices";

test("returns the choices at and below a construct in the order of the construct tree", () => {
  const stack = new TerraformStack(Testing.app(), "test");
  const child = new Construct(stack, "Child");
  noteChoice(stack, "unsafeOne", "first");
  noteChoice(child, "unsafeTwo", "second");
  const second = { construct: "test/Child", choice: "unsafeTwo", detail: "second" };
  expect(choicesOf(stack)).toEqual([{ construct: "test", choice: "unsafeOne", detail: "first" }, second]);
  expect(choicesOf(child)).toEqual([second]);
});
