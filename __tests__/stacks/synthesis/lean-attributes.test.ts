import { createRequire } from "node:module";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { DeploymentV1 } from "@cdktf/provider-kubernetes/lib/deployment-v1";
import { Mount } from "@cdktf/provider-vault/lib/mount";
import { App, TerraformIterator, TerraformStack, TerraformVariable } from "cdktf";
import type * as Utilities from "cdktf/lib/util";
import { withLeanAttributes } from "../../../stacks/synthesis/lean-attributes";

const utilities = createRequire(require.resolve("cdktf"))("cdktf/lib/util") as typeof Utilities;

/** What Terraform gets of a stack, with the engine's own ways and without. */
function bothWays(fill: (stack: TerraformStack) => void): [lean: unknown, own: unknown] {
  const written = () => {
    const stack = new TerraformStack(new App(), "stack");
    fill(stack);
    return stack.toTerraform() as unknown;
  };
  return [withLeanAttributes(written), written()];
}

test.each<[string, (stack: TerraformStack) => void]>([
  [
    "a resource of which little is said",
    (stack) =>
      new DeploymentV1(stack, "App", {
        metadata: { name: "app" },
        spec: {
          selector: { matchLabels: { "camelCase/key": "a" } },
          template: { metadata: {}, spec: { container: [{ name: "app", image: "app:1", args: [] }] } },
        },
      }),
  ],
  [
    "arguments that every resource has",
    (stack) => {
      const first = new Mount(stack, "First", { path: "first", type: "kv" });
      new Mount(stack, "Second", {
        path: "second",
        type: "kv",
        dependsOn: [first],
        count: 2,
        lifecycle: { preventDestroy: true, ignoreChanges: ["options", "description"] },
      });
    },
  ],
  [
    "tags and other maps with keys of their own",
    (stack) => new KmsKey(stack, "Key", { tags: { "Cost-Center": "a", snakeCase: "b" } }),
  ],
  [
    "blocks that Terraform repeats",
    (stack) => {
      const ports = TerraformIterator.fromList(
        new TerraformVariable(stack, "ports", { type: "list(number)" }).listValue,
      );
      new SecurityGroup(stack, "Group", {
        name: "group",
        ingress: ports.dynamic({ fromPort: ports.value, toPort: ports.value, protocol: "tcp" }),
      });
    },
  ],
  [
    "programs that run beside a resource",
    (stack) =>
      new Mount(stack, "Mount", {
        path: "secret",
        type: "kv",
        provisioners: [{ type: "local-exec", command: "true", environment: { someKey: "a" } }],
      }),
  ],
  [
    "overrides",
    (stack) => {
      const mount = new Mount(stack, "Mount", { path: "secret", type: "kv", options: { version: "2" } });
      mount.addOverride("options.version", undefined);
      mount.addOverride("options.other", { deep: null });
      mount.addOverride("description", "said");
    },
  ],
])("%s come out as the engine has them", (_, fill) => {
  const [lean, own] = bothWays(fill);
  expect(lean).toStrictEqual(own);
});

test("what a resource says nothing of is not carried along", () => {
  const stack = new TerraformStack(new App(), "stack");
  const mount = new Mount(stack, "Mount", { path: "secret", type: "kv" });
  const arguments_ = () => {
    const { resource } = mount.toTerraform() as {
      resource: { vault_mount: { Mount: Record<string, unknown> } };
    };
    return Object.keys(resource.vault_mount.Mount).sort();
  };
  expect(withLeanAttributes(arguments_)).toEqual(["//", "path", "type"]);
});

test("the engine does all by itself again afterwards, also after something failed", () => {
  const { processDynamicAttributes, keysToSnakeCase } = utilities;
  withLeanAttributes(() => expect(utilities.keysToSnakeCase).not.toBe(keysToSnakeCase));
  expect(() =>
    withLeanAttributes(() => {
      throw new Error("failed");
    }),
  ).toThrow("failed");
  expect(utilities.keysToSnakeCase).toBe(keysToSnakeCase);
  expect(utilities.processDynamicAttributes).toBe(processDynamicAttributes);
});
