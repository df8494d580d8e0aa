import { renderHcl } from "../../constructs/core/hcl";

test("attributes are aligned, blocks are nested, what has no value is left out", () => {
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

test("quotes, backslashes, newlines and lists are written so that HCL reads them back", () => {
  expect(renderHcl([["text", 'a "b" \\ \n ü']])).toBe('text = "a \\"b\\" \\\\ \\n ü"\n');
  expect(renderHcl([["list", ["a", 'b"']]])).toBe('list = ["a", "b\\""]\n');
});
