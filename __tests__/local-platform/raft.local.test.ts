import { readFileSync } from "node:fs";
import { ask, eventually, logInAsTerraform, part, raftServers, servers, serversThatSay } from "./support";

const NAMES = ["vault-0", "vault-1", "vault-2"];

test("has three voters and one leader, all in one cluster", async () => {
  const session = await logInAsTerraform();
  // Autopilot promotes a server to voter after it has been stable for some seconds.
  await eventually("three voters", 60, async () => (await raftServers(session)).every(({ voter }) => voter));
  const members = await raftServers(session);
  expect(members.map(({ node_id }) => node_id).sort()).toEqual(NAMES);
  expect(members.filter(({ leader }) => leader)).toHaveLength(1);

  expect(await serversThatSay("active")).toEqual(
    members.filter(({ leader }) => leader).map(({ node_id }) => node_id),
  );
  expect(await serversThatSay("standby")).toHaveLength(2);
  const health = await Promise.all(servers.map((server) => ask("GET", "sys/health", { server })));
  const ids = health.map(({ text }) => JSON.parse(text).cluster_id);
  expect(new Set(ids).size).toBe(1);
  expect(ids[0]).toMatch(/^[0-9a-f-]{36}$/);
});

test("configures all three servers in each, and joins two by themselves", async () => {
  const joined = [];
  for (const name of NAMES) {
    const { args, logFile } = await part(name);
    const configuration = readFileSync(args[1].replace("-config=", ""), "utf8");
    const addresses = [...configuration.matchAll(/retry_join \{\s+leader_api_addr\s+= "(.*)"/g)];
    expect(addresses.map(([, address]) => address)).toEqual(servers);
    if (/successfully joined the raft cluster/.test(readFileSync(logFile, "utf8"))) joined.push(name);
  }
  expect(joined).toEqual(["vault-1", "vault-2"]);
});
