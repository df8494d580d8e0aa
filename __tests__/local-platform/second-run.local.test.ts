import { existsSync, readFileSync } from "node:fs";
import { places } from "../../local/places";
import { run } from "../../cli/processes";
import { partsWithHealth } from "../../local/supervision";
import { type Session, logInAsTerraform } from "./support";
import { DEPLOYED, stateFile, terraform, testWithState } from "./terraform";

for (const stack of DEPLOYED) {
  testWithState(stack)(
    `plans no changes of ${stack} after the apply`,
    async () => {
      const plan = ["plan", "-detailed-exitcode", "-input=false", "-lock=false", "-no-color"];
      const { code, stdout } = await terraform(stack, ...plan);
      // Exit code 2 would mean that there are changes.
      expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining("No changes.") });
    },
    300_000,
  );
}

test("changes no process, state or configuration in a second run of npm run local", async () => {
  const session = await logInAsTerraform();
  const before = await platform(session);
  const { code, stdout, stderr } = await run("npm", ["run", "--silent", "local"], { cwd: places.root });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  for (const stack of DEPLOYED) expect(stdout).toMatch(new RegExp(`^${stack} +\\d+ +no changes\\b`, "m"));
  expect(stdout).toContain("bootstrap: Vault was initialised before, and the recovery shares are stored");
  expect(stdout).toContain("bootstrap: Verified: audit device, auth/terraform, its policies and roles.");
  expect(await platform(session)).toEqual(before);
}, 1_200_000);

interface StateResource {
  readonly type: string;
  readonly name: string;
  readonly instances: { readonly attributes: { readonly id: string } }[];
}

/** State that a run could change. */
async function platform(session: Session) {
  const parts = ((await partsWithHealth()) ?? []).map(({ name, pid, since }) => ({ name, pid, since }));
  const states = DEPLOYED.filter((stack) => existsSync(stateFile(stack))).map((stack) => {
    const { resources } = JSON.parse(readFileSync(stateFile(stack), "utf8"));
    // IDs only: attributes that depend on other resources, such as a bucket's policy, are refreshed by the next run.
    return resources.map(({ type, name, instances }: StateResource) => [
      `${type}.${name}`,
      instances.map(({ attributes }) => attributes.id),
    ]);
  });
  const configuration: Record<string, unknown> = {};
  for (const path of ["sys/mounts", "sys/auth", "sys/audit", "database/config/payments-db"]) {
    configuration[path] = (await session.request("GET", path)).data;
  }
  for (const list of ["sys/policies/acl", "auth/kubernetes/role", "database/roles", "pki/roles"]) {
    for (const name of (await session.request("LIST", list)).data.keys) {
      if (name === "root") continue;
      configuration[`${list}/${name}`] = (await session.request("GET", `${list}/${name}`)).data;
    }
  }
  return { parts, states, configuration };
}
