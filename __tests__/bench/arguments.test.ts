import { HELP, PARTS, parseArguments } from "../../bench/arguments";

test("without arguments all parts are measured at full size, as plain text", () => {
  expect(parseArguments([])).toEqual({ parts: PARTS, small: false, markdown: false, help: false });
});

test("named parts alone are measured, in the order of the bench", () => {
  expect(parseArguments(["lifecycle", "synth", "--small", "--markdown"])).toEqual({
    parts: ["synth", "lifecycle"],
    small: true,
    markdown: true,
    help: false,
  });
});

test("a small run is without the tests, which have one size, and refuses them where they are named", () => {
  expect(parseArguments(["--small"]).parts).toEqual(["synth", "config", "lifecycle"]);
  expect(parseArguments(["tests"]).parts).toEqual(["tests"]);
  expect(() => parseArguments(["--small", "synth", "tests"])).toThrow(
    'got --small with the part "tests", which has one size; leave one of them out',
  );
});

test("an unknown part is refused with those that there are", () => {
  expect(() => parseArguments(["speed"])).toThrow(
    'got the part "speed"; allowed: synth, config, lifecycle, tests',
  );
});

test("an unknown option is refused", () => {
  expect(() => parseArguments(["--big"])).toThrow("--big");
});

test("the help names every part and option", () => {
  for (const word of [...PARTS, "--small", "--markdown", "--help"]) expect(HELP).toContain(`  ${word}`);
});
