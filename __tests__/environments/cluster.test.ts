import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ClusterSettings, clusterEnvironment, clusterEnvironmentOf } from "../../environments/cluster";
import { EnvironmentError, loadEnvironments } from "../../platform/load";
import { exampleCa } from "../../environments/shared";

function settings(vault: object = {}, rest: object = {}): ClusterSettings {
  const { tls, ...others } = vault as { tls?: object };
  return { vault: { ...others, tls: { caCertificates: [exampleCa], ...tls } }, ...rest } as ClusterSettings;
}

function problems(given: ClusterSettings): readonly string[] {
  try {
    loadEnvironments([clusterEnvironment(given)]);
  } catch (error) {
    if (error instanceof EnvironmentError) return error.problems;
    throw error;
  }
  return [];
}

test("requires only the CA certificates of a cluster", () => {
  expect(problems(settings())).toEqual([]);
  expect(problems({})).toEqual([
    "cluster.vault.tls.caCertificates: got []; allowed: the certificates of the CA that signs the servers'",
  ]);
});

test("merges settings by key, replaces lists and removes keys that are null", () => {
  const { vault, services } = clusterEnvironment(
    settings({ replicas: 1, tls: { issuer: null, existingSecret: "own" } }, { services: [] }),
  );
  expect(vault.replicas).toBe(1);
  expect(vault.requests).toEqual({ cpu: "100m", memory: "256Mi" });
  expect(vault.tls).toEqual({ caCertificates: [exampleCa], existingSecret: "own" });
  expect(services).toEqual([]);
});

test("rejects an unknown key", () => {
  expect(problems(settings({ replica: 1 }))).toEqual([
    expect.stringContaining(
      "cluster.vault.replica: got a key that does not exist (did you mean replicas?); allowed: ",
    ),
  ]);
});

test("rejects two sources, or no source, of the server certificate", () => {
  expect(problems(settings({ tls: { existingSecret: "own" } }))).toEqual([
    'cluster.vault.tls.existingSecret: got "own"; allowed: nothing, because vault.tls.issuer signs the certificate',
  ]);
  const without = { kubernetes: { operators: { certManager: "none" } } };
  expect(problems(settings({ tls: { issuer: null } }, without))).toEqual([
    'cluster.kubernetes.operators.certManager: got "none"; allowed: install or existing, unless vault.tls.existingSecret has the servers\' certificate',
  ]);
});

test('rejects External Secrets "none" if a service needs it', () => {
  const without = { kubernetes: { operators: { externalSecrets: "none" } } };
  expect(problems(settings({}, without))).toEqual([
    'cluster.kubernetes.operators.externalSecrets: got "none"; allowed: install or existing, because payment-service has Secrets that External Secrets keeps',
  ]);
});

describe("the CLUSTER_SETTINGS file", () => {
  const folder = mkdtempSync(join(tmpdir(), "cluster-settings-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  test("creates the environment, and no environment without it", () => {
    const file = join(folder, "settings.json");
    writeFileSync(file, JSON.stringify(settings({ replicas: 1 })));
    expect(clusterEnvironmentOf({})).toEqual([]);
    expect(clusterEnvironmentOf({ CLUSTER_SETTINGS: file })).toMatchObject([
      { name: "cluster", vault: { replicas: 1 } },
    ]);
  });

  test("is named in the error if it cannot be read", () => {
    const file = join(folder, "missing.json");
    expect(() => clusterEnvironmentOf({ CLUSTER_SETTINGS: file })).toThrow(
      `CLUSTER_SETTINGS must be a JSON file with the cluster's settings, got "${file}": `,
    );
  });
});
