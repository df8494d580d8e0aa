import { parsePeerRange } from "../../constructs/core/metadata-ranges";

test.each(["169.254.169.254/32", "169.254.0.0/16", "fd00:ec2::254/128"])(
  "rejects %s, where pods get the credentials of their node",
  (range) => {
    expect(() => parsePeerRange(range)).toThrow(
      "must be a network range that does not lie within 169.254.0.0/16 or fd00:ec2::/32, where pods get the credentials of their node",
    );
  },
);

test.each(["169.0254.169.254/32", "::ffff:169.254.169.254/128", "0fd00:ec2::/32"])(
  "rejects %s, another notation of such a range",
  (range) => {
    expect(() => parsePeerRange(range)).toThrow("the canonical form of this range");
  },
);

test("reads a range that is wider than instance metadata", () => {
  expect(parsePeerRange("0.0.0.0/0").toString()).toBe("0.0.0.0/0");
});
