import { CrdDeclaration } from "../../constructs/core/custom-resources";
import { VaultIssuer, type VaultIssuerProps } from "../../constructs/delivery/vault-issuer";
import { synthesize } from "../support/synth";
import { crds, customResources, identity, vault } from "./support/delivery";

const props: VaultIssuerProps = {
  vault,
  identity,
  role: "payment-service",
  caBundleSecret: { name: "vault-ca", key: "ca.crt" },
  crds,
};

const withProps = (change: Partial<VaultIssuerProps> = {}) =>
  synthesize((stack) => new VaultIssuer(stack, "Issuer", { ...props, ...change }));

test("creates an Issuer that signs in Vault with the namespace's ServiceAccount", () => {
  expect(customResources(withProps())).toEqual({
    Issuer: {
      apiVersion: "cert-manager.io/v1",
      kind: "Issuer",
      metadata: { name: "vault-payment-service", namespace: "production" },
      spec: {
        vault: {
          server: "https://vault.vault.svc:8200",
          path: "pki/sign/payment-service",
          caBundleSecretRef: { name: "vault-ca", key: "ca.crt" },
          auth: {
            kubernetes: {
              mountPath: "/v1/auth/kubernetes",
              role: "payment-service",
              serviceAccountRef: { name: "payment-service", audiences: ["vault"] },
            },
          },
        },
      },
    },
  });
});

test("sets the Enterprise namespace of the Vault", () => {
  const output = withProps({ vault: { ...vault, enterpriseNamespace: "teams/payments" } });
  expect(customResources(output).Issuer.spec.vault.namespace).toBe("teams/payments");
});

test("lets cert-manager request tokens of this ServiceAccount only, before the Issuer is created", () => {
  const output = withProps();
  expect(output.resource("kubernetes_role_v1")).toMatchObject({
    metadata: { name: "vault-payment-service-token", namespace: "production" },
    rule: [
      {
        api_groups: [""],
        resources: ["serviceaccounts/token"],
        resource_names: ["payment-service"],
        verbs: ["create"],
      },
    ],
  });
  expect(output.resource("kubernetes_role_binding_v1")).toMatchObject({
    metadata: { name: "vault-payment-service-token", namespace: "production" },
    role_ref: { kind: "Role", name: "vault-payment-service-token" },
    subject: [{ kind: "ServiceAccount", name: "cert-manager", namespace: "cert-manager" }],
    depends_on: [expect.stringMatching(/^kubernetes_role_v1\.Issuer_TokenRole_/)],
  });
  expect(output.resource("helm_release").depends_on).toEqual([
    expect.stringMatching(/^kubernetes_role_binding_v1\.Issuer_TokenRoleBinding_/),
  ]);
});

test("accepts another name, mount, audience and ServiceAccount of cert-manager", () => {
  const output = withProps({
    name: "pki",
    mount: "pki-b",
    identity: { ...identity, audience: "b" },
    audience: "b",
    certManager: { name: "controller", namespace: "certs" },
  });
  expect(customResources(output).Issuer).toMatchObject({
    metadata: { name: "pki" },
    spec: {
      vault: {
        path: "pki-b/sign/payment-service",
        auth: { kubernetes: { serviceAccountRef: { audiences: ["b"] } } },
      },
    },
  });
  expect(output.resource("kubernetes_role_binding_v1").subject).toEqual([
    { kind: "ServiceAccount", name: "controller", namespace: "certs" },
  ]);
});

test.each<[string, Partial<VaultIssuerProps>, string]>([
  ["the audience of another role", { audience: "api" }, 'asks for, vault, got "api"'],
  ["a role that climbs", { role: "../root" }, 'got "../root"'],
  ["an empty mount", { mount: "" }, "mount must be names separated by single slashes"],
  [
    "a cluster without cert-manager",
    { crds: CrdDeclaration.groups("external-secrets.io") },
    "Issuer needs the CRDs of cert-manager.io",
  ],
])("rejects %s with the value and the construct's path", (_title, change, message) => {
  expect(() => withProps(change)).toThrow(message);
  expect(() => withProps(change)).toThrow("[test/Issuer");
});
