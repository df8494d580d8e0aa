import type { Mount } from "@cdktf/provider-vault/lib/mount";
import { Duration } from "../../constructs/core/duration";
import { PkiEngine, type PkiEngineProps } from "../../constructs/engines/pki-engine";
import { synthesizeVault, vaultStack } from "../support/vault-stack";

const props = { vault: { address: "https://vault.vault.svc:8200" }, organization: "Example" };
const withProps = (change: Partial<PkiEngineProps> = {}) =>
  synthesizeVault((stack) => new PkiEngine(stack, "Pki", { ...props, ...change }));

const byPath = (change?: Partial<PkiEngineProps>) =>
  Object.fromEntries(
    withProps(change)
      .resources("vault_mount")
      .map((mount) => [mount.path, mount]),
  );

test("creates a root for ten years and an issuing CA for five with prevent_destroy", () => {
  const output = withProps();
  expect(byPath()).toMatchObject({
    "pki-root": { type: "pki", max_lease_ttl_seconds: 315360000, lifecycle: { prevent_destroy: true } },
    pki: { type: "pki", max_lease_ttl_seconds: 2764800, lifecycle: { prevent_destroy: true } },
  });
  expect(output.resource("vault_pki_secret_backend_root_cert")).toMatchObject({
    type: "internal",
    common_name: "Example Root CA",
    organization: "Example",
    key_type: "ec",
    key_bits: 384,
    ttl: "87600h",
    max_path_length: 1,
    lifecycle: { prevent_destroy: true },
  });
  expect(output.resource("vault_pki_secret_backend_intermediate_cert_request")).toMatchObject({
    type: "internal",
    common_name: "Example Issuing CA",
    lifecycle: { prevent_destroy: true },
  });
  expect(output.resource("vault_pki_secret_backend_root_sign_intermediate")).toMatchObject({
    csr: expect.stringMatching(/intermediate_cert_request\..*\.csr\}$/),
    issuer_ref: expect.stringMatching(/root_cert\..*\.issuer_id\}$/),
    ttl: "43800h",
    max_path_length: 0,
    lifecycle: { prevent_destroy: true },
  });
  // The common name of a CA is not a host name.
  for (const type of ["root_cert", "intermediate_cert_request", "root_sign_intermediate"]) {
    expect(output.resource(`vault_pki_secret_backend_${type}`).exclude_cn_from_sans).toBe(true);
  }
});

test("names each issuer, makes it the default and rejects certificates that outlive it", () => {
  const output = withProps();
  expect(output.resources("vault_pki_secret_backend_issuer")).toEqual([
    expect.objectContaining({
      issuer_name: "issuing",
      leaf_not_after_behavior: "err",
      issuer_ref: expect.stringMatching(/imported_issuers\[0\]\}$/),
    }),
    expect.objectContaining({ issuer_name: "root", leaf_not_after_behavior: "err" }),
  ]);
  for (const issuers of output.resources("vault_pki_secret_backend_config_issuers")) {
    expect(issuers).toMatchObject({
      default: expect.stringMatching(/\.issuer_id\}$/),
      default_follows_latest_issuer: false,
    });
  }
});

test("writes issuer, CRL and OCSP URLs of each mount into certificates", () => {
  const output = withProps();
  expect(
    output.resources("vault_pki_secret_backend_config_cluster").map(({ path, aia_path }) => [path, aia_path]),
  ).toEqual(["pki", "pki-root"].map((path) => Array(2).fill(`https://vault.vault.svc:8200/v1/${path}`)));
  for (const urls of output.resources("vault_pki_secret_backend_config_urls")) {
    expect(urls).toMatchObject({
      enable_templating: true,
      issuing_certificates: ["{{cluster_aia_path}}/issuer/{{issuer_id}}/der"],
      crl_distribution_points: ["{{cluster_aia_path}}/issuer/{{issuer_id}}/crl/der"],
      ocsp_servers: ["{{cluster_path}}/ocsp"],
      depends_on: [expect.stringContaining("vault_pki_secret_backend_config_cluster.")],
    });
  }
  expect(output.resource("vault_pki_secret_backend_root_cert").depends_on).toEqual([
    expect.stringContaining("vault_pki_secret_backend_config_urls."),
  ]);
});

