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

test("an unknown part is refused with those that there are", () => {
  expect(() => parseArguments(["speed"])).toThrow('got the part "speed"; allowed: synth, config, lifecycle');
});

test("an unknown option is refused", () => {
  expect(() => parseArguments(["--big"])).toThrow("--big");
});

test("the help names every part and option", () => {
  for (const word of [...PARTS, "--small", "--markdown", "--help"]) expect(HELP).toContain(`  ${word}`);
});
