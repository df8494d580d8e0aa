import { selectStacks } from "../../cli/stacks";

const stacks = ["dev-foundation", "dev-config", "production-foundation"].map((name) => ({
  name,
  folder: name,
}));
const select = (patterns: string[], environment?: string) =>
  selectStacks(stacks, patterns, environment).map(({ name }) => name);

test.each<[string[], string | undefined, string[]]>([
  [[], undefined, ["dev-foundation", "dev-config", "production-foundation"]],
  [[], "dev", ["dev-foundation", "dev-config"]],
  [["*-foundation"], undefined, ["dev-foundation", "production-foundation"]],
  [["*-foundation"], "dev", ["dev-foundation"]],
  [["production-*", "dev-config"], undefined, ["dev-config", "production-foundation"]],
])("selects for %j of environment %s the stacks %j, in their order", (patterns, environment, expected) => {
  expect(select(patterns, environment)).toEqual(expected);
});

test("excludes stacks of an environment whose name has the selected one as a prefix", () => {
  const names = ["production-foundation", "production-config-payments", "production-eu-foundation"];
  const selected = selectStacks(
    names.map((name) => ({ name, folder: name })),
    [],
    "production",
  );
  expect(selected.map(({ name }) => name)).toEqual(names.slice(0, 2));
});

test.each<[string[], string | undefined, string]>([
  [
    ["dev-confg"],
    undefined,
    "No stack matches dev-confg; allowed are patterns with * of dev-foundation, dev-config, production-foundation.",
  ],
  [["dev-*", "prod"], undefined, "No stack matches prod;"],
  [["dev.config"], undefined, "No stack matches dev.config;"],
  [
    ["production-*"],
    "dev",
    "No stack matches production-*; allowed are patterns with * of dev-foundation, dev-config.",
  ],
  [
    [],
    "prod",
    '--env must be an environment that has stacks, got "prod"; the stacks are dev-foundation, dev-config, production-foundation.',
  ],
])(
  "rejects %j of environment %s without a match and lists the allowed stacks",
  (patterns, environment, message) => {
    expect(() => select(patterns, environment)).toThrow(message);
  },
);
