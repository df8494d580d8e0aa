import { Token } from "cdktf";
import { withoutTokenTraces } from "../../../stacks/synthesis/token-traces";
import { testUnless } from "../../support/needs";

const reference = () => Token.asAny({ a: 1 });

// cdktn takes its traces in another way; there the program is as slow as the engine.
const { name: engine } = jest.requireActual<{ name: string }>("cdktf/package.json");
const missing = engine === "cdktf" ? undefined : `the engine is ${engine}, and not cdktf`;

testUnless(missing)("references are made without their stack traces, and afterwards with them again", () => {
  const { creationStack } = withoutTokenTraces(reference) as unknown as { creationStack: string[] };
  expect(creationStack).toEqual([]);
  expect((reference() as unknown as { creationStack: string[] }).creationStack.length).toBeGreaterThan(0);
});

test("errors keep theirs, also after something failed", () => {
  const error = withoutTokenTraces(() => {
    reference();
    return new Error("told");
  });
  expect(error.stack).toContain("token-traces.test");
  expect(() =>
    withoutTokenTraces(() => {
      throw new Error("failed");
    }),
  ).toThrow("failed");
  expect((reference() as unknown as { creationStack: string[] }).creationStack.length).toBeGreaterThan(0);
});
