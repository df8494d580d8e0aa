import { spawnSync } from "node:child_process";
import { plainHcl } from "../../bench/plain-hcl";
import { RESOURCES } from "../../bench/sizes";
import { programPath, testWithPrograms } from "../support/needs";

test("every service has as many resources as the synthesized one", () => {
  for (const count of [1, 7]) {
    expect(plainHcl(count).match(/^resource /gm)).toHaveLength(count * RESOURCES);
  }
});

test("resources have addresses of their own", () => {
  const addresses = plainHcl(5).match(/^resource .*$/gm)!;
  expect(new Set(addresses).size).toBe(addresses.length);
});

testWithPrograms("terraform")("Terraform reads it, and would write it no other way", () => {
  const { status, stdout } = spawnSync(programPath("terraform"), ["fmt", "-"], {
    input: plainHcl(2),
    encoding: "utf8",
  });
  expect(status).toBe(0);
  expect(stdout).toBe(plainHcl(2));
});
