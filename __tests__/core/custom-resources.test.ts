import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { Release } from "@cdktf/provider-helm/lib/release";
import { TerraformStack, Testing } from "cdktf";
import { Construct } from "constructs";
import { parse } from "yaml";
import {
  CrdDeclaration,
  type CustomResource,
  CustomResources,
  type CustomResourcesProps,
} from "../../constructs/core/custom-resources";
import { Synthesized } from "../support/synth";
import { testWithTerraform } from "../support/terraform";

const certificate: CustomResource = {
  apiVersion: "cert-manager.io/v1",
  kind: "Certificate",
  metadata: { name: "vault-tls" },
  spec: { secretName: "vault-tls", dnsNames: ["vault.vault.svc"] },
};

const props: CustomResourcesProps = {
  namespace: "vault",
  resources: [certificate],
  crds: CrdDeclaration.groups("cert-manager.io"),
};

function stackWith(build: (stack: TerraformStack) => void): TerraformStack {
  const stack = new TerraformStack(Testing.app(), "test");
  new HelmProvider(stack, "Helm", { kubernetes: { host: "https://127.0.0.1:1" } });
  build(stack);
  return stack;
}

const withStack = (build: (stack: TerraformStack) => void) =>
  new Synthesized(JSON.parse(Testing.synth(stackWith(build))));

const withProps = (change: Partial<CustomResourcesProps> = {}) =>
  withStack((stack) => new CustomResources(stack, "VaultCertificate", { ...props, ...change }));

/** Values that a template language, YAML or number formatting could change. */
const spoilable: CustomResource = {
  apiVersion: "external-secrets.io/v1",
  kind: "ExternalSecret",
  metadata: { name: "payment-service", namespace: "production", labels: { enabled: "yes" } },
  spec: {
    target: {
      template: { data: { url: 'postgres://{{ .user }}:{{ .password | urlquery }}@db?x="${y}%{z}"' } },
    },
    strings: [
      "yes",
      "null",
      "0123",
      "1e3",
      "1_000",
      "# none",
      "a: b",
      "- a",
      "~",
      "",
      "on",
      "2001-01-01",
      "two\nlines\n",
      " x ",
    ],
    numbers: [0, 1, 1000000, 12345678901, 0.5],
    booleans: [true, false],
    empty: {},
  },
};

test("creates an atomic release with a timeout, named after the construct", () => {
  expect(withProps().resource("helm_release")).toMatchObject({
    name: "vault-certificate",
    namespace: "vault",
    atomic: true,
    cleanup_on_fail: true,
    timeout: 300,
    lint: true,
    max_history: 5,
  });
});

test("sets the name of the release", () => {
  expect(withProps({ releaseName: "tls" }).resource("helm_release").name).toBe("tls");
});

test("passes the resources unchanged as values", () => {
  const [values, ...others] = withProps().resource("helm_release").values;
  expect(others).toEqual([]);
  expect(parse(values)).toEqual({ resources: [certificate] });
});

test("escapes text that Terraform would read as a template", () => {
  const output = withProps({
    resources: [spoilable],
    crds: CrdDeclaration.groups("external-secrets.io"),
  });
  expect(output.resource("helm_release").values[0]).toContain("$${y}%%{z}");
});

test("addresses the chart by a hash of its content", () => {
  const { chart } = withProps().resource("helm_release");
  expect(chart).toMatch(/^assets\/CustomResourcesChart\/[0-9A-F]{32}$/);
  expect(withProps().resource("helm_release").chart).toBe(chart);
});

test("shares one copy of the chart, without other files, between releases of a stack", () => {
  const stack = stackWith((scope) => {
    new CustomResources(scope, "One", props);
    new CustomResources(scope, "Two", props);
  });
  const folder = join(Testing.fullSynth(stack), "stacks", "test");
  const synthesized = JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8"));
  const charts = new Synthesized(synthesized).resources("helm_release").map(({ chart }) => chart);
  expect(charts[0]).toBe(charts[1]);
  expect(readdirSync(join(folder, "assets"))).toEqual(["CustomResourcesChart"]);
  expect(readdirSync(join(folder, charts[0]), { recursive: true }).sort()).toEqual([
    "Chart.yaml",
    "templates",
    "templates/resources.yaml",
    "values.schema.json",
    "values.yaml",
  ]);
});

test("depends once on the release that installs the CRDs, and on added dependencies", () => {
  const output = withStack((stack) => {
    const operator = new Release(stack, "Operator", { name: "cert-manager", chart: "cert-manager" });
    const namespace = new Release(stack, "Other", { name: "other", chart: "other" });
    const resources = new CustomResources(stack, "Resources", {
      ...props,
      resources: [certificate, { ...certificate, metadata: { name: "second" } }],
      crds: CrdDeclaration.installedBy(operator, "cert-manager.io", "acme.cert-manager.io"),
    });
    resources.node.addDependency(namespace, operator);
  });
  const release = output.resources("helm_release").find(({ name }) => name === "resources")!;
  expect(release.depends_on).toEqual(["helm_release.Operator", "helm_release.Other"]);
});

test("adds no dependency for CRDs that the cluster already has", () => {
  expect(withProps().resource("helm_release").depends_on).toEqual([]);
});

