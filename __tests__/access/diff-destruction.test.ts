import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { Release } from "@cdktf/provider-helm/lib/release";
import { Audit } from "@cdktf/provider-vault/lib/audit";
import { Mount } from "@cdktf/provider-vault/lib/mount";
import type { TerraformStack } from "cdktf";
import { describeChange } from "../../access/describe-change";
import { accessDiff } from "../../access/diff";
import { plain } from "../../access/markdown";
import { changesOf } from "./support/changes";
import { platform } from "./support/platform";

const nobody = () => undefined;

describe("destruction in the access diff", () => {
  const audit =
    (filePath: string, preventDestroy = false) =>
    (stack: TerraformStack) => {
      new Audit(stack, "Audit", {
        type: "file",
        options: { file_path: filePath },
        lifecycle: { preventDestroy },
      });
    };
  const mount =
    (type: string, path = "secret", disableRemount?: boolean) =>
    (stack: TerraformStack) => {
      const made = new Mount(stack, "Kv", { path, type });
      if (disableRemount) made.addOverride("disable_remount", true);
    };

  it("reports a replaced audit device, also with prevent_destroy", () => {
    const what =
      "destruction changed: vault_audit vault_audit.Audit: replaced, because of options: the audit device";

    const setting = "vault changed: audit file: options.file_path: /a -> /b [audit write]";

    expect(changesOf(audit("/a"), audit("/b"))).toEqual([
      expect.stringMatching(`^${what}.*stands \\[destroys\\]$`),
      setting,
    ]);
    expect(changesOf(audit("/a"), audit("/b", true))).toEqual([
      expect.stringContaining("(prevent_destroy stops the apply) [destroys]"),
      setting,
    ]);
  });

  it("reports a destroyed or replaced mount with its contents", () => {
    const what = "all that the mount holds: its secrets, keys and roles, and every lease [destroys]";

    expect(changesOf(mount("kv"), nobody)).toEqual([
      `destruction changed: vault_mount secret: destroyed: ${what}`,
    ]);
    expect(changesOf(mount("kv"), mount("generic"))).toEqual([
      `destruction changed: vault_mount secret: replaced, because of type: ${what}`,
      "vault changed: mount secret: type: kv -> generic",
    ]);
  });

  it("names the namespace of a destroyed mount", () => {
    const inTeam = (stack: TerraformStack) =>
      void new Mount(stack, "Kv", { path: "secret", type: "kv", namespace: "teams/payments" });

    expect(changesOf(inTeam, nobody)).toEqual([
      expect.stringContaining("vault_mount teams/payments/secret: destroyed"),
    ]);
  });

  it("ignores a mount that moves, unless remounts are disabled", () => {
    expect(changesOf(mount("kv"), mount("kv", "other"))).toEqual([
      "operation same: mount other: path: secret -> other",
    ]);
    expect(changesOf(mount("kv", "secret", true), mount("kv", "other", true))).toContainEqual(
      expect.stringContaining("replaced, because of path"),
    );
  });

  it("reports a replaced KMS key", () => {
    const key = (multiRegion: boolean) => (stack: TerraformStack) =>
      void new KmsKey(stack, "Key", { multiRegion });

    expect(changesOf(key(false), key(true))).toContainEqual(
      expect.stringMatching(
        /^destruction changed: aws_kms_key aws_kms_key.Key: replaced, because of multi_region: .*Vault itself/,
      ),
    );
  });

  it("ignores a resource that only changes its address", () => {
    const moved = (stack: TerraformStack) => {
      const made = new Mount(stack, "Other", { path: "secret", type: "kv" });
      stack.addOverride("moved", [{ from: "vault_mount.Kv", to: `vault_mount.${made.friendlyUniqueId}` }]);
    };

    expect(changesOf(mount("kv"), moved)).toEqual([]);
  });

  it("recognizes the same object at another address, and says how to keep it", () => {
    const at = (id: string) => (stack: TerraformStack) =>
      void new Mount(stack, id, { path: "secret", type: "kv" });
    const [{ changes }] = accessDiff([platform(at("Kv"))], [platform(at("KeyValue"))]);

    expect(changes).toMatchObject([{ labels: ["destroys"] }]);
    const text = plain(describeChange(changes[0]));
    expect(text).toContain("destroyed and created again: all that the mount holds");
    expect(text).toContain(
      'it is the same object at another address (vault_mount.Kv -> vault_mount.KeyValue): add a moved block, such as moveFromId("vault_mount.Kv")',
    );
  });

  it("does not take another object of the same type for a renamed one", () => {
    const at = (id: string, path: string) => (stack: TerraformStack) =>
      void new Mount(stack, id, { path, type: "kv" });
    const [{ changes }] = accessDiff([platform(at("Kv", "secret"))], [platform(at("KeyValue", "other"))]);

    expect(changes[0].remarks).toBeUndefined();
  });

  it("says whether Vault unseals without a KMS key", () => {
    const keys =
      (names: readonly string[], seal = true) =>
      (stack: TerraformStack) => {
        for (const name of names) {
          const key = new KmsKey(stack, `Key-${name}`, {});
          new KmsAlias(stack, `Alias-${name}`, { name: `alias/${name}`, targetKeyId: key.keyId });
        }
        const config = 'seal "awskms" {\n  region = "eu-central-1"\n  kms_key_id = "alias/unseal"\n}';
        const values = JSON.stringify({ server: { ha: { raft: { config } } } });
        if (seal) new Release(stack, "Server", { chart: "vault", name: "vault", values: [values] });
      };
    const lost = (name: string, seal?: boolean) =>
      changesOf(
        keys(["unseal", "snapshots"], seal),
        keys(name === "unseal" ? ["snapshots"] : ["unseal"], seal),
      ).join();

    expect(lost("snapshots")).toMatch(/Vault unseals without it.*It does not unseal Vault/);
    expect(lost("snapshots")).not.toMatch(/cannot unseal|Vault itself/);
    expect(lost("unseal")).toMatch(/a Vault that starts cannot unseal.*the key that unseals Vault: /);
    expect(lost("snapshots", false)).toMatch(/of the unseal key, Vault itself/);
  });
});
