import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { TerraformStack, Testing } from "cdktf";
import { parse } from "yaml";
import {
  CertificateAuthority,
  type CertificateAuthorityProps,
} from "../../constructs/server/certificate-authority";
import { CrdDeclaration } from "../../constructs/core/custom-resources";
import { Synthesized } from "../support/synth";

function build(change: Partial<CertificateAuthorityProps> = {}) {
  const stack = new TerraformStack(Testing.app(), "test");
  new HelmProvider(stack, "Helm", {});
  const authority = new CertificateAuthority(stack, "Ca", {
    crds: CrdDeclaration.groups("cert-manager.io"),
    ...change,
  });
  const release = new Synthesized(JSON.parse(Testing.synth(stack))).resource("helm_release");
  return { authority, release, resources: parse(release.values[0]).resources };
}

test("signs the CA by a root, and stores its key in cert-manager's namespace", () => {
  const { authority, release, resources } = build();
  expect(release).toMatchObject({ name: "vault-ca", namespace: "cert-manager" });
  const [root, certificate, issuer] = resources;
  expect(root).toMatchObject({
    kind: "ClusterIssuer",
    metadata: { name: "vault-ca-root" },
    spec: { selfSigned: {} },
  });
  expect(certificate).toMatchObject({
    metadata: { name: "vault-ca", namespace: "cert-manager" },
    spec: { isCA: true, secretName: "vault-ca", issuerRef: { name: "vault-ca-root" } },
  });
  expect(issuer).toMatchObject({ metadata: { name: "vault-ca" }, spec: { ca: { secretName: "vault-ca" } } });
  expect(authority.issuer).toEqual({ kind: "ClusterIssuer", name: "vault-ca", type: "ca" });
  expect(authority.secret).toEqual({ namespace: "cert-manager", name: "vault-ca" });
});

test("issues the CA for ten years and keeps its key when it is renewed", () => {
  expect(build().resources[1].spec).toMatchObject({
    duration: "87600h",
    renewBefore: "8760h",
    privateKey: { rotationPolicy: "Never" },
  });
});

test("takes a name and a namespace", () => {
  const { release, resources } = build({ name: "team-ca", certManagerNamespace: "pki" });
  expect(release).toMatchObject({ name: "team-ca", namespace: "pki" });
  expect(resources[1].metadata).toEqual({ name: "team-ca", namespace: "pki" });
});

test("rejects a cluster without cert-manager's CRDs", () => {
  expect(() => build({ crds: CrdDeclaration.groups() })).toThrow(
    "ClusterIssuer needs the CRDs of cert-manager.io, which are not declared to exist, got declarations of none",
  );
});
