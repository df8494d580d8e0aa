import { CrdDeclaration } from "../../constructs/core/custom-resources";
import { Duration } from "../../constructs/core/duration";
import {
  VaultDynamicSecret,
  type VaultDynamicSecretProps,
} from "../../constructs/delivery/vault-dynamic-secret";
import { synthesize } from "../support/synth";
import { crds, customResources, identity, vault } from "./support/delivery";

const props: VaultDynamicSecretProps = {
  vault,
  identity,
  name: "payment-service-db",
  role: "payment-service-role",
  leaseTtl: Duration.hours(1),
  crds,
};

const withProps = (change: Partial<VaultDynamicSecretProps> = {}) =>
  synthesize((stack) => new VaultDynamicSecret(stack, "Database", { ...props, ...change }));

test("sets the Enterprise namespace of the Vault", () => {
  const output = withProps({ vault: { ...vault, enterpriseNamespace: "teams/payments" } });
  expect(customResources(output).VaultDynamicSecret.spec.provider.namespace).toBe("teams/payments");
});

test("creates generator and ExternalSecret with the login of the namespace's ServiceAccount", () => {
  const generator = { apiVersion: "generators.external-secrets.io/v1alpha1", kind: "VaultDynamicSecret" };
  const metadata = { name: "payment-service-db", namespace: "production" };
  expect(customResources(withProps())).toEqual({
    VaultDynamicSecret: {
      ...generator,
      metadata,
      spec: {
        path: "database/creds/payment-service-role",
        method: "GET",
        resultType: "Data",
        provider: {
          server: "https://vault.vault.svc:8200",
          caProvider: { type: "ConfigMap", name: "vault-ca", key: "ca.crt" },
          auth: {
            kubernetes: {
              mountPath: "kubernetes",
              role: "payment-service",
              serviceAccountRef: { name: "payment-service", audiences: ["vault"] },
            },
          },
        },
      },
    },
    ExternalSecret: {
      apiVersion: "external-secrets.io/v1",
      kind: "ExternalSecret",
      metadata,
      spec: {
        refreshInterval: "40m",
        target: { name: "payment-service-db", creationPolicy: "Owner", deletionPolicy: "Retain" },
        dataFrom: [{ sourceRef: { generatorRef: { ...generator, name: "payment-service-db" } } }],
      },
    },
  });
});

test("refreshes credentials at two thirds of the lease, in whole seconds", () => {
  const refresh = (change: Partial<VaultDynamicSecretProps>) =>
    customResources(withProps(change)).ExternalSecret.spec.refreshInterval;
  expect(refresh({ leaseTtl: Duration.minutes(10) })).toBe("400s");
  expect(refresh({ leaseTtl: Duration.seconds(100) })).toBe("66s");
  expect(refresh({ refreshInterval: Duration.minutes(59) })).toBe("59m");
});

test("accepts another mount, role and audience", () => {
  const output = withProps({
    mount: "db",
    role: "other",
    identity: { ...identity, audience: "b" },
    audience: "b",
  });
  expect(customResources(output).VaultDynamicSecret.spec).toMatchObject({
    path: "db/creds/other",
    provider: { auth: { kubernetes: { serviceAccountRef: { audiences: ["b"] } } } },
  });
});

test("accepts a token TTL longer than the lease", () => {
  expect(() => withProps({ identity: { ...identity, tokenTtl: Duration.hours(2) } })).not.toThrow();
});

test.each<[string, Partial<VaultDynamicSecretProps>, string]>([
  [
    "a lease that the token ends early",
    { leaseTtl: Duration.hours(2) },
    "leaseTtl of payment-service-role must be at most the token's ttl of role payment-service, got 2h and 1h",
  ],
  [
    "a refresh at the end of the lease",
    { refreshInterval: Duration.hours(1) },
    "refreshInterval must be above 0s and shorter than the lease of payment-service-role, 1h, got 1h",
  ],
  ["a refresh after the lease", { refreshInterval: Duration.hours(3) }, "payment-service-role, 1h, got 3h"],
  ["a refresh that never comes", { refreshInterval: Duration.seconds(0) }, "1h, got 0h"],
  ["a lease of no time", { leaseTtl: Duration.seconds(0) }, "payment-service-role, 0h, got 0h"],
  ["the audience of another role", { audience: "api" }, 'asks for, vault, got "api"'],
  ["a role that climbs", { role: "../config/payments-db" }, 'got "../config/payments-db"'],
  ["a mount with an empty segment", { mount: "database//x" }, 'got "database//x"'],
  [
    "a cluster without the generators' CRDs",
    { crds: CrdDeclaration.groups("external-secrets.io") },
    "VaultDynamicSecret needs the CRDs of generators.external-secrets.io",
  ],
])("rejects %s with the value and the construct's path", (_title, change, message) => {
  expect(() => withProps(change)).toThrow(message);
  expect(() => withProps(change)).toThrow("[test/Database");
});
