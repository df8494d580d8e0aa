import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { Audit } from "@cdktf/provider-vault/lib/audit";
import { Mount } from "@cdktf/provider-vault/lib/mount";
import type { TerraformStack } from "cdktf";
import { changesOf } from "./support/changes";

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

    expect(changesOf(audit("/a"), audit("/b"))).toEqual([
      expect.stringMatching(`^${what}.*stands \\[destroys\\]$`),
    ]);
    expect(changesOf(audit("/a"), audit("/b", true))).toEqual([
      expect.stringContaining("(prevent_destroy stops the apply) [destroys]"),
    ]);
  });

  it("reports a destroyed or replaced mount with its contents", () => {
    const what = "all that the mount holds: its secrets, keys and roles, and every lease [destroys]";

    expect(changesOf(mount("kv"), nobody)).toEqual([
      `destruction changed: vault_mount secret: destroyed: ${what}`,
    ]);
    expect(changesOf(mount("kv"), mount("generic"))).toEqual([
      `destruction changed: vault_mount secret: replaced, because of type: ${what}`,
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
    expect(changesOf(mount("kv"), mount("kv", "other"))).toEqual([]);
    expect(changesOf(mount("kv", "secret", true), mount("kv", "other", true))).toHaveLength(1);
  });

  it("reports a replaced KMS key", () => {
    const key = (multiRegion: boolean) => (stack: TerraformStack) =>
      void new KmsKey(stack, "Key", { multiRegion });

    expect(changesOf(key(false), key(true))).toEqual([
      expect.stringMatching(
        /^destruction changed: aws_kms_key aws_kms_key.Key: replaced, because of multi_region: .*Vault itself/,
      ),
    ]);
  });

  it("ignores a resource that only changes its address", () => {
    const moved = (stack: TerraformStack) => {
      const made = new Mount(stack, "Other", { path: "secret", type: "kv" });
      stack.addOverride("moved", [{ from: "vault_mount.Kv", to: `vault_mount.${made.friendlyUniqueId}` }]);
    };

    expect(changesOf(mount("kv"), moved)).toEqual([]);
  });
});
