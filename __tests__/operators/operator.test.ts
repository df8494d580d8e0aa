import { readFileSync } from "node:fs";
import { join } from "node:path";
import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import type { Release } from "@cdktf/provider-helm/lib/release";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { TerraformStack, Testing } from "cdktf";
import { parse } from "yaml";
import { CertManager } from "../../constructs/operators/cert-manager";
import { ExternalSecrets } from "../../constructs/operators/external-secrets";
import type { Operator, OperatorProps } from "../../constructs/operators/operator";
import { CustomResources } from "../../constructs/core/custom-resources";
import { describeWithChart } from "../support/charts";
import { Synthesized } from "../support/synth";
import { testWithTerraform } from "../support/terraform";

type Block = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

const operators = [
  {
    Class: CertManager,
    name: "cert-manager",
    version: "1.21.1",
    chartVersion: "v1.21.1",
    repository: "https://charts.jetstack.io",
    groups: ["cert-manager.io", "acme.cert-manager.io"],
    crd: { apiVersion: "cert-manager.io/v1", kind: "ClusterIssuer" },
  },
  {
    Class: ExternalSecrets,
    name: "external-secrets",
    version: "2.9.0",
    chartVersion: "2.9.0",
    repository: "https://charts.external-secrets.io",
    groups: ["external-secrets.io", "generators.external-secrets.io"],
    crd: { apiVersion: "external-secrets.io/v1", kind: "SecretStore" },
  },
] as const;

function stackWith(build: (stack: TerraformStack) => void): TerraformStack {
  const stack = new TerraformStack(Testing.app(), "test");
  new KubernetesProvider(stack, "Kubernetes", { host: "https://127.0.0.1:1" });
  new HelmProvider(stack, "Helm", { kubernetes: { host: "https://127.0.0.1:1" }, helmDriver: "configmap" });
  build(stack);
  return stack;
}

const withStack = (build: (stack: TerraformStack) => void) =>
  new Synthesized(JSON.parse(Testing.synth(stackWith(build))));

describe.each(operators)("$name", ({ Class, name, version, chartVersion, repository, groups, crd }) => {
  const withProps = (change: Partial<OperatorProps> = {}, then: (operator: Operator) => void = () => {}) =>
    withStack((stack) => then(new Class(stack, "Operator", { version, ...change })));
  const valuesOf = (change: Partial<OperatorProps> = {}) =>
    parse(withProps(change).resource("helm_release").values[0]);

  test("installs the pinned chart into a separate namespace and waits for it", () => {
    const output = withProps();
    expect(output.resource("kubernetes_namespace_v1").metadata).toEqual({
      name,
      labels: { "pod-security.kubernetes.io/enforce": "restricted" },
    });
    expect(output.resource("helm_release")).toMatchObject({
      name,
      chart: name,
      repository,
      version: chartVersion,
      namespace: name,
      depends_on: [expect.stringMatching(/^kubernetes_namespace_v1\./)],
      wait: true,
      atomic: true,
      cleanup_on_fail: true,
      timeout: 600,
      max_history: 5,
    });
  });

  test("restricts every container, with a read-only root filesystem", () => {
    const contexts: Block[] = [];
    JSON.stringify(valuesOf(), (key, value) => {
      // cert-manager's chart has a separate key for the containers' context.
      if (key === (name === "cert-manager" ? "containerSecurityContext" : "securityContext")) {
        contexts.push(value);
      }
      return value;
    });
    expect(contexts.length).toBeGreaterThanOrEqual(3);
    for (const context of contexts) {
      expect(context).toMatchObject({
        allowPrivilegeEscalation: false,
        capabilities: { drop: ["ALL"] },
        readOnlyRootFilesystem: true,
      });
    }
  });

  test("takes the chart from a mirror in place of the repository", () => {
    const release = withProps({ repository: "oci://registry.example.com/charts" }).resource("helm_release");
    expect(release).toMatchObject({ chart: `oci://registry.example.com/charts/${name}` });
    expect(release).not.toHaveProperty("repository");
  });

  test("adds the release as a dependency of custom resources", () => {
    const output = withStack((stack) => {
      const { crds } = new Class(stack, "Operator", { version });
      const resource = (apiVersion: string) => ({
        ...crd,
        apiVersion,
        metadata: { name: apiVersion },
        spec: {},
      });
      new CustomResources(stack, "Resources", {
        namespace: "vault",
        crds,
        resources: groups.map((group) => resource(`${group}/v1`)),
      });
    });
    const resources = output.resources("helm_release").find((release) => release.name === "resources")!;
    expect(resources.depends_on).toEqual([expect.stringMatching(/^helm_release\.Operator_/)]);
  });

  test("declares the CRDs of an existing operator and installs nothing", () => {
    const output = withStack((stack) => {
      const existing = Class.existing();
      expect(existing.namespace).toBe(name);
      new CustomResources(stack, "Resources", {
        namespace: "vault",
        crds: existing.crds,
        resources: [{ ...crd, metadata: { name: "one" }, spec: {} }],
      });
    });
    expect(output.resource("helm_release").depends_on).toEqual([]);
  });

  test("merges helmValues over its values", () => {
    const values = valuesOf({ helmValues: { replicaCount: 3, webhook: { replicaCount: 4 } } });
    expect(values).toMatchObject({ replicaCount: 3, webhook: { replicaCount: 4 } });
    expect(values.webhook.resources).toEqual(valuesOf().webhook.resources);
  });

  test("rejects an inexact version and a repository over plaintext", () => {
    expect(() => withProps({ version: "1.x" })).toThrow(
      /must be an exact version, .*"v?1\.x" \[test\/Operator\]/,
    );
    expect(() => withProps({ repository: "http://charts.example.com" })).toThrow(
      /must be https:\/\/.*got "http:\/\/charts\.example\.com" \[test\/Operator\]/,
    );
  });

  test("exposes the release as node.defaultChild", () => {
    const output = withProps({}, (operator) =>
      (operator.node.defaultChild as Release).addOverride("timeout", 900),
    );
    expect(output.resource("helm_release").timeout).toBe(900);
  });
});

