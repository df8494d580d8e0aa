import { type App, TerraformStack, Testing } from "cdktf";
import { production } from "../../environments/production";
import { buildPlatform } from "../../stacks";

// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Body = any;

const app = Testing.app() as App;
buildPlatform(app, [production]);
const stack = app.node.findChild("production-cluster") as TerraformStack;
const { resource: byType } = JSON.parse(Testing.synth(stack)) as Body;
const resources = new Map<string, Body>(
  Object.entries<Record<string, Body>>(byType).flatMap(([type, byId]) =>
    Object.entries(byId).map(([id, body]): [string, Body] => [`${type}.${id}`, body]),
  ),
);
const namespaces = new Map(
  [...resources]
    .filter(([address]) => address.startsWith("kubernetes_namespace_v1."))
    .map(([address, { metadata }]) => [metadata.name as string, address]),
);

/** Resources that Terraform creates before this one: its dependencies and references, directly or indirectly. */
function before(address: string, found = new Set<string>()): Set<string> {
  const text = JSON.stringify(resources.get(address));
  for (const other of resources.keys()) {
    if (other === address || found.has(other) || !text.includes(other)) continue;
    found.add(other);
    before(other, found);
  }
  return found;
}

const inNamespaces = [...resources].flatMap(([address, body]): [string, string][] => {
  const namespace = namespaces.get(body.metadata?.namespace ?? body.namespace);
  return namespace ? [[address, namespace]] : [];
});

test("creates the namespaces of Vault, operators and clients, with resources in them", () => {
  expect([...namespaces.keys()].sort()).toEqual(["cert-manager", "external-secrets", "production", "vault"]);
  const types = new Set(inNamespaces.map(([address]) => address.split(".")[0]));
  for (const type of ["helm_release", "kubernetes_cron_job_v1", "kubernetes_network_policy_v1"]) {
    expect(types).toContain(type);
  }
});

test.each(inNamespaces)("creates %s after its namespace, %s", (address, namespace) => {
  expect([...before(address)]).toContain(namespace);
});

test("has no cycle", () => {
  for (const address of resources.keys()) expect([...before(address)]).not.toContain(address);
});
