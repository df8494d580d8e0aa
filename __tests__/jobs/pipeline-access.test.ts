import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { ClusterRoleV1 } from "@cdktf/provider-kubernetes/lib/cluster-role-v1";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { TerraformStack, Testing } from "cdktf";
import { PipelineAccess, type PipelineAccessProps } from "../../constructs/jobs/pipeline-access";
import { Synthesized } from "../support/synth";

const props: PipelineAccessProps = {
  namespace: "vault",
  namespaces: ["cert-manager", "production", "vault"],
};

function withProps(
  change: Partial<PipelineAccessProps> = {},
  then: (access: PipelineAccess) => void = () => {},
): Synthesized {
  const stack = new TerraformStack(Testing.app(), "test");
  new KubernetesProvider(stack, "Kubernetes", {});
  then(new PipelineAccess(stack, "Access", { ...props, ...change }));
  return new Synthesized(JSON.parse(Testing.synth(stack)));
}

const roles = () => withProps().resources("kubernetes_cluster_role_v1");
const rulesOf = (name: string) => roles().find(({ metadata }) => metadata.name === name)!.rule;

/** Kinds of the Kubernetes provider that constructs and stacks use, such as `config-map`. */
function kindsMade(): string[] {
  const root = join(__dirname, "..", "..");
  const sources = ["constructs", "stacks"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".ts"))
      .map((path) => readFileSync(join(root, folder, path), "utf8")),
  );
  const kinds = sources.flatMap((text) =>
    [...text.matchAll(/@cdktf\/provider-kubernetes\/lib\/([a-z-]+?)-v\d+"/g)].map(([, kind]) => kind),
  );
  return [...new Set(kinds)].sort();
}

test("lets a plan read every kind that the constructs create, and ConfigMaps", () => {
  const readable = roles().flatMap(({ rule }) =>
    rule.flatMap(({ resources }: { resources: string[] }) => resources),
  );
  const plural = (kind: string) => kind.replaceAll("-", "").replace(/y$/, "ie").replace(/ss$/, "sse") + "s";
  const made = kindsMade();
  expect(made).toContain("storage-class");
  expect(readable).toEqual(expect.arrayContaining(made.map(plural)));
  expect(readable).toContain("configmaps");
});

test("denies a plan Secrets, changes and wildcards", () => {
  expect(roles()).toHaveLength(2);
  for (const { rule } of roles()) {
    for (const { api_groups, resources, verbs } of rule) {
      expect(verbs).toEqual(["get", "list", "watch"]);
      expect(resources).not.toContain("secrets");
      expect([...api_groups, ...resources].join()).not.toMatch(/\*|\//);
    }
  }
});

test("grants cluster kinds everywhere and other kinds in the given namespaces only", () => {
  const output = withProps();
  const subject = [{ kind: "Group", name: "vault-platform:plan", api_group: "rbac.authorization.k8s.io" }];
  const cluster = output.resource("kubernetes_cluster_role_binding_v1");
  expect(cluster.subject).toEqual(subject);
  expect(cluster.role_ref.name).toMatch(
    /^\$\{kubernetes_cluster_role_v1\.Access_[0-9A-F]{8}\.metadata\[0\]\.name\}$/,
  );
  expect(
    rulesOf("vault-platform-plan").flatMap(({ resources }: { resources: string[] }) => resources),
  ).toEqual(["namespaces", "storageclasses", "priorityclasses", "clusterroles", "clusterrolebindings"]);
  const bindings = output
    .resources("kubernetes_role_binding_v1")
    .filter(({ metadata }) => metadata.name === "vault-platform-plan");
  expect(bindings.map(({ metadata }) => metadata.namespace).sort()).toEqual([
    "cert-manager",
    "production",
    "vault",
  ]);
  for (const binding of bindings) {
    expect(binding.subject).toEqual(subject);
    expect(binding.role_ref.name).toMatch(/^\$\{kubernetes_cluster_role_v1\.Access_NamespaceRole_/);
  }
});

test("lets only the deployer request tokens of vault-terraform", () => {
  const output = withProps();
  expect(output.resource("kubernetes_role_v1")).toMatchObject({
    metadata: { namespace: "vault" },
    rule: [{ resources: ["serviceaccounts/token"], resource_names: ["vault-terraform"], verbs: ["create"] }],
  });
  const [login] = output
    .resources("kubernetes_role_binding_v1")
    .filter(({ metadata }) => metadata.name === "vault-terraform-token");
  expect(login.subject.map(({ name }: { name: string }) => name)).toEqual(["vault-platform:deploy"]);
});

test("accepts another planner and deployer", () => {
  const output = withProps({
    planner: { kind: "User", name: "planner" },
    deployer: { kind: "ServiceAccount", namespace: "ci", name: "deployer" },
  });
  expect(output.resource("kubernetes_cluster_role_binding_v1").subject[0]).toMatchObject({
    kind: "User",
    name: "planner",
  });
  const [login] = output
    .resources("kubernetes_role_binding_v1")
    .filter(({ metadata }) => metadata.name === "vault-terraform-token");
  expect(login.subject).toEqual([{ kind: "ServiceAccount", namespace: "ci", name: "deployer" }]);
});

test("rejects the same identity for planner and deployer", () => {
  const both = { kind: "Group", name: "ci" } as const;
  expect(() => withProps({ planner: both, deployer: both })).toThrow(
    'planner and deployer must differ, because a plan must not change anything, got "Group ci" for both [test/Access]',
  );
});

test("returns the role from node.defaultChild", () => {
  const output = withProps({}, (access) =>
    (access.node.defaultChild as ClusterRoleV1).addOverride("metadata.labels", { reviewed: "yes" }),
  );
  const labelled = output
    .resources("kubernetes_cluster_role_v1")
    .filter(({ metadata }) => metadata.labels?.reviewed === "yes");
  expect(labelled.map(({ metadata }) => metadata.name)).toEqual(["vault-platform-plan"]);
});
