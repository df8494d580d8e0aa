import { renderHcl } from "../../constructs/core/hcl";

test("aligns attributes, nests blocks and omits undefined values", () => {
  expect(
    renderHcl([
      ["ui", true],
      ["cluster_name", "vault"],
      ["log_level", undefined],
      { type: "seal", label: "awskms", body: [["region", "us-east-1"]] },
      { type: "telemetry", body: [["usage_gauge_period", 5], { type: "nested", body: [] }] },
    ]),
  ).toBe(`ui           = true
cluster_name = "vault"
seal "awskms" {
  region = "us-east-1"
}
telemetry {
  usage_gauge_period = 5
  nested {
  }
}
`);
});

test("escapes quotes, backslashes and newlines, also in lists", () => {
  expect(renderHcl([["text", 'a "b" \\ \n ü']])).toBe('text = "a \\"b\\" \\\\ \\n ü"\n');
  expect(renderHcl([["list", ["a", 'b"']]])).toBe('list = ["a", "b\\""]\n');
});
