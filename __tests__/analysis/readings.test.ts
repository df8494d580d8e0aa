import { readBoolean, readList, readNumber, readSeconds, readText } from "../../analysis/terraform/readings";
import { Unknown, isUnknown } from "../../analysis/terraform/unknown";

describe("readings", () => {
  it.each([1, "1", "t", "T", "TRUE", "true", "True", true, 2])("reads %j as true, as Go does", (value) => {
    expect(readBoolean(value)).toBe(true);
  });

  it.each([0, "0", "f", "F", "FALSE", "false", "False", false, ""])(
    "reads %j as false, as Go does",
    (value) => {
      expect(readBoolean(value)).toBe(false);
    },
  );

  it.each([
    [90, 90],
    ["90", 90],
    ["1h30m", 5400],
    ["2d", 172_800],
    ["1.5h", 5400],
    ["0", 0],
  ])("reads the duration %j as %j seconds, as Vault does", (value, seconds) => {
    expect(readSeconds(value)).toBe(seconds);
  });

  it("reads numbers, texts and lists that are written in another type", () => {
    expect(readNumber("12")).toBe(12);
    expect(readNumber(1.5)).toBe(1.5);
    expect(readText(5)).toBe("5");
    expect(readText(true)).toBe("true");
    expect(readList("a")).toEqual(["a"]);
    expect(readList(["a", 1])).toEqual(["a", "1"]);
    expect(readList("a, b,", ",")).toEqual(["a", "b"]);
    expect(readList([])).toEqual([]);
  });

  it.each([readBoolean, readNumber, readSeconds, readText, readList])(
    "tells absent from unknown: %p",
    (read) => {
      expect(read(undefined)).toBeUndefined();
      expect(read(null)).toBeUndefined();
      expect(isUnknown(read(Unknown.of("var.open")))).toBe(true);
      expect(isUnknown(read("{{terraform var.open}}"))).toBe(true);
    },
  );

  it.each([
    [readBoolean, "yes"],
    [readNumber, "many"],
    [readSeconds, "1 week"],
    [readSeconds, true],
    [readText, { a: 1 }],
    [readList, ["a", Unknown.of("var.open")]],
    [readList, ["a", "b-{{terraform var.open}}"]],
  ])("does not guess a value that its consumer refuses or that is known in part: %p %j", (read, value) => {
    expect(isUnknown(read(value))).toBe(true);
  });
});