describe("the values of cert-manager", () => {
  const values = (change: Partial<OperatorProps> = {}) =>
    parse(
      withStack((stack) => new CertManager(stack, "Operator", { version: "1.21.1", ...change })).resource(
        "helm_release",
      ).values[0],
    );

  test("installs CRDs and keeps them after the release", () => {
    expect(values().crds).toEqual({ enabled: true, keep: true });
  });

  test("does not let editors of a namespace request certificates", () => {
    expect(values().global.rbac.aggregateClusterRoles).toBe(false);
  });

  test("takes images from a registry mirror, if one is given", () => {
    expect(values()).not.toHaveProperty("imageRegistry");
    expect(values({ registryMirror: "registry.example.com/mirror" }).imageRegistry).toBe(
      "registry.example.com/mirror",
    );
  });
});

describe("the values of External Secrets", () => {
  const values = (change: Partial<OperatorProps> = {}) =>
    parse(
      withStack((stack) => new ExternalSecrets(stack, "Operator", { version: "2.9.0", ...change })).resource(
        "helm_release",
      ).values[0],
    );

  test("disables pushes to stores and cluster-wide resources", () => {
    expect(values()).toMatchObject({
      installCRDs: true,
      processClusterExternalSecret: false,
      processClusterGenerator: false,
      processClusterPushSecret: false,
      processPushSecret: false,
    });
  });

  test("creates no tokens of other ServiceAccounts, and lets no editor add stores", () => {
    expect(values().rbac).toEqual({
      serviceAccountTokenCreate: false,
      servicebindings: { create: false },
      aggregateToEdit: false,
      aggregateToAdmin: false,
    });
  });

  test("takes all three images from a registry mirror", () => {
    const repository = "registry.example.com/mirror/external-secrets/external-secrets";
    const mirrored = values({ registryMirror: "registry.example.com/mirror" });
    for (const part of [mirrored, mirrored.webhook, mirrored.certController]) {
      expect(part.image).toEqual({ repository });
    }
    expect(values()).not.toHaveProperty("image");
  });

  test("exposes its ServiceAccount, installed or not", () => {
    const account = { namespace: "external-secrets", name: "external-secrets" };
    expect(ExternalSecrets.existing().serviceAccount).toEqual(account);
    withStack((stack) => {
      const operator = new ExternalSecrets(stack, "Operator", { version: "2.9.0" });
      expect(operator.serviceAccount).toEqual(account);
    });
  });
});

