import { DataKubernetesNamespaceV1 } from "@cdktf/provider-kubernetes/lib/data-kubernetes-namespace-v1";
import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { type App, Aspects, TerraformElement, TerraformHclModule, TerraformStack, Testing } from "cdktf";
import { Construct, DependencyGroup, type IConstruct } from "constructs";
import { CrdDeclaration, CustomResources } from "../../constructs/core/custom-resources";
import { LibraryConstruct } from "../../constructs/core/library-construct";

/** Library construct with two resources; the second has the first in its `depends_on`. */
class Chain extends LibraryConstruct {
  readonly first = configMap(this, "First");
  readonly last = new ConfigMapV1(this, "Last", { metadata: { name: "last" }, dependsOn: [this.first] });
}

/** User construct with two independent resources. */
class Pair extends Construct {
  readonly one = configMap(this, "One");
  readonly two = configMap(this, "Two");
}

function configMap(scope: Construct, id: string): ConfigMapV1 {
  return new ConfigMapV1(scope, id, { metadata: { name: id.toLowerCase() } });
}

function newStack(app = Testing.app() as App, id = "test"): TerraformStack {
  return new TerraformStack(app, id);
}

/** Construct paths of an element's `depends_on`. */
function dependenciesOf(element: TerraformElement): string[] {
  const { resource, data, module } = JSON.parse(Testing.synth(element.cdktfStack));
  const blocks = Object.assign(
    {},
    module,
    ...[resource, data].flatMap((types) => Object.values(types ?? {})),
  );
  const elements = element.cdktfStack.node.findAll().filter((it) => TerraformElement.isTerraformElement(it));
  return (blocks[element.friendlyUniqueId].depends_on ?? []).map((address: string) => {
    const named = elements.find((it) => it.friendlyUniqueId === address.split(".").at(-1));
    return named ? named.node.path.replace("test/", "") : address;
  });
}

test("adds the resource of addDependency to depends_on", () => {
  const stack = newStack();
  const before = new Chain(stack, "Library").first;
  const later = configMap(stack, "Later");
  later.node.addDependency(before);
  expect(dependenciesOf(later)).toEqual(["Library/First"]);
});

test("makes every resource of a construct depend on the last resources of the other", () => {
  const stack = newStack();
  const chain = new Chain(stack, "Chain");
  const pair = new Pair(stack, "Pair");
  pair.node.addDependency(chain);
  expect(dependenciesOf(pair.one)).toEqual(["Chain/Last"]);
  expect(dependenciesOf(pair.two)).toEqual(["Chain/Last"]);
  expect(dependenciesOf(chain.first)).toEqual([]);
});

test("includes dependencies of inner constructs when others depend on the outer one", () => {
  const stack = newStack();
  const outer = new Construct(stack, "Outer");
  const inner = new Pair(outer, "Pair");
  const chain = new Chain(outer, "Chain");
  inner.node.addDependency(chain);
  const later = configMap(stack, "Later");
  later.node.addDependency(outer);
  expect(dependenciesOf(later)).toEqual(["Outer/Pair/One", "Outer/Pair/Two"]);
});

test("orders dependencies by call, without duplicates, before the resource's, at every synthesis", () => {
  const stack = newStack();
  const [first, second, third] = ["C", "A", "B"].map((id) => configMap(stack, id));
  const chain = new Chain(stack, "Chain");
  chain.node.addDependency(new DependencyGroup(first, second), third);
  chain.node.addDependency(second);
  for (let run = 0; run < 2; run += 1) {
    expect(dependenciesOf(chain.last)).toEqual(["C", "A", "B", "Chain/First"]);
  }
});

test("handles data sources and modules as dependents and as dependencies", () => {
  const stack = newStack();
  const chain = new Chain(stack, "Chain");
  const data = new DataKubernetesNamespaceV1(stack, "Data", { metadata: { name: "vault" } });
  const module = new TerraformHclModule(stack, "Module", { source: "example.com/module" });
  data.node.addDependency(chain);
  module.node.addDependency(data);
  const later = configMap(stack, "Later");
  later.node.addDependency(module);
  expect(dependenciesOf(data)).toEqual(["Chain/Last"]);
  expect(dependenciesOf(module)).toEqual(["Data"]);
  expect(dependenciesOf(later)).toEqual(["Module"]);
});

