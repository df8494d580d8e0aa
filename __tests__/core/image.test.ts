import { TerraformStack, Testing } from "cdktf";
import { mirroredImage, requirePinnedImage, splitImage } from "../../constructs/core/image";

const scope = new TerraformStack(Testing.app(), "test");

test.each([
  ["hashicorp/vault:1.21.0", "hashicorp/vault", "1.21.0"],
  ["registry.example.com:5000/vault:1.21.0", "registry.example.com:5000/vault", "1.21.0"],
  [`vault:1@sha256:${"a".repeat(64)}`, "vault", `1@sha256:${"a".repeat(64)}`],
])("%s is split for a chart", (image, repository, tag) => {
  expect(splitImage(scope, image)).toEqual({ repository, tag });
});

test.each([
  "vault",
  "vault:latest",
  `vault@sha256:${"a".repeat(64)}`,
  "vault:latest@sha256:aa",
  "registry:5000/vault",
])("%s is refused", (image) => {
  expect(() => requirePinnedImage(scope, image)).toThrow(
    `an image must have a version other than latest, such as hashicorp/vault:1.21.0, got "${image}" [test]`,
  );
});

test.each([
  ["hashicorp/vault:1.21.0", "mirror.example.com/a/hashicorp/vault:1.21.0"],
  ["public.ecr.aws/aws-cli/aws-cli:2.31.0", "mirror.example.com/a/aws-cli/aws-cli:2.31.0"],
  ["localhost:5000/vault:1", "mirror.example.com/a/vault:1"],
])("%s has its copy at %s", (image, copy) => {
  expect(mirroredImage(image, "mirror.example.com/a")).toBe(copy);
});

test("without a mirror an image stays what it is", () => {
  expect(mirroredImage("hashicorp/vault:1.21.0")).toBe("hashicorp/vault:1.21.0");
});
