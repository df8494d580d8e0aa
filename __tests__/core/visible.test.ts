import { visible, visibleLine } from "../../constructs/core/visible";

test.each([
  ["\u202edlrow", "\\u202edlrow"],
  ["a\u200b\u200d\u2060\ufeff", "a\\u200b\\u200d\\u2060\\ufeff"],
  ["\u001b[2Kgone\r", "\\u001b[2Kgone\\u000d"],
  ["\u009b31m", "\\u009b31m"],
  ["a\u00ad\u034f\u115f\u3164\ufe0f", "a\\u00ad\\u034f\\u115f\\u3164\\ufe0f"],
  ["tag \u{e0041}", "tag \\udb40\\udc41"],
  ["half \ud800.", "half \\ud800."],
  ["a\u2028b", "a\\u2028b"],
])("escapes %j", (text, shown) => {
  expect(visible(text)).toBe(shown);
  expect(JSON.parse(`"${shown}"`)).toBe(text);
});

test("keeps letters of every script, symbols, tabs and line ends", () => {
  const text = "Grüße, 世界, עולם, € 5\n\tx\n";
  expect(visible(text)).toBe(text);
  expect(visible("a\r\nb")).toBe("a\nb");
});

test("escapes line breaks and tabs in a table cell", () => {
  expect(visibleLine("a\nb\tc")).toBe("a\\u000ab\\u0009c");
});
