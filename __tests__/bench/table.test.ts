import { figure, range, ratio, render } from "../../bench/table";

const table = {
  title: "Times",
  notes: ["In seconds."],
  columns: ["what", "median"],
  rows: [
    ["short", "1.00"],
    ["a | b", "12.0"],
  ],
};

test("aligns numbers to the right in plain text", () => {
  expect(render(table, false)).toBe("Times\nIn seconds.\n\nwhat   median\nshort    1.00\na | b    12.0");
});

test("writes heading, notes and escaped bars in Markdown", () => {
  expect(render(table, true)).toBe(
    "### Times\n\nIn seconds.\n\n| what | median |\n| --- | ---: |\n| short | 1.00 |\n| a \\| b | 12.0 |",
  );
});

test("formats figures with about three digits", () => {
  expect([0.1234, 9.876, 12.34, 123.4].map(figure)).toEqual(["0.12", "9.88", "12.3", "123"]);
});

test("returns minimum, median and maximum for runs in any order", () => {
  expect(range([3, 1, 2])).toEqual(["1.00", "2.00", "3.00"]);
});

test("divides the medians", () => {
  expect(ratio([4, 100, 1], [1, 2, 3])).toBe("2.00x");
});
