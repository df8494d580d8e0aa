import { TerraformStack, TerraformVariable, Testing } from "cdktf";
import { ImageReference, requirePinnedImage } from "../../constructs/core/image-reference";
import { ImageRegistry } from "../../constructs/core/image-registry";

const digest = `sha256:${"a".repeat(64)}`;

test.each([
  ["vault", "vault", "vault", undefined, undefined],
  ["hashicorp/vault:1.21.0", "hashicorp/vault", "hashicorp/vault", "1.21.0", undefined],
  ["registry:5000/vault:1.21.0", "registry:5000/vault", "vault", "1.21.0", undefined],
  ["localhost/vault:V1_a.b-c", "localhost/vault", "vault", "V1_a.b-c", undefined],
  ["ghcr.io/my__org/a-b.c_d/e--f:1", "ghcr.io/my__org/a-b.c_d/e--f", "my__org/a-b.c_d/e--f", "1", undefined],
  ["[2001:db8::1]:5000/vault:1", "[2001:db8::1]:5000/vault", "vault", "1", undefined],
  [`vault@${digest}`, "vault", "vault", undefined, digest],
  [`vault:1@${digest}`, "vault", "vault", "1", digest],
  [`vault:${"a".repeat(128)}`, "vault", "vault", "a".repeat(128), undefined],
])("reads %s", (text, name, path, tag, hash) => {
  const image = ImageReference.parse(text);
  expect([image.name, image.path, image.tag, image.digest]).toEqual([name, path, tag, hash]);
});

const PATH =
  "an image whose path is lower-case letters and digits, separated by /, -, one dot or underscores";
const REGISTRY = "an image whose registry is a host in lower case, perhaps with a port";
const TAG = "an image whose tag is at most 128 letters, digits, dots, dashes and underscores";
const DIGEST = "an image whose digest is sha256, sha384 or sha512 in lower-case hex";

test.each([
  ["", PATH],
  ["ghcr.io/MyOrg/Payment-Service:v1.2.3", PATH],
  ["myorg/payment-:v1", PATH],
  ["myorg/payment..x:v1", PATH],
  ["myorg/payment___x:v1", PATH],
  ["myorg/_payment:v1", PATH],
  ["myorg//payment:v1", PATH],
  ["https://ghcr.io/myorg/payment:v1", REGISTRY],
  ["MyOrg/payment:v1", REGISTRY],
  ["Ghcr.io/myorg/payment:v1", REGISTRY],
  ["-a.io/payment:v1", REGISTRY],
  ["a.io:0/payment:v1", REGISTRY],
  [`vault:${"a".repeat(129)}`, TAG],
  ["vault:", TAG],
  ["vault:-1", TAG],
  ["vault:1:2", PATH],
  ["vault:1 ", TAG],
  ["vault:1@sha256:aa", DIGEST],
  [`vault:1@sha256:${"A".repeat(64)}`, DIGEST],
  [`vault:1@md5:${"a".repeat(32)}`, DIGEST],
  ["a".repeat(64), "an image with a name"],
])("rejects %p: must be %s", (text, allowed) => {
  expect(() => ImageReference.parse(text)).toThrow(`must be ${allowed}`);
});

test.each([
  ["registry.example.com/", 255],
  ["", 255 - "docker.io/library/".length],
])("limits a name behind %p to %i characters", (registry, longest) => {
  const name = (length: number) => registry + "a".repeat(length - registry.length);
  expect(ImageReference.parse(`${name(longest)}:1`).tag).toBe("1");
  expect(() => ImageReference.parse(`${name(longest + 1)}:1`)).toThrow(
    "must be an image of at most 255 characters without its tag",
  );
});

test.each(["vault", "vault:latest", `vault@${digest}`, `vault:latest@${digest}`])(
  "rejects %s where the image must stay the same",
  (text) => {
    const stack = new TerraformStack(Testing.app(), "test");
    expect(() => requirePinnedImage(stack, "image", text)).toThrow(
      `image must be an image with a version, such as hashicorp/vault:1.21.0 (not latest); a digest may follow, got "${text}" [test]`,
    );
  },
);

test("accepts a token as the image", () => {
  const stack = new TerraformStack(Testing.app(), "test");
  const { stringValue } = new TerraformVariable(stack, "image", {});
  expect(() => requirePinnedImage(stack, "image", stringValue)).not.toThrow();
});

test.each([
  ["hashicorp/vault:1.21.0", "mirror.example.com/a/hashicorp/vault:1.21.0"],
  ["public.ecr.aws/aws-cli/aws-cli:2.31.0", "mirror.example.com/a/aws-cli/aws-cli:2.31.0"],
  [`localhost:5000/vault:1@${digest}`, `mirror.example.com/a/vault:1@${digest}`],
])("maps %s to %s in a registry mirror", (text, copy) => {
  expect(ImageReference.parse(text).inRegistry("mirror.example.com/a")).toBe(copy);
});

describe("ImageRegistry", () => {
  test.each([
    "registry.example.com",
    "registry.example.com/mirror/a_b",
    "registry:5000",
    "localhost/x",
    "[::1]:5000/x",
  ])("reads the registry %s", (text) => {
    expect(ImageRegistry.parse(text).toString()).toBe(text);
  });

  test.each([
    "",
    "mirror",
    "https://registry.example.com",
    "registry.example.com/",
    "registry.example.com/Mirror",
    "a.io:x",
  ])("rejects the registry %p", (text) => {
    expect(() => ImageRegistry.parse(text)).toThrow(
      "must be a registry host without a scheme, such as registry.example.com/mirror",
    );
  });
});
