import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import type { StorageClassV1 } from "@cdktf/provider-kubernetes/lib/storage-class-v1";
import { TerraformStack, Testing } from "cdktf";
import {
  EncryptedStorageClass,
  type EncryptedStorageClassProps,
} from "../../constructs/server/encrypted-storage-class";
import { Synthesized } from "../support/synth";

const KEY = "arn:aws:kms:us-east-1:111111111111:key/mrk-0123456789abcdef";

function withProps(
  props?: EncryptedStorageClassProps,
  change: (storage: EncryptedStorageClass) => void = () => {},
): Synthesized {
  const stack = new TerraformStack(Testing.app(), "test");
  new KubernetesProvider(stack, "Kubernetes", {});
  change(new EncryptedStorageClass(stack, "Storage", props));
  return new Synthesized(JSON.parse(Testing.synth(stack)));
}

test("creates encrypted gp3 volumes that bind late, survive their claim and can grow", () => {
  expect(withProps().resource("kubernetes_storage_class_v1")).toMatchObject({
    metadata: { name: "gp3" },
    storage_provisioner: "ebs.csi.aws.com",
    parameters: { type: "gp3", encrypted: "true" },
    volume_binding_mode: "WaitForFirstConsumer",
    reclaim_policy: "Retain",
    allow_volume_expansion: true,
  });
});

test("names no key by default, so that AWS uses the account's own", () => {
  expect(withProps().resource("kubernetes_storage_class_v1").parameters).not.toHaveProperty("kmsKeyId");
});

test("takes a name and a key", () => {
  const output = withProps({ name: "vault", kmsKeyId: KEY }, ({ name }) => expect(name).toBe("vault"));
  expect(output.resource("kubernetes_storage_class_v1")).toMatchObject({
    metadata: { name: "vault" },
    parameters: { encrypted: "true", kmsKeyId: KEY },
  });
});

test.each(["alias/vault", "0123", "arn:aws:kms:us-east-1:111111111111:alias/vault"])(
  "rejects the key %s, because it is not the ARN of a key",
  (kmsKeyId) => {
    expect(() => withProps({ kmsKeyId })).toThrow(
      /kmsKeyId must be the ARN of a key, .*got .* \[test\/Storage\]/,
    );
    expect(() => withProps({ kmsKeyId })).toThrow(`got "${kmsKeyId}"`);
  },
);

test("exposes the storage class as node.defaultChild", () => {
  const output = withProps({}, (storage) =>
    (storage.node.defaultChild as StorageClassV1).addOverride("parameters.iops", "6000"),
  );
  expect(output.resource("kubernetes_storage_class_v1").parameters).toEqual({
    type: "gp3",
    encrypted: "true",
    iops: "6000",
  });
});
