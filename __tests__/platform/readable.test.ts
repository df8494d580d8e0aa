import { Duration } from "../../constructs/core/duration";
import { original, readable, whereReadable } from "../../platform/readable";

const value = { name: "a", list: [{ size: 1 }, { size: 2 }], ttl: Duration.hours(1) };
const flaw = (...path: (string | number)[]) => ({ code: "invalid_type", path });

test("returns a value without flaws unchanged", () => {
  expect(readable(value, [])).toBe(value);
});

test("hides a flaw, and no other value", () => {
  const view = readable(value, [flaw("list", 0, "size")])!;
  expect(whereReadable(() => view.list[0].size)).toBeUndefined();
  expect(whereReadable(() => view.list[1].size)).toBe(2);
  expect(whereReadable(() => view.list.length)).toBe(2);
  expect(whereReadable(() => view.ttl.toString())).toBe("1h");
  expect(whereReadable(() => view.list.map(({ size }) => size))).toBeUndefined();
});

test("shows the items of a list that has a flaw itself, but no flawed text", () => {
  const codes = ["unrecognized_keys", "too_small", "too_big", "custom"];
  const view = readable(
    value,
    codes.map((code) => ({ code, path: ["list"] })),
  )!;
  expect(whereReadable(() => view.list[0].size)).toBe(1);
  expect(whereReadable(() => readable(value, [{ code: "too_small", path: ["name"] }])!.name)).toBeUndefined();
});

test("returns undefined for a value with a flaw at its root", () => {
  expect(readable(value, [flaw()])).toBeUndefined();
});

test("passes other errors of a check on", () => {
  expect(() =>
    whereReadable(() => {
      throw new TypeError("x is undefined");
    }),
  ).toThrow(TypeError);
});

test("returns the original of a view", () => {
  const view = readable(value, [flaw("list", 0, "size")])!;
  expect(original(view.list)).toBe(value.list);
  expect(original("text")).toBe("text");
});