/** Paths of values that are missing in the chart's values. Empty objects there accept any content. */
function unknownPaths(values: Block, known: Block, path = ""): string[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const here = path + key;
    if (!(key in known)) return [here];
    const inner = known[key];
    const open = typeof inner !== "object" || inner === null || Object.keys(inner).length === 0;
    return open || typeof value !== "object" ? [] : unknownPaths(value, inner, `${here}.`);
  });
}

describe.each(operators)("the real chart of $name", ({ Class, name, version, crd }) => {
  describeWithChart(name, "the rendered values", (repository) => {
    test(`${name} has every value that is set`, () => {
      const output = withStack((stack) => new Class(stack, "Operator", { version, registryMirror: "m" }));
      const known = parse(readFileSync(join(repository, name, "values.yaml"), "utf8"));
      expect(unknownPaths(parse(output.resource("helm_release").values[0]), known)).toEqual([]);
      expect(unknownPaths({ webhook: { replicas: 2 } }, known)).toEqual(["webhook.replicas"]);
    });

    // One plan for all checks: rendering the CRDs takes seconds.
    testWithTerraform(
      ["helm", "kubernetes"],
      `${name} runs restricted, limited, replicated pods from the mirror`,
      (plan) => {
        const stack = stackWith(
          (scope) =>
            new Class(scope, "Operator", {
              version,
              repository,
              registryMirror: "registry.example.com/mirror",
            }),
        );
        const objects = plan(stack, { render: [name] }).rendered[name];
        const ofKind = (...kinds: string[]): Block[] => objects.filter(({ kind }) => kinds.includes(kind));

        const pods = ofKind("Deployment", "Job").map(({ spec }) => spec.template.spec);
        expect(pods.length).toBeGreaterThanOrEqual(3);
        for (const pod of pods) {
          const [container, ...others] = pod.containers;
          expect(others).toEqual([]);
          expect({ ...pod.securityContext, ...container.securityContext }).toMatchObject({
            runAsNonRoot: true,
            seccompProfile: { type: "RuntimeDefault" },
            allowPrivilegeEscalation: false,
            capabilities: { drop: ["ALL"] },
            readOnlyRootFilesystem: true,
          });
          expect(container.resources).toEqual({
            requests: { cpu: "20m", memory: "64Mi" },
            limits: { cpu: expect.any(String), memory: expect.any(String) },
          });
          expect(container.image).toMatch(/^registry\.example\.com\/mirror\/[a-z/-]+:v\d/);
        }
        expect(JSON.stringify(objects)).not.toMatch(/"(quay|ghcr)\.io\//);
        expect(ofKind("Deployment").map(({ spec }) => spec.replicas)).toEqual([2, 2, 2]);
        expect(ofKind("PodDisruptionBudget")).toHaveLength(3);
        expect(ofKind("ServiceMonitor")).toEqual([]);

        const rules = ofKind("ClusterRole").flatMap((role) => (role.rules ?? []) as Block[]);
        expect(rules.filter(({ resources }) => resources?.includes("serviceaccounts/token"))).toEqual([]);
        const labels = objects.flatMap(({ metadata }) => Object.keys(metadata.labels ?? {}));
        expect(labels).not.toContain("rbac.authorization.k8s.io/aggregate-to-edit");
        expect(labels).not.toContain("rbac.authorization.k8s.io/aggregate-to-admin");
        expect(objects.filter(({ metadata }) => metadata.namespace === "kube-system")).toEqual([]);

        const definitions = ofKind("CustomResourceDefinition").map(({ spec }) => spec.names.kind);
        // Unpackaged charts may lack their CRDs.
        if (definitions.length > 0) expect(definitions).toContain(crd.kind);
      },
    );
  });
});
