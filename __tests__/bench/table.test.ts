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

test("plain text has its numbers lined up to the right", () => {
  expect(render(table, false)).toBe("Times\nIn seconds.\n\nwhat   median\nshort    1.00\na | b    12.0");
});

test("Markdown has a heading, notes as paragraphs, and bars in cells escaped", () => {
  expect(render(table, true)).toBe(
    "### Times\n\nIn seconds.\n\n| what | median |\n| --- | ---: |\n| short | 1.00 |\n| a \\| b | 12.0 |",
  );
});

test("figures have about three digits", () => {
  expect([0.1234, 9.876, 12.34, 123.4].map(figure)).toEqual(["0.12", "9.88", "12.3", "123"]);
});

test("a range is minimum, median and maximum, whatever the order of the runs", () => {
  expect(range([3, 1, 2])).toEqual(["1.00", "2.00", "3.00"]);
});

test("a ratio is one of medians", () => {
  expect(ratio([4, 100, 1], [1, 2, 3])).toBe("2.00x");
});
