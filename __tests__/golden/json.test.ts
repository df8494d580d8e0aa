import { toReadable } from "./support/json";

const files = new Map([['echo "${name}"\n', "greet.sh"]]);

test.each([
  ["orders keys and leaves out cdktf's metadata", { b: 1, a: 2, "//": { path: "x" } }, { a: 2, b: 1 }],
  ["shows a text of several lines by line", "one\ntwo\n", { text: ["one", "two", ""] }],
  [
    "shows JSON in a text by value",
    '{"b": "one\\ntwo", "a": 1}',
    { json: { a: 1, b: { text: ["one", "two"] } } },
  ],
  ["leaves a text alone that only looks like JSON", "[::]:8200", "[::]:8200"],
  ["names the file that holds exactly this text", 'echo "$${name}"\n', { file: "greet.sh" }],
  ["shows a text that is not quite the file's", 'echo "$${name}" \n', { text: ['echo "$${name}" ', ""] }],
  [
    "leaves out the hash of the chart",
    "assets/CustomResourcesChart/0123456789ABCDEF0123456789ABCDEF",
    "assets/CustomResourcesChart/HASH",
  ],
])("%s", (_, value, readable) => {
  const shown = toReadable(value, files);
  expect(JSON.stringify(shown)).toBe(JSON.stringify(readable));
});
