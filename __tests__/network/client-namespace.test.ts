import { TerraformStack, Testing } from "cdktf";
import { ClientNamespace, type ClientNamespaceProps } from "../../constructs/network/client-namespace";
import { Synthesized } from "../support/synth";

function build(props: ClientNamespaceProps): Synthesized {
  const stack = new TerraformStack(Testing.app(), "test");
  new ClientNamespace(stack, "Production", props);
  return new Synthesized(JSON.parse(Testing.synth(stack)));
}

test("creates a restricted namespace with the client label and prevents its destruction", () => {
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

test("adds only the label to an existing namespace", () => {
  const output = build({ name: "production", existing: true });
  expect(output.resources("kubernetes_namespace_v1")).toEqual([]);
  expect(output.resource("kubernetes_labels")).toMatchObject({
    kind: "Namespace",
    metadata: { name: "production" },
    labels: { "vault-platform/client": "true" },
  });
});

test.each(["default", "kube-system", "kube-public", "kube-node-lease"])(
  "labels %s, which every cluster has, and rejects its creation",
  (name) => {
    expect(() => build({ name })).toThrow(
      `name must be that of a namespace to create, unless existing is true, got "${name}" [test/Production]`,
    );
    const output = build({ name, existing: true });
    expect(output.resources("kubernetes_namespace_v1")).toEqual([]);
    expect(output.resource("kubernetes_labels").metadata.name).toBe(name);
  },
);

test.each([true, false])("rejects an invalid namespace name, existing: %s", (existing) => {
  expect(() => build({ name: "Production", existing })).toThrow('got "Production" [test/Production]');
});
