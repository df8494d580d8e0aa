import { TerraformStack, Testing } from "cdktf";
import { Tls, serverNames } from "../../constructs/server/tls";

const scope = () => new TerraformStack(Testing.app(), "test");
const names = serverNames("vault", "vault", "vault.example.com");

test("lists every name that joins, clients, probes and operators use", () => {
  expect(names.dnsNames).toEqual([
    "*.vault-internal",
    "*.vault-internal.vault.svc",
    "*.vault-internal.vault.svc.cluster.local",
    "vault.vault.svc",
    "vault.vault.svc.cluster.local",
    "vault-active.vault.svc",
    "vault-active.vault.svc.cluster.local",
    "vault-standby.vault.svc",
    "vault-standby.vault.svc.cluster.local",
    "localhost",
    "vault.example.com",
  ]);
  expect(names.ipAddresses).toEqual(["127.0.0.1"]);
});

test("lists an external IP address once, and not as a DNS name", () => {
  expect(serverNames("vault", "vault", "10.0.0.5").ipAddresses).toEqual(["127.0.0.1", "10.0.0.5"]);
  expect(serverNames("vault", "vault", "127.0.0.1").ipAddresses).toEqual(["127.0.0.1"]);
  expect(serverNames("vault", "vault", "10.0.0.5").dnsNames).not.toContain("10.0.0.5");
});

test("requires TLS 1.3 and no client certificates by default", () => {
  const tls = Tls.certManager({ kind: "ClusterIssuer", name: "ca", type: "ca" });
  expect(tls).toMatchObject({ minVersion: "1.3", mutual: false, secretName: "vault-tls" });
});

test("takes TLS 1.2 and mutual TLS", () => {
  const tls = Tls.certManager(
    { kind: "Issuer", name: "ca", type: "venafi" },
    { minVersion: "1.2", mutual: true },
  );
  expect(tls).toMatchObject({ minVersion: "1.2", mutual: true });
});

test.each(["ca", "aws-pca", "venafi", "google-cas"] as const)(
  "accepts a certificate issuer of type %s",
  (type) => {
    const tls = Tls.certManager({ kind: "ClusterIssuer", name: "issuer", type });
    expect(() => tls.validate(scope(), names)).not.toThrow();
  },
);

test.each([
  ["acme", "ACME signs public names only, and the servers join each other by names of the cluster"],
  ["vault", "Vault cannot sign the certificate that it needs to start"],
  ["self-signed", "each certificate would be its own CA, so that no client could verify the next one"],
] as const)("rejects an issuer of type %s with the reason", (type, reason) => {
  const tls = Tls.certManager({ kind: "ClusterIssuer", name: "issuer", type });
  expect(() => tls.validate(scope(), names)).toThrow(
    `the issuer must be of type ca, aws-pca, venafi or google-cas, got "ClusterIssuer issuer" of type ${type}: ${reason} [test]`,
  );
});

test("accepts an existing certificate with all names", () => {
  const tls = Tls.existingSecret({ secretName: "own-tls", ...names });
  expect(() => tls.validate(scope(), names)).not.toThrow();
  expect(tls.secretName).toBe("own-tls");
});

test("rejects an existing certificate without two names, and lists both", () => {
  const dnsNames = names.dnsNames.filter((name) => name !== "localhost" && name !== "*.vault-internal");
  const tls = Tls.existingSecret({ secretName: "own-tls", dnsNames, ipAddresses: ["127.0.0.1"] });
  expect(() => tls.validate(scope(), names)).toThrow(
    /^the certificate in Secret own-tls must be valid for \*\.vault-internal, localhost too, got /,
  );
});
