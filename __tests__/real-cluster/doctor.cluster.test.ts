import { attempt } from "./support/shell";

test("prints the state of every requirement, and a fix for each that is not met", () => {
  const { stdout, stderr } = attempt("npm", [
    "run",
    "-s",
    "vault-platform",
    "--",
    "doctor",
    "--env",
    "cluster",
  ]);
  expect(stderr).toBe("");
  const states = [...stdout.matchAll(/^(well|problem|unknown) +(\S+( \S+){0,2}) {2}/gm)];
  expect(states.map(([, , what]) => what)).toEqual([
    ...["version", "storage", "network policies", "DNS servers", "API server", "clients"],
    ...["zones", "OIDC provider", "role trust"],
    ...["instance metadata", "custom resources", "Secret encryption", "clock"],
  ]);
  const troubled = states.filter(([, state]) => state !== "well");
  expect(stdout.match(/^ +fix: \S/gm) ?? []).toHaveLength(troubled.length);
  // The stacks are deployed here, so their requirements are met.
  for (const what of ["version", "storage", "zones", "role trust", "custom resources", "clock"]) {
    expect(stdout).toMatch(new RegExp(`^well +${what} `, "m"));
  }
});
