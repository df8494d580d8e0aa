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

test("by default a root signs the CA, and the CA's key is where cert-manager looks for it", () => {
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

test("the CA lives ten years and keeps its key, so that what it signed stays valid when it is renewed", () => {
  expect(build().resources[1].spec).toMatchObject({
    duration: "87600h",
    renewBefore: "8760h",
    privateKey: { rotationPolicy: "Never" },
  });
});

test("name and namespace can be chosen", () => {
  const { release, resources } = build({ name: "team-ca", certManagerNamespace: "pki" });
  expect(release).toMatchObject({ name: "team-ca", namespace: "pki" });
  expect(resources[1].metadata).toEqual({ name: "team-ca", namespace: "pki" });
});

test("without cert-manager's CRDs nothing is made", () => {
  expect(() => build({ crds: CrdDeclaration.groups() })).toThrow(
    "ClusterIssuer needs the CRDs of cert-manager.io, which are not declared to exist, got declarations of none",
  );
});