test("rebuilds CRLs and removes expired certificates automatically", () => {
  const output = withProps();
  expect(output.resources("vault_pki_secret_backend_crl_config")).toHaveLength(2);
  expect(output.resources("vault_pki_secret_backend_crl_config")[0]).toMatchObject({ auto_rebuild: true });
  expect(output.resources("vault_pki_secret_backend_config_auto_tidy")).toHaveLength(2);
  expect(output.resources("vault_pki_secret_backend_config_auto_tidy")[0]).toMatchObject({
    enabled: true,
    tidy_cert_store: true,
    tidy_revoked_certs: true,
  });
});

test("accepts other paths and TTLs", () => {
  const mounts = byPath({
    path: "certificates",
    rootPath: "certificates-root",
    rootTtl: Duration.days(730),
    intermediateTtl: Duration.days(365),
    maxTtl: Duration.days(90),
  });
  expect(mounts).toMatchObject({
    certificates: { max_lease_ttl_seconds: 7776000 },
    "certificates-root": { max_lease_ttl_seconds: 63072000 },
  });
});

test("escapes Terraform templates in the organization and keeps it out of the SANs", () => {
  expect(withProps({ organization: "${x}" }).resource("vault_pki_secret_backend_root_cert")).toMatchObject({
    common_name: "$${x} Root CA",
    exclude_cn_from_sans: true,
  });
});

test("finds a role by its name and lists the roles if there is no match", () => {
  const pki = new PkiEngine(vaultStack(), "Pki", props);
  expect(() => pki.role("payment-service")).toThrow(
    "there is no role payment-service of pki; roles: none; add one with addRole() [test/Pki]",
  );
  const role = pki.addRole({
    roleName: "payment-service",
    allowedDomains: ["payment-service.production.svc"],
  });
  expect(pki.role("payment-service")).toBe(role);
  expect(() => pki.role("other")).toThrow("there is no role other of pki; roles: payment-service");
});

test("lists both mounts' configuration paths, and issuing and signing as secrets", () => {
  const pki = new PkiEngine(vaultStack(), "Pki", props);
  expect(pki.configurationPaths).toEqual(
    expect.arrayContaining(["pki-root/config/*", "pki/roles/+", "pki/issuer/+"]),
  );
  expect(pki.secretPaths).toEqual(
    expect.arrayContaining([
      "pki/issue/*",
      "pki/sign*",
      "pki-root/root/sign-*",
      "pki/issuer/+/issue/*",
      "pki/issuer/+/sign*",
    ]),
  );
});

test.each<[string, Partial<PkiEngineProps>, string]>([
  [
    "an issuing CA that outlives the root",
    { rootTtl: Duration.days(365), intermediateTtl: Duration.days(400) },
    "intermediateTtl must be at most rootTtl, got 9600h and 8760h",
  ],
  [
    "certificates that outlive the issuing CA",
    { maxTtl: Duration.days(400), intermediateTtl: Duration.days(365) },
    "maxTtl must be at most intermediateTtl, got 9600h and 8760h",
  ],
  [
    "an empty organization",
    { organization: " " },
    'organization must be a string that is not empty, got " "',
  ],
  ["one path for both", { path: "pki", rootPath: "pki" }, "mount pki is taken"],
])("rejects %s", (_title, change, message) => {
  expect(() => withProps(change)).toThrow(message);
});

test("refers to an engine of another stack by its path", () => {
  expect(PkiEngine.fromAttributes(vaultStack(), "Imported")).toMatchObject({
    path: "pki",
    pathReference: "pki",
    maxTtl: Duration.hours(768),
  });
});

test("returns the mount of the issuing CA from node.defaultChild", () => {
  const output = synthesizeVault((stack) => {
    const pki = new PkiEngine(stack, "Pki", props);
    (pki.intermediate.node.defaultChild as Mount).addOverride("passthrough_request_headers", [
      "If-Modified-Since",
    ]);
  });
  expect(output.resources("vault_mount")[0].passthrough_request_headers).toEqual(["If-Modified-Since"]);
});
