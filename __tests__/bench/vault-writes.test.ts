import { App, TerraformStack } from "cdktf";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withServices } from "../../bench/definitions";
import { RESOURCES } from "../../bench/sizes";
import { vaultWrites } from "../../bench/vault-writes";
import { local } from "../../environments/local";
import { buildPlatform } from "../../stacks";

function shard(count: number) {
  const outdir = mkdtempSync(join(tmpdir(), "writes-"));
  try {
    const app = new App({ outdir });
    buildPlatform(app, [withServices(local, { count, perShard: count })]);
    const stack = app.node.findChild("local-config-service-team-0") as TerraformStack;
    app.synth();
    return JSON.parse(readFileSync(join(outdir, "stacks", stack.node.id, "cdk.tf.json"), "utf8")).resource;
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

const writes = vaultWrites(shard(2));

test("creates one write per resource, each to a different path", () => {
  expect(writes).toHaveLength(2 * RESOURCES);
  expect(writes.map(({ path }) => path).filter((path) => path.includes("service-1"))).toEqual([
    "database/roles/service-1-role",
    "auth/kubernetes/role/service-1",
    "pki/roles/service-1",
    "sys/policies/acl/service-1",
  ]);
});

test("resolves references, and omits path and cdktf attributes from the body", () => {
  const { body } = writes.find(({ path }) => path === "auth/kubernetes/role/service-0")!;
  expect(body).toMatchObject({ token_policies: ["service-0"], bound_service_account_names: ["service-0"] });
  for (const name of ["//", "backend", "role_name"]) expect(body).not.toHaveProperty(name);
  expect(JSON.stringify(writes)).not.toContain("${");
});

test("unescapes Terraform templates", () => {
  const [{ body }] = vaultWrites({ vault_policy: { a: { name: "a", policy: "$${b} %%{c}" } } });
  expect(body).toEqual({ policy: "${b} %{c}" });
});

test("rejects a resource of an unsupported type", () => {
  expect(() => vaultWrites({ vault_mount: { a: { path: "a" } } })).toThrow("no write for vault_mount");
});
