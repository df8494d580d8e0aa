import { TerraformStack, Testing } from "cdktf";
import { ClientNamespace, type ClientNamespaceProps } from "../../constructs/network/client-namespace";
import { Synthesized } from "../support/synth";

function build(props: ClientNamespaceProps): Synthesized {
  const stack = new TerraformStack(Testing.app(), "test");
  new ClientNamespace(stack, "Production", props);
  return new Synthesized(JSON.parse(Testing.synth(stack)));
}

test("a namespace is made with the label that opens Vault to it, for restricted pods, and no plan destroys it", () => {
  expect(build({ name: "production" }).resource("kubernetes_namespace_v1")).toMatchObject({
    metadata: {
      name: "production",
      labels: {
        "vault-platform/client": "true",
        "pod-security.kubernetes.io/enforce": "restricted",
        "pod-security.kubernetes.io/warn": "restricted",
      },
    },
    lifecycle: { prevent_destroy: true },
  });
});

test("a namespace of somebody else's gets the label and nothing more", () => {
  const output = build({ name: "production", existing: true });
  expect(output.resources("kubernetes_namespace_v1")).toEqual([]);
  expect(output.resource("kubernetes_labels")).toMatchObject({
    kind: "Namespace",
    metadata: { name: "production" },
    labels: { "vault-platform/client": "true" },
  });
});

test.each(["default", "kube-system", "kube-public", "kube-node-lease"])(
  "%s, which every cluster has, is used as it is and not created",
  (name) => {
    expect(() => build({ name })).toThrow(
      `name must be that of a namespace to create, unless existing is true, got "${name}" [test/Production]`,
    );
    const output = build({ name, existing: true });
    expect(output.resources("kubernetes_namespace_v1")).toEqual([]);
    expect(output.resource("kubernetes_labels").metadata.name).toBe(name);
  },
);

test.each([true, false])("a name that no namespace can have is refused, existing: %s", (existing) => {
  expect(() => build({ name: "Production", existing })).toThrow('got "Production" [test/Production]');
});
