import { changesOf } from "../../bench/stack";
import { childrensSeconds } from "../../bench/timed";

test("a plan's numbers are read, and no changes are none", () => {
  expect(changesOf("Plan: 400 to add, 1 to change, 0 to destroy.")).toEqual({ add: 400, change: 1 });
  expect(changesOf("No changes. Your infrastructure matches the configuration.")).toEqual({
    add: 0,
    change: 0,
  });
});

test("a plan that destroys something is none that the bench expects", () => {
  expect(changesOf("Plan: 4 to add, 0 to change, 4 to destroy.")).toEqual({ add: -1, change: -1 });
});

test("processor time is that of the shell's children, of user and system together", () => {
  expect(childrensSeconds("0m0.00s 0m0.01s\n1m2.50s 0m0.75s\n")).toBeCloseTo(63.25);
});