test("adds the dependencies of a construct to the release that it shares, and vice versa", () => {
  const stack = newStack();
  const crds = CrdDeclaration.groups("cert-manager.io");
  const content = (name: string) => ({
    namespace: "vault",
    crds,
    resources: [{ apiVersion: "cert-manager.io/v1", kind: "Issuer", metadata: { name }, spec: {} }],
  });
  const shared = new CustomResources(stack, "Shared", content("one"));
  const sharer = new Construct(stack, "Sharer");
  CustomResources.within(shared, sharer, "Resource", content("two"));
  sharer.node.addDependency(new Chain(stack, "Chain"));
  const later = configMap(stack, "Later");
  later.node.addDependency(sharer);
  expect(dependenciesOf(later)).toEqual(["Shared/Resource"]);
  expect(dependenciesOf(shared.release)).toEqual(["Chain/Last"]);
});

test("adds an override of depends_on to the dependencies", () => {
  const stack = newStack();
  const later = configMap(stack, "Later");
  later.node.addDependency(new Chain(stack, "Chain"));
  later.addOverride("depends_on", ["kubernetes_config_map_v1.mine"]);
  expect(dependenciesOf(later)).toEqual(["Chain/Last", "kubernetes_config_map_v1.mine"]);
});

test("includes dependencies that an aspect adds to constructs visited later", () => {
  const stack = newStack();
  const chain = new Chain(stack, "Chain");
  const later = configMap(stack, "Later");
  const visit = (node: IConstruct) => {
    if (node === stack) later.node.addDependency(chain);
  };
  Aspects.of(stack).add({ visit });
  expect(dependenciesOf(later)).toEqual(["Chain/Last"]);
});

test("rejects a dependency that an aspect adds too late", () => {
  const stack = newStack();
  const chain = new Chain(stack, "Chain");
  const later = configMap(stack, "Later");
  const visit = (node: IConstruct) => {
    if (node === later) later.node.addDependency(chain);
  };
  Aspects.of(stack).add({ visit });
  expect(() => Testing.synth(stack, true)).toThrow(
    "test/Later must depend on test/Chain/Last, but an aspect called node.addDependency",
  );
});

test("makes the stack depend on the other construct's stack and rejects a circle of stacks", () => {
  const app = Testing.app() as App;
  const [first, second] = ["first", "second"].map((id) => newStack(app, id));
  const chain = new Chain(first, "Chain");
  const other = new Chain(second, "Chain");
  other.node.addDependency(chain);
  Testing.synth(second);
  expect(second.dependencies).toEqual([first]);
  expect(other.first.dependsOn).toBeUndefined();

  chain.node.addDependency(other);
  expect(() => Testing.synth(first)).toThrow(
    'node.addDependency must not lead in a circle of stacks, got "first -> second -> first" [first/Chain]',
  );
});

test("rejects a circle and prints its path", () => {
  const stack = newStack();
  const [one, two, three] = ["One", "Two", "Three"].map((id) => new Chain(stack, id));
  one.node.addDependency(two);
  two.node.addDependency(three);
  three.node.addDependency(one);
  expect(() => Testing.synth(stack)).toThrow(
    /node\.addDependency must not lead in a circle, got "test\/\S+( -> test\/\S+){3,}" \[test\/\S+\]$/,
  );
});

test.each<[string, (chain: Chain) => void]>([
  ["its parent", (chain) => chain.node.addDependency(chain.node.scope!)],
  ["its child", (chain) => chain.node.addDependency(chain.first)],
  ["itself", (chain) => chain.node.addDependency(chain)],
])("rejects a dependency of a construct on %s", (_, declare) => {
  const stack = newStack();
  declare(new Chain(stack, "Chain"));
  expect(() => Testing.synth(stack)).toThrow(
    /must be called with a construct that neither contains this one nor is in it, got "test.*" \[test\/Chain\]$/,
  );
});

test.each([undefined, null, "vault", {}, 3])(
  "rejects %p in plain JavaScript and names the construct",
  (value) => {
    const stack = newStack();
    new Chain(stack, "Chain").node.addDependency(value as never);
    expect(() => Testing.synth(stack)).toThrow(
      /^node\.addDependency must be called with constructs only: .*\[test\/Chain\]$/s,
    );
  },
);