test("merges CRD declarations, and the later one sets who installs a group", () => {
  const output = withStack((stack) => {
    const operator = new Release(stack, "Operator", { name: "cert-manager", chart: "cert-manager" });
    new CustomResources(stack, "Resources", {
      ...props,
      resources: [certificate, spoilable],
      crds: CrdDeclaration.groups("external-secrets.io", "cert-manager.io").and(
        CrdDeclaration.installedBy(operator, "cert-manager.io"),
      ),
    });
  });
  const release = output.resources("helm_release").find(({ name }) => name === "resources")!;
  expect(release.depends_on).toEqual(["helm_release.Operator"]);
});

test("accepts the same resource name in two namespaces", () => {
  const inNamespace = (namespace: string) => ({ ...certificate, metadata: { name: "tls", namespace } });
  expect(() => withProps({ resources: [inNamespace("a"), inNamespace("b")] })).not.toThrow();
});

test.each<[string, Partial<CustomResourcesProps>, string]>([
  [
    "a resource without any declaration",
    { crds: undefined },
    "Certificate needs the CRDs of cert-manager.io, which are not declared to exist, got declarations of none",
  ],
  [
    "a resource with declarations of other groups",
    { crds: CrdDeclaration.groups("trust.cert-manager.io", "external-secrets.io") },
    "got declarations of external-secrets.io, trust.cert-manager.io",
  ],
  [
    "a kind of Kubernetes itself",
    { resources: [{ ...certificate, apiVersion: "v1", kind: "ConfigMap" }] },
    'apiVersion of ConfigMap must have the group of a CRD, such as cert-manager.io/v1, got "v1"',
  ],
  [
    "two resources of the same name",
    { resources: [certificate, { ...certificate, metadata: { name: "vault-tls", namespace: "vault" } }] },
    'resources must have names of their own, got "Certificate vault/vault-tls" twice',
  ],
  [
    "a release name of 54 characters",
    { releaseName: "a".repeat(54) },
    `releaseName must be at most 53 lower-case letters, digits and dashes, got "${"a".repeat(54)}"`,
  ],
  ["a release name with a dot", { releaseName: "a.b" }, 'got "a.b"'],
])("rejects %s with the value and the construct's path", (_title, change, message) => {
  expect(() => withProps(change)).toThrow(message);
  expect(() => withProps(change)).toThrow("[test/VaultCertificate]");
});

test("adds resources from other constructs to one release, with their dependencies", () => {
  const output = withStack((stack) => {
    const [first, second] = ["First", "Second"].map(
      (id) => new Release(stack, id, { name: id, chart: "chart" }),
    );
    const shared = new CustomResources(stack, "Shared", { namespace: "vault" });
    shared.node.addDependency(first);
    shared.add({ resources: [certificate], crds: props.crds });
    const other = { ...certificate, metadata: { name: "other" } };
    const sharer = new Construct(stack, "Sharer");
    expect(CustomResources.within(shared, sharer, "Other", { ...props, resources: [other] })).toBe(shared);
    sharer.node.addDependency(first, second);
    const own = CustomResources.within(undefined, stack, "Own", { ...props, resources: [certificate] });
    expect(own.node.path).toBe("test/Own");
  });
  const release = output.resources("helm_release").find(({ name }) => name === "shared")!;
  expect(parse(release.values[0]).resources.map((it: CustomResource) => it.metadata.name)).toEqual([
    "vault-tls",
    "other",
  ]);
  expect(release.depends_on).toEqual(["helm_release.First", "helm_release.Second"]);
  expect(output.resources("helm_release").map(({ name }) => name)).toContain("own");
});

test("rejects an added resource by the same rules as an initial one", () => {
  withStack((stack) => {
    const shared = new CustomResources(stack, "Shared", props);
    expect(() => shared.add({ resources: [certificate], crds: props.crds })).toThrow(
      'resources must have names of their own, got "Certificate vault/vault-tls" twice [test/Shared]',
    );
    expect(() => shared.add({ resources: [spoilable], crds: props.crds })).toThrow(
      "ExternalSecret needs the CRDs of external-secrets.io",
    );
  });
});

test("rejects a release without resources at synthesis", () => {
  const stack = stackWith((scope) => new CustomResources(scope, "Nothing", { namespace: "vault" }));
  expect(() => Testing.synth(stack, true)).toThrow(
    /\[test\/Nothing\] resources must be one at least, got none/,
  );
});

test("returns the release from node.defaultChild", () => {
  const output = withStack((stack) => {
    const resources = new CustomResources(stack, "Resources", props);
    (resources.node.defaultChild as Release).addOverride("timeout", 600);
  });
  expect(output.resource("helm_release").timeout).toBe(600);
});

testWithTerraform(["helm"], "renders every value exactly as given with the real chart", (plan) => {
  const stack = stackWith(
    (scope) =>
      new CustomResources(scope, "Resources", {
        ...props,
        resources: [certificate, spoilable],
        crds: CrdDeclaration.groups("cert-manager.io", "external-secrets.io"),
      }),
  );
  const { rendered, resources } = plan(stack, { render: ["resources"] });
  expect(rendered.resources).toEqual([certificate, spoilable]);
  expect(resources("helm_release")[0]).toMatchObject({ name: "resources", version: "1.0.0" });
});

testWithTerraform(["helm"], "rejects fields outside the chart's schema in the plan", (plan) => {
  const misspelt = { ...certificate, metadata: { name: "vault-tls", lables: {} } };
  const stack = stackWith((scope) => {
    const { release } = new CustomResources(scope, "Resources", { ...props, resources: [certificate] });
    // Bypasses the validation of the construct.
    release.addOverride("values", [JSON.stringify({ resources: [misspelt] })]);
  });
  expect(() => plan(stack)).toThrow(/lables/);
});
