import { withServices } from "../../bench/definitions";
import { loadEnvironments } from "../../platform/load";
import { production } from "../../environments/production";

test("creates services with different names, secrets and certificates", () => {
  const { services, shards } = loadEnvironments([withServices(production, { count: 3 })])[0];
  expect(shards).toBe("one");
  expect(services.map(({ name, reads, certificates }) => ({ name, reads, certificates }))).toEqual(
    ["service-0", "service-1", "service-2"].map((name) => ({
      name,
      reads: [`${name}/*`],
      certificates: [`${name}.production.svc`],
    })),
  );
});

test("splits services into teams of perShard, and the rest into the last team", () => {
  const { services, shards } = loadEnvironments([
    withServices(production, { count: 5, perShard: 2, prefix: "x" }),
  ])[0];
  expect(shards).toBe("team");
  expect(services.map(({ team }) => team)).toEqual([
    "x-team-0",
    "x-team-0",
    "x-team-1",
    "x-team-1",
    "x-team-2",
  ]);
});

test("changes only the first service", () => {
  const [before, after] = [false, true].map(
    (changed) => withServices(production, { count: 2, changed }).services!,
  );
  expect(after[0].reads).toEqual(["service-0/*", "shared/*"]);
  expect(after[1]).toEqual(before[1]);
});

test("removes only deployment and secrets from services that are not delivered", () => {
  const [delivered, access] = [true, false].map(
    (it) => withServices(production, { count: 1, delivered: it }).services![0],
  );
  const { deployment, secrets, ...rest } = delivered;
  expect([deployment, secrets]).not.toContain(undefined);
  expect(access).toEqual(rest);
});
