import { changesOf } from "../../bench/stack";
import { childrensSeconds } from "../../bench/timed";

test("parses the numbers of a plan, and returns 0 for no changes", () => {
  expect(changesOf("Plan: 400 to add, 1 to change, 0 to destroy.")).toEqual({ add: 400, change: 1 });
  expect(changesOf("No changes. Your infrastructure matches the configuration.")).toEqual({
    add: 0,
    change: 0,
  });
});

test("returns -1 for a plan that destroys resources", () => {
  expect(changesOf("Plan: 4 to add, 0 to change, 4 to destroy.")).toEqual({ add: -1, change: -1 });
});

test("adds user and system time of the shell's children", () => {
  expect(childrensSeconds("0m0.00s 0m0.01s\n1m2.50s 0m0.75s\n")).toBeCloseTo(63.25);
});
