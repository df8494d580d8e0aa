import { type Edits, judge } from "./production";

/** Change of production, and texts of one row that decides on the verdict. */
export type Case = readonly [change: string, edit: Edits, ...expected: readonly string[]];

/** Tests that each change is dangerous (exit code 3), and that a dangerous row names it. */
export function testDangerous(cases: readonly Case[]): void {
  it.each(cases.map(named))("names as dangerous: $change", ({ edit, expected }) => {
    const { verdict, rows } = judge(edit);

    expect({ verdict, rows }).toEqual({
      verdict: "dangerous",
      rows: expect.arrayContaining([containing(expected)]) as unknown,
    });
  });
}

/** Tests that each change is named and not dangerous (exit code 2). */
export function testNamed(cases: readonly Case[]): void {
  it.each(cases.map(named))("names, and does not call dangerous: $change", ({ edit, expected }) => {
    const { verdict, rows } = judge(edit);

    expect(["wider", "changed", "same", "narrower"]).toContain(verdict);
    expect(rows).toEqual(expect.arrayContaining([containing(expected)]));
  });
}

function named([change, edit, ...expected]: Case) {
  return { change, edit, expected };
}

function containing(texts: readonly string[]): unknown {
  const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return expect.stringMatching(new RegExp(texts.map((text) => `(?=.*${literal(text)})`).join(""), "s"));
}
