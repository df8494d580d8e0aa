import { renderHcl } from "../../constructs/core/hcl";
import { Seal } from "../../constructs/server/seal";

const stanza = (seal: Seal) => renderHcl(seal.configuration.stanza ? [seal.configuration.stanza] : []);

test("renders the awskms stanza and annotates the role, without credentials", () => {
  const seal = Seal.awsKms({
    keyId: "alias/vault-unseal-key",
    region: "us-east-1",
    roleArn: "arn:aws:iam::111111111111:role/vault",
  });
  expect(stanza(seal)).toBe(`seal "awskms" {
  region     = "us-east-1"
  kms_key_id = "alias/vault-unseal-key"
}
`);
  expect(seal.configuration).toMatchObject({
    environment: { AWS_REGION: "us-east-1", AWS_STS_REGIONAL_ENDPOINTS: "regional" },
    serviceAccountAnnotations: { "eks.amazonaws.com/role-arn": "arn:aws:iam::111111111111:role/vault" },
  });
});

test("renders a custom endpoint in the awskms stanza", () => {
  const seal = Seal.awsKms({ keyId: "k", region: "us-east-1", endpoint: "https://kms.example.com" });
  expect(stanza(seal)).toContain('endpoint   = "https://kms.example.com"');
  expect(seal.configuration.serviceAccountAnnotations).toEqual({});
});

test("renders the gcpckms stanza with the key's four names, and annotates the identity", () => {
  const seal = Seal.gcpCkms({
    project: "p",
    location: "europe-west1",
    keyRing: "r",
    cryptoKey: "k",
    serviceAccount: "vault@p.iam.gserviceaccount.com",
  });
  expect(stanza(seal)).toBe(`seal "gcpckms" {
  project    = "p"
  region     = "europe-west1"
  key_ring   = "r"
  crypto_key = "k"
}
`);
  expect(seal.configuration.serviceAccountAnnotations).toEqual({
    "iam.gke.io/gcp-service-account": "vault@p.iam.gserviceaccount.com",
  });
});

test("renders the azurekeyvault stanza, and sets the workload identity's annotation and label", () => {
  const seal = Seal.azureKeyVault({ tenantId: "t", clientId: "c", vaultName: "v", keyName: "k" });
  expect(stanza(seal)).toBe(`seal "azurekeyvault" {
  tenant_id  = "t"
  vault_name = "v"
  key_name   = "k"
}
`);
  expect(seal.configuration.serviceAccountAnnotations).toEqual({ "azure.workload.identity/client-id": "c" });
  expect(seal.configuration.podLabels).toEqual({ "azure.workload.identity/use": "true" });
});

test("renders the transit stanza with the token and CA of the other Vault", () => {
  const seal = Seal.transit({
    address: "https://other:8200",
    keyName: "unseal",
    token: { secretName: "transit-token", key: "token" },
  });
  expect(stanza(seal)).toBe(`seal "transit" {
  address     = "https://other:8200"
  key_name    = "unseal"
  mount_path  = "transit/"
  token       = "file:///vault/seal/token"
  tls_ca_cert = "/etc/ssl/certs/ca-certificates.crt"
}
`);
  expect(seal.configuration).toMatchObject({
    environment: {},
    token: { secretName: "transit-token", key: "token" },
  });
});

test("rejects a transit seal over plaintext", () => {
  expect(() =>
    Seal.transit({ address: "http://other:8200", keyName: "k", token: { secretName: "s", key: "t" } }),
  ).toThrow('address of a transit seal must start with https://, got "http://other:8200"');
});

test("renders no stanza for Shamir", () => {
  expect(stanza(Seal.shamir())).toBe("");
  expect(Seal.shamir().type).toBeUndefined();
});
