import { type App, TerraformStack, Testing } from "cdktf";
import { local } from "../../environments/local";
import { production } from "../../environments/production";
import { buildPlatform } from "../../stacks";

// Checkov evaluates Deployments but not Jobs, and only wildcards in roles.

// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Body = any;

const app = Testing.app() as App;
buildPlatform(app, [local, production]);
const stacks = app.node.children
  .filter(TerraformStack.isStack)
  .map((stack) => [stack.node.id, (stack.toTerraform() as Body).resource ?? {}] as const);

function resourcesOf(...types: string[]): [string, Body][] {
  return stacks.flatMap(([stack, resources]) =>
    types.flatMap((type) =>
      Object.entries<Body>(resources[type] ?? {}).map(([id, body]): [string, Body] => [
        `${stack} ${id}`,
        body,
      ]),
    ),
  );
}

const pods = resourcesOf("kubernetes_deployment_v1", "kubernetes_job_v1", "kubernetes_cron_job_v1").map(
  ([name, { spec }]): [string, Body] => [name, (spec.job_template?.spec ?? spec).template.spec],
);

test("finds pods of Jobs, CronJobs and Deployments", () => {
  for (const name of ["production-cluster Bootstrap", "production-cluster Backup", "production-workloads"]) {
    expect(pods.map(([pod]) => pod)).toContainEqual(expect.stringContaining(name));
  }
});

test.each(pods)(
  "runs %s without root, without the host's namespaces and without a mounted token",
  (_, pod) => {
    expect(pod).toMatchObject({
      automount_service_account_token: false,
      security_context: { run_as_non_root: true, seccomp_profile: { type: "RuntimeDefault" } },
    });
    expect(Number(pod.security_context.run_as_user)).toBeGreaterThan(0);
    for (const shared of ["host_network", "host_pid", "host_ipc"]) expect(pod[shared] ?? false).toBe(false);
    const volumes: Body[] = pod.volume ?? [];
    expect(volumes.filter((volume) => volume.host_path)).toEqual([]);
  },
);

test.each(
  pods.flatMap(([name, { init_container = [], container }]) =>
    [...init_container, ...container].map((it: Body): [string, Body] => [`${name}: ${it.name}`, it]),
  ),
)(
  "restricts the container %s, and gives it a version, limits and no secret in its environment",
  (_, container) => {
    expect(container.security_context).toMatchObject({
      run_as_non_root: true,
      read_only_root_filesystem: true,
      allow_privilege_escalation: false,
      capabilities: { drop: ["ALL"] },
    });
    expect(container.security_context).not.toHaveProperty("privileged");
    expect(container.security_context.capabilities).not.toHaveProperty("add");
    expect(container.image).toMatch(/(:(?!latest$)[\w.-]+|@sha256:[0-9a-f]{64})$/);
    const amount = { cpu: expect.any(String), memory: expect.any(String) };
    expect(container.resources).toMatchObject({ requests: amount, limits: amount });
    expect(container.env_from).toBeUndefined();
    for (const { value_from } of container.env ?? []) expect(value_from?.secret_key_ref).toBeUndefined();
  },
);

test("changes only named pods and ServiceAccount tokens, and never reads Secrets", () => {
  const rights = new Set<string>();
  for (const [name, { rule: rules }] of resourcesOf("kubernetes_role_v1", "kubernetes_cluster_role_v1")) {
    for (const { verbs, resources, resource_names: names } of rules as Body[]) {
      expect([name, resources]).not.toEqual([name, expect.arrayContaining(["secrets"])]);
      const changes = (verbs as string[]).filter((verb) => !["get", "list", "watch"].includes(verb));
      if (changes.length > 0)
        expect([name, names]).toEqual([name, expect.arrayContaining([expect.anything()])]);
      for (const verb of changes) for (const resource of resources) rights.add(`${verb} ${resource}`);
    }
  }
  expect([...rights].sort()).toEqual(["create serviceaccounts/token", "delete pods"]);
});

test("binds only one built-in ClusterRole, system:auth-delegator", () => {
  const bound = resourcesOf("kubernetes_role_binding_v1", "kubernetes_cluster_role_binding_v1")
    .map(([, { role_ref: role }]) => role)
    .filter(({ kind, name }) => kind === "ClusterRole" && !name.startsWith("${kubernetes_cluster_role_v1."));
  expect([...new Set(bound.map(({ name }) => name))]).toEqual(["system:auth-delegator"]);
});
