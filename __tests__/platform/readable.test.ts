import { Duration } from "../../constructs/core/duration";
import { original, readable, whereReadable } from "../../platform/readable";

const value = { name: "a", list: [{ size: 1 }, { size: 2 }], ttl: Duration.hours(1) };
const flaw = (...path: (string | number)[]) => ({ code: "invalid_type", path });

test("what has no flaws is read as it is", () => {
  expect(readable(value, [])).toBe(value);
});

test("a flaw hides itself and nothing else", () => {
  const view = readable(value, [flaw("list", 0, "size")])!;
  expect(whereReadable(() => view.list[0].size)).toBeUndefined();
  expect(whereReadable(() => view.list[1].size)).toBe(2);
  expect(whereReadable(() => view.list.length)).toBe(2);
  expect(whereReadable(() => view.ttl.toString())).toBe("1h");
  expect(whereReadable(() => view.list.map(({ size }) => size))).toBeUndefined();
});

test("what a whole lacks, or has too much of, does not hide its parts", () => {
  const codes = ["unrecognized_keys", "too_small", "too_big", "custom"];
  const view = readable(
    value,
    codes.map((code) => ({ code, path: ["list"] })),
  )!;
  expect(whereReadable(() => view.list[0].size)).toBe(1);
  expect(whereReadable(() => readable(value, [{ code: "too_small", path: ["name"] }])!.name)).toBeUndefined();
});

test("a value that is wrong as a whole cannot be read", () => {
  expect(readable(value, [flaw()])).toBeUndefined();
});

test("other errors of a check are its own", () => {
  expect(() =>
    whereReadable(() => {
      throw new TypeError("x is undefined");
    }),
  ).toThrow(TypeError);
});

test("a view can be shown, flaws and all", () => {
  const view = readable(value, [flaw("list", 0, "size")])!;
  expect(original(view.list)).toBe(value.list);
  expect(original("text")).toBe("text");
});
