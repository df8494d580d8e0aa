import { join } from "node:path";
import { placeOf, sourceOf } from "../../analysis/terraform/sources";
import { places } from "../../local/places";

const frame = (name: string, path: string) => `${name} (${path}:12:7)`;

describe("source of a construct", () => {
  it("returns the innermost frame outside the constructs and the packages", () => {
    const trace = [
      frame("new TerraformElement", join(places.root, "node_modules/cdktf/lib/terraform-element.ts")),
      frame(
        "new Policy",
        join(places.root, ".yarn/cache/cdktf-vault-platform.zip/node_modules/cdktf-vault-platform/x.js"),
      ),
      frame("new K8sAuthBinding", join(places.root, "constructs/auth/k8s-auth-binding.ts")),
      frame("new ServiceAccess", join(places.root, "stacks/config/service-access.ts")),
      frame("new ConfigStack", join(places.root, "stacks/config/config-stack.ts")),
    ];

    expect(sourceOf(trace)).toBe("stacks/config/service-access.ts:12");
  });

  it("parses a frame without a function", () => {
    expect(sourceOf([`${join(places.root, "main.ts")}:3:1`])).toBe("main.ts:3");
  });

  it.each([
    ["nothing was recorded", undefined],
    ["the command runs the app", [frame("run", join(places.root, "cli/program/compiled.cjs"))]],
    ["all lies elsewhere", [frame("a", "/elsewhere/main.ts"), "node:internal/modules/cjs/loader:1266:32"]],
  ])("returns undefined and omits the file when %s", (_what, trace) => {
    expect(sourceOf(trace)).toBeUndefined();
    expect(placeOf({ writtenBy: "stack/App", file: sourceOf(trace) })).toBe("stack/App");
  });

  it("appends the source to the path of the construct", () => {
    expect(placeOf({ writtenBy: "stack/App", file: "main.ts:3" })).toBe("stack/App, main.ts:3");
  });
});
