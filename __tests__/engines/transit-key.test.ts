import type { TransitSecretBackendKey } from "@cdktf/provider-vault/lib/transit-secret-backend-key";
import type { TerraformStack } from "cdktf";
import { Duration } from "../../constructs/core/duration";
import { TransitEngine } from "../../constructs/engines/transit-engine";
import { TransitKey, type TransitKeyProps } from "../../constructs/engines/transit-key";
import { synthesizeVault, vaultStack } from "../support/vault-stack";
import { Grantee } from "./support/grantee";

const engine = TransitEngine.fromAttributes(vaultStack(), "ImportedTransit");
const make = (stack: TerraformStack, change: Partial<TransitKeyProps> = {}) =>
  new TransitKey(stack, "Key", { engine, keyName: "cards", ...change });
const withProps = (change: Partial<TransitKeyProps> = {}) =>
  synthesizeVault((stack) => make(stack, change)).resource("vault_transit_secret_backend_key");

test("creates a key that rotates every 90 days and cannot be exported or deleted", () => {
  expect(withProps()).toMatchObject({
    backend: "transit",
    name: "cards",
    type: "aes256-gcm96",
    auto_rotate_period: 7776000,
    exportable: false,
    deletion_allowed: false,
    allow_plaintext_backup: false,
    lifecycle: { prevent_destroy: true },
  });
});

test("accepts another rotation period", () => {
  expect(withProps({ rotationPeriod: Duration.days(30) }).auto_rotate_period).toBe(2592000);
});

test("grants encryption and decryption separately, each with update only", () => {
  const stack = vaultStack();
  const key = make(stack);
  const [encrypting, decrypting] = ["Encrypting", "Decrypting"].map((id) => new Grantee(stack, id));
  key.grantEncrypt(encrypting);
  key.grantDecrypt(decrypting);
  expect(encrypting.only).toEqual(["transit/encrypt/cards", ["update"]]);
  expect(decrypting.only).toEqual(["transit/decrypt/cards", ["update"]]);
});

test("rejects a period below one hour and a name that Vault would change", () => {
  expect(() => withProps({ rotationPeriod: Duration.minutes(59) })).toThrow(
    "rotationPeriod must be 1h at least, got 59m [test/Key]",
  );
  expect(() => withProps({ keyName: "Cards" })).toThrow("keyName must be lower-case");
});

test("rejects a key name that is taken and names both paths", () => {
  const stack = vaultStack();
  make(stack);
  expect(() => new TransitKey(stack, "Two", { engine, keyName: "cards" })).toThrow(
    "transit key transit/cards is taken: test/Key has it already [test/Two]",
  );
});

test("returns the key from node.defaultChild", () => {
  const output = synthesizeVault((stack) => {
    (make(stack).node.defaultChild as TransitSecretBackendKey).addOverride("type", "chacha20-poly1305");
  });
  expect(output.resource("vault_transit_secret_backend_key").type).toBe("chacha20-poly1305");
});
