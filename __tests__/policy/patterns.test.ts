import {
  freshValue,
  overlap,
  samples,
  showTemplates,
  valuesThatMatch,
} from "../../constructs/policy/patterns";

describe("pattern analysis", () => {
  it.each([
    ["a/*", "a/b/c", true],
    ["a/+/c", "a/b/*", true],
    ["a/+/c", "+/b/+", true],
    ["a/b*", "a/bc/+/d*", true],
    ["*", "sys/policy/*", true],
    ["a/+", "a/b/c", false],
    ["a/b*", "a/c*", false],
    ["a/b", "a/b/", false],
  ])("decides overlap: %s and %s", (one, other, expected) => {
    expect(overlap(one, other)).toBe(expected);
    expect(overlap(other, one)).toBe(expected);
  });

  it("names the common paths of two patterns", () => {
    expect(samples("a/+/c", "+/b/*", 3).map(({ label }) => label)).toEqual(["a/b/c"]);
    expect(samples("a/b*", "a/*", 2).map(({ label }) => label)).toEqual(["a/b*"]);
    expect(samples("a/b*", "a/+/d", 2).map(({ label }) => label)).toEqual(["a/b*/d"]);
  });

  it("gives a sample for each number of segments", () => {
    expect(samples("a/*", "a/*", 4)).toHaveLength(3);
  });

  it.each([
    ["a/{{identity.entity.name}}/*", "a/app/x", [["identity.entity.name", "app"]]],
    [
      "{{ one }}/+/{{two}}",
      "a/b/c",
      [
        ["one", "a"],
        ["two", "c"],
      ],
    ],
    ["{{one}}/{{one}}", "a/a", [["one", "a"]]],
    ["{{one}}/{{one}}", "a/b", undefined],
    ["a.b/{{one}}", "aXb/c", undefined],
  ])("finds the values of templates: %s for %s", (pattern, path, expected) => {
    const values = valuesThatMatch(pattern, path);

    expect(values && [...values]).toEqual(expected);
  });

  it("restores templates", () => {
    expect(showTemplates(`a/${freshValue("identity.entity.id")}/b`)).toBe("a/{{identity.entity.id}}/b");
  });
});
