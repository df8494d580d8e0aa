import { HELP, PARTS, parseArguments } from "../../bench/arguments";

test("measures all parts at full size as plain text by default", () => {
  expect(parseArguments([])).toEqual({ parts: PARTS, small: false, markdown: false, help: false });
});

test("keeps only the given parts, in the order of the bench", () => {
  expect(parseArguments(["lifecycle", "synth", "--small", "--markdown"])).toEqual({
    parts: ["synth", "lifecycle"],
    small: true,
    markdown: true,
    help: false,
  });
});

test("leaves tests out of a small run, and rejects tests with --small", () => {
  expect(parseArguments(["--small"]).parts).toEqual(["synth", "config", "lifecycle"]);
  expect(parseArguments(["tests"]).parts).toEqual(["tests"]);
  expect(() => parseArguments(["--small", "synth", "tests"])).toThrow(
    'got --small with the part "tests", which has one size; leave one of them out',
  );
});

test("rejects an unknown part, and lists the allowed ones", () => {
  expect(() => parseArguments(["speed"])).toThrow(
    'got the part "speed"; allowed: synth, config, lifecycle, tests',
  );
});

test("rejects an unknown option", () => {
  expect(() => parseArguments(["--big"])).toThrow("--big");
});

test("lists every part and option in the help", () => {
  for (const word of [...PARTS, "--small", "--markdown", "--help"]) expect(HELP).toContain(`  ${word}`);
});
