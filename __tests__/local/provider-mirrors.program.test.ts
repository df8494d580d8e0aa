import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  describeMirrors,
  findMirroredProviders,
  ownCliConfig,
  renderCliConfig,
} from "../../local/provider-mirrors";

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), "mirrors-"))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

const find = () =>
  findMirroredProviders({
    env: { HOME: join(root, "home"), XDG_DATA_DIRS: join(root, "share") },
    project: join(root, "project"),
    addOns: join(root, "add-ons"),
  });

function hold(folder: string, provider: string, version: string): string {
  const mirror = join(root, folder);
  mkdirSync(join(mirror, "registry.terraform.io", "hashicorp", provider, version, "linux_amd64"), {
    recursive: true,
  });
  return mirror;
}

test("lists an add-on mirror and excludes its providers from the registry", () => {
  const mirror = hold("add-ons/plugins", "aws", "5.100.0");
  expect(renderCliConfig(find())).toBe(
    [
      "provider_installation {",
      "  filesystem_mirror {",
      `    path    = "${mirror}"`,
      '    include = ["registry.terraform.io/hashicorp/aws"]',
      "  }",
      "  direct {",
      '    exclude = ["registry.terraform.io/hashicorp/aws"]',
      "  }",
      "}",
      "",
    ].join("\n"),
  );
});

test.each([
  "home/.terraform.d/plugins",
  "home/.local/share/terraform/plugins",
  "share/terraform/plugins",
  "project/terraform.d/plugins",
])("lists Terraform's implied folder %s", (folder) => {
  const mirror = hold(folder, "vault", "5.6.0");
  expect(find()).toEqual([
    { source: "registry.terraform.io/hashicorp/vault", versions: ["5.6.0"], folder: mirror },
  ]);
});

test("lists mirrors of both kinds together, so that none hides another", () => {
  const addOn = hold("add-ons/plugins", "aws", "5.100.0");
  const implied = hold("home/.terraform.d/plugins", "vault", "5.6.0");
  const config = renderCliConfig(find());
  expect(config).toContain(`path    = "${addOn}"`);
  expect(config).toContain(`path    = "${implied}"`);
  expect(config).toContain(
    'exclude = ["registry.terraform.io/hashicorp/aws", "registry.terraform.io/hashicorp/vault"]',
  );
});

test("takes every provider from its registry without mirrors", () => {
  expect(find()).toEqual([]);
  expect(renderCliConfig([])).toBe("provider_installation {\n  direct {}\n}\n");
  expect(describeMirrors([])).toEqual(["all providers from their registry"]);
});

test("finds packed providers", () => {
  const folder = join(root, "add-ons", "plugins", "registry.terraform.io", "hashicorp", "helm");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "terraform-provider-helm_3.1.1_linux_amd64.zip"), "");
  expect(find()[0].versions).toEqual(["3.1.1"]);
});

test("ignores a link to a file in place of a folder", () => {
  hold("add-ons/plugins", "aws", "5.100.0");
  writeFileSync(join(root, "file"), "");
  symlinkSync(join(root, "file"), join(root, "add-ons", "link"));
  expect(find()).toHaveLength(1);
});

test("describes the source of each provider", () => {
  const mirror = hold("add-ons/plugins", "aws", "5.100.0");
  expect(describeMirrors(find())).toEqual([
    `hashicorp/aws 5.100.0 from ${mirror}`,
    "other providers from their registry",
  ]);
});

describe("the user's own CLI configuration", () => {
  test("uses the configuration if its file exists", () => {
    const file = join(root, "own.tfrc");
    writeFileSync(file, "");
    expect(ownCliConfig({ TF_CLI_CONFIG_FILE: file })).toBe(file);
    writeFileSync(join(root, ".terraformrc"), "");
    expect(ownCliConfig({ HOME: root })).toBe(join(root, ".terraformrc"));
  });

  test("ignores the variable if it names a missing file", () => {
    const env = { HOME: root, TF_CLI_CONFIG_FILE: join(root, "gone.tfrc") };
    expect(ownCliConfig(env)).toBeUndefined();
    writeFileSync(join(root, ".terraformrc"), "");
    expect(ownCliConfig(env)).toBe(join(root, ".terraformrc"));
  });
});
