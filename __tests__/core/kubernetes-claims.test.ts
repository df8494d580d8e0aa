import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { TerraformStack, TerraformVariable, Testing, Token } from "cdktf";
import { claimObject } from "../../constructs/core/kubernetes-claims";
import { VAULT_CONTEXT } from "../../constructs/core/vault-names";

type Prepare = (stack: TerraformStack) => void;

const claim = (scope: TerraformStack, name = "server", namespace?: string) =>
  claimObject(scope, "NetworkPolicy", { name, namespace });

/** Two stacks of one app. */
function two(first: Prepare = () => {}, second = first): TerraformStack[] {
  const app = Testing.app();
  return [first, second].map((prepare, index) => {
    const stack = new TerraformStack(app, `stack-${index}`);
    prepare(stack);
    return stack;
  });
}

test("rejects a second object with the same kind, namespace and name", () => {
  const [stack] = two();
  claim(stack, "server", "vault");
  expect(() => claim(stack, "server", "vault")).toThrow(
    "NetworkPolicy vault/server is taken: stack-0 has it already [stack-0]",
  );
  claim(stack, "server", "vault-b");
  claim(stack, "injector", "vault");
  claimObject(stack, "ConfigMap", { name: "server", namespace: "vault" });
});

test("does not compare tokens", () => {
  const [stack] = two();
  const token = Token.asString({ resolve: () => "a" });
  for (let count = 0; count < 2; count++) {
    claim(stack, token, "vault");
    claim(stack, "server", token);
  }
});

const context =
  (value: string): Prepare =>
  (stack) =>
    stack.node.setContext(VAULT_CONTEXT, value);
const kubernetes =
  (host: string): Prepare =>
  (stack) =>
    void new KubernetesProvider(stack, "Kubernetes", { host });
const helm =
  (configContext: string): Prepare =>
  (stack) =>
    void new HelmProvider(stack, "Helm", { kubernetes: { configPath: "~/.kube/config", configContext } });

test.each<[string, Prepare]>([
  ["one context", context("production")],
  ["one API server", kubernetes("https://10.0.0.1")],
  ["one context of a kubeconfig", helm("production")],
])("shares names between stacks of %s", (_title, prepare) => {
  const [first, second] = two(prepare);
  claim(first);
  expect(() => claim(second)).toThrow("NetworkPolicy server is taken: stack-0 has it already [stack-1]");
});

test.each<[string, Prepare, Prepare]>([
  ["nothing is known", () => {}, () => {}],
  ["contexts differ", context("production"), context("staging")],
  ["API servers differ", kubernetes("https://10.0.0.1"), kubernetes("https://10.0.0.2")],
  ["contexts of the kubeconfig differ", helm("production"), helm("staging")],
  [
    "only Terraform knows the API server",
    (stack) => kubernetes(new TerraformVariable(stack, "host", {}).stringValue)(stack),
    (stack) => kubernetes(new TerraformVariable(stack, "host", {}).stringValue)(stack),
  ],
])("keeps names of stacks apart if %s", (_title, one, other) => {
  const [first, second] = two(one, other);
  claim(first);
  claim(second);
});
