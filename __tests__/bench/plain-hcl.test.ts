import { spawnSync } from "node:child_process";
import { plainHcl } from "../../bench/plain-hcl";
import { RESOURCES } from "../../bench/sizes";
import { programPath, testWithPrograms } from "../support/needs";

test("writes as many resources per service as the synthesized stack", () => {
  for (const count of [1, 7]) {
    expect(plainHcl(count).match(/^resource /gm)).toHaveLength(count * RESOURCES);
  }
});

test("writes each resource under a unique address", () => {
  const addresses = plainHcl(5).match(/^resource .*$/gm)!;
  expect(new Set(addresses).size).toBe(addresses.length);
});

testWithPrograms("terraform")("writes HCL that terraform fmt leaves unchanged", () => {
  const { status, stdout } = spawnSync(programPath("terraform"), ["fmt", "-"], {
    input: plainHcl(2),
    encoding: "utf8",
  });
  expect(status).toBe(0);
  expect(stdout).toBe(plainHcl(2));
});
