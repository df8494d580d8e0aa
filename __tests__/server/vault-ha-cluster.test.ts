import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { Release } from "@cdktf/provider-helm/lib/release";
import { TerraformStack, Testing } from "cdktf";
import { parse } from "yaml";
import { AuditShipper } from "../../constructs/audit/audit-shipper";
import { SiemSink } from "../../constructs/audit/siem-sink";
import { Seal } from "../../constructs/server/seal";
import { Tls } from "../../constructs/server/tls";
import { VaultHaCluster } from "../../constructs/server/vault-ha-cluster";
import type { VaultHaClusterProps } from "../../constructs/server/vault-ha-cluster-props";
import { CrdDeclaration } from "../../constructs/core/custom-resources";
import { Cpu } from "../../constructs/core/cpu";
import { Size } from "../../constructs/core/size";
import { evaluate } from "../../hardening/evaluate";
import { Synthesized } from "../support/synth";

const props: VaultHaClusterProps = {
  seal: Seal.awsKms({
    keyId: "alias/vault-unseal-key",
    region: "us-east-1",
    roleArn: "arn:aws:iam::111111111111:role/vault",
  }),
  tls: Tls.certManager({ kind: "ClusterIssuer", name: "platform-ca", type: "ca" }),
  crds: CrdDeclaration.groups("cert-manager.io"),
};

function build(change: Partial<VaultHaClusterProps> = {}) {
  const stack = new TerraformStack(Testing.app(), "test");
  new KubernetesProvider(stack, "Kubernetes", {});
  new HelmProvider(stack, "Helm", {});
  const vault = new VaultHaCluster(stack, "Vault", { ...props, ...change });
  return { stack, vault };
}

/** Release of Vault, with its values as parsed by Helm. */
function release(change: Partial<VaultHaClusterProps> = {}) {
  const output = new Synthesized(JSON.parse(Testing.synth(build(change).stack)));
  const body = output.resources("helm_release").find(({ name }) => name === (change.releaseName ?? "vault"))!;
  return { output, body, values: parse(body.values[0]) };
}

describe("the article's values", () => {
  const { values, body } = release();
  test.each([
    ["chart hashicorp/vault", body.chart, "vault"],
    ["namespace vault", body.namespace, "vault"],
    ["server.ha.enabled", values.server.ha.enabled, true],
    ["server.ha.replicas", values.server.ha.replicas, 3],
    ["server.ha.raft.enabled", values.server.ha.raft.enabled, true],
    ["server.dataStorage.size", values.server.dataStorage.size, "10Gi"],
    ["server.dataStorage.storageClass", values.server.dataStorage.storageClass, "gp3"],
    ["server.auditStorage.enabled", values.server.auditStorage.enabled, true],
    ["server.auditStorage.size", values.server.auditStorage.size, "10Gi"],
    ["injector.enabled", values.injector.enabled, true],
    ["ui.enabled", values.ui.enabled, true],
  ])("%s", (_name, received, expected) => expect(received).toBe(expected));

  test("seals with awskms by alias and region", () => {
    expect(values.server.ha.raft.config).toContain(
      'seal "awskms" {\n  region     = "us-east-1"\n  kms_key_id = "alias/vault-unseal-key"\n}\n',
    );
  });
});

describe("defaults", () => {
  const { values, body, output } = release();

  test("pins the chart, and does not let Helm wait for servers to be initialized", () => {
    expect(body).toMatchObject({
      repository: "https://helm.releases.hashicorp.com",
      version: "0.34.1",
      wait: false,
      atomic: false,
    });
  });

  test("renders no plaintext listener", () => {
    expect(values.global.tlsDisable).toBe(false);
    expect(values.server.ha.raft.config).not.toContain("tls_disable ");
  });

  test("lets each server find the others by name and join by itself", () => {
    for (const ordinal of [0, 1, 2]) {
      expect(values.server.ha.raft.config).toContain(
        `leader_api_addr     = "https://vault-${ordinal}.vault-internal:8200"`,
      );
    }
    expect(values.server.ha.raft.setNodeId).toBe(true);
    expect(values.server.ha.apiAddr).toBe("https://$(VAULT_K8S_POD_NAME).vault-internal.vault.svc:8200");
  });

  test("restricts pods, sidecar and injector as the Pod Security Standard requires", () => {
    const pod = {
      runAsNonRoot: true,
      runAsUser: 100,
      runAsGroup: 1000,
      fsGroup: 1000,
      seccompProfile: { type: "RuntimeDefault" },
    };
    const container = {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    };
    expect(values.server.statefulSet.securityContext).toEqual({ pod, container });
    expect(values.injector.securityContext).toEqual({ pod, container });
    for (const sidecar of values.server.extraContainers) expect(sidecar.securityContext).toEqual(container);
  });

  test("mounts /tmp as a volume, so that a read-only root filesystem works", () => {
    expect(values.server.volumes).toContainEqual({ name: "tmp", emptyDir: { sizeLimit: "64Mi" } });
    expect(values.server.volumeMounts).toContainEqual({ name: "tmp", mountPath: "/tmp" });
  });

  test("accepts sealed and uninitialized servers in probes", () => {
    for (const probe of [values.server.readinessProbe, values.server.livenessProbe]) {
      expect(probe).toMatchObject({ enabled: true, port: 8200 });
      expect(probe.path).toMatch(/standbyok=true.*sealedcode=204.*uninitcode=204/);
    }
  });

  test("keeps the volumes when the release is deleted", () => {
    expect(values.server.persistentVolumeClaimRetentionPolicy).toEqual({
      whenDeleted: "Retain",
      whenScaled: "Retain",
    });
  });

  test("replaces pods only on deletion, and lets at most one be unavailable", () => {
    expect(values.server.updateStrategyType).toBe("OnDelete");
    expect(values.server.ha.disruptionBudget).toEqual({ enabled: true, maxUnavailable: 1 });
    expect(values.injector.podDisruptionBudget).toEqual({ maxUnavailable: 1 });
  });

  test("sets requests and limits for servers, sidecar and injector", () => {
    expect(values.server.resources).toEqual({
      requests: { cpu: "500m", memory: "1Gi" },
      limits: { cpu: "2", memory: "2Gi" },
    });
    for (const { resources } of [...values.server.extraContainers, values.injector]) {
      expect(Object.keys(resources.requests)).toEqual(["cpu", "memory"]);
      expect(Object.keys(resources.limits)).toEqual(["cpu", "memory"]);
    }
  });

  test("runs two injectors with leader election, for namespaces with the client label only", () => {
    expect(values.injector).toMatchObject({
      replicas: 2,
      leaderElector: { enabled: true },
      webhook: {
        failurePolicy: "Fail",
        namespaceSelector: { matchLabels: { "vault-platform/client": "true" } },
      },
    });
  });

  test("pins images, the agents' included", () => {
    expect(values.server.image).toEqual({ repository: "hashicorp/vault", tag: "1.21.0" });
    expect(values.injector.image).toEqual({ repository: "hashicorp/vault-k8s", tag: "1.7.6" });
    expect(values.injector.agentImage).toEqual({ repository: "hashicorp/vault", tag: "1.21.0" });
  });

  test("annotates the servers' ServiceAccount with the role, and stores no token", () => {
    expect(values.server.serviceAccount).toEqual({
      name: "vault",
      annotations: { "eks.amazonaws.com/role-arn": "arn:aws:iam::111111111111:role/vault" },
      createSecret: false,
    });
  });

  test("reloads a renewed certificate without a restart", () => {
    expect(values.server.shareProcessNamespace).toBe(true);
    expect(values.server.extraContainers[0].command).toEqual(["/bin/sh", "/scripts/reload-certificate.sh"]);
    const scripts = output.resource("kubernetes_config_map_v1");
    expect(scripts.metadata.name).toBe("vault-scripts");
    expect(scripts.data["reload-certificate.sh"]).toContain('kill -HUP "$pid"');
  });

  test("names a separate port for metrics", () => {
    expect(values.server.extraPorts).toEqual([{ name: "metrics", containerPort: 8210 }]);
  });

  test("creates the certificate before the servers, and renews its key each time", () => {
    const certificate = output.resources("helm_release").find(({ name }) => name === "vault-certificate")!;
    const text = JSON.stringify(certificate.values);
    expect(text).toContain("*.vault-internal");
    expect(text).toContain("Always");
    expect(body.depends_on).toEqual(
      expect.arrayContaining([expect.stringMatching(/^helm_release\.Vault_Certificate/)]),
    );
  });
});

describe("options", () => {
  test("joins one address per server, and spreads five replicas over the zones", () => {
    const { values } = release({ replicas: 5, zones: ["a", "b", "c"] });
    expect(values.server.ha.raft.config.match(/retry_join/g)).toHaveLength(5);
    expect(values.server.topologySpreadConstraints).toEqual([
      {
        maxSkew: 1,
        topologyKey: "topology.kubernetes.io/zone",
        whenUnsatisfiable: "DoNotSchedule",
        labelSelector: {
          matchLabels: {
            "app.kubernetes.io/name": "vault",
            "app.kubernetes.io/instance": "vault",
            component: "server",
          },
        },
      },
    ]);
  });

  test("disables the disruption budget of a single server, so that its node can drain", () => {
    expect(release({ replicas: 1 }).values.server.ha.disruptionBudget).toEqual({ enabled: false });
    expect(release({ replicas: 3 }).values.server.ha.disruptionBudget).toEqual({
      enabled: true,
      maxUnavailable: 1,
    });
  });

  test("takes sizes, storage class, resources, injector replicas and priority", () => {
    const { values } = release({
      dataSize: Size.gibibytes(20),
      auditSize: Size.gibibytes(30),
      storageClass: "io2",
      resources: {
        requests: { cpu: Cpu.units(1), memory: Size.gibibytes(2) },
        limits: { cpu: Cpu.units(4), memory: Size.gibibytes(8) },
      },
      injectorReplicas: 3,
      priorityClassName: "vault",
    });
    expect(values.server.dataStorage).toEqual({ enabled: true, size: "20Gi", storageClass: "io2" });
    expect(values.server.auditStorage).toEqual({ enabled: true, size: "30Gi", storageClass: "io2" });
    expect(values.server.resources.limits).toEqual({ cpu: "4", memory: "8Gi" });
    expect(values.injector.replicas).toBe(3);
    expect(values.server.priorityClassName).toBe("vault");
  });

  test("takes the chart from an OCI registry or a folder, and images from a mirror", () => {
    const chart = (repository: string) => release({ chart: { repository, version: "0.34.1" } }).body;
    expect(chart("oci://registry.example.com/charts")).toMatchObject({
      chart: "oci://registry.example.com/charts/vault",
      version: "0.34.1",
    });
    expect(chart("/charts").chart).toBe("/charts/vault");
    expect(chart("./charts").chart).toBe("../../.././charts/vault");
    expect(chart("./charts")).not.toHaveProperty("repository");
    expect(release({ image: "registry.example.com:5000/vault:1.21.0" }).values.server.image).toEqual({
      repository: "registry.example.com:5000/vault",
      tag: "1.21.0",
    });
  });

  test("adds the external host to the certificate", () => {
    const { output } = release({ externalHost: "vault.example.com" });
    expect(JSON.stringify(output.resources("helm_release"))).toContain("vault.example.com");
  });

  test("mounts an existing certificate and creates none", () => {
    const { output, values } = release({
      tls: Tls.existingSecret({
        secretName: "own",
        dnsNames: [
          "*.vault-internal",
          "*.vault-internal.vault.svc",
          "*.vault-internal.vault.svc.cluster.local",
          ...["vault", "vault-active", "vault-standby"].flatMap((name) => [
            `${name}.vault.svc`,
            `${name}.vault.svc.cluster.local`,
          ]),
          "localhost",
        ],
        ipAddresses: ["127.0.0.1"],
      }),
    });
    expect(output.resources("helm_release")).toHaveLength(1);
    expect(values.server.volumes[0].secret.secretName).toBe("own");
  });

  test("presents the pods' certificate with mutual TLS, and probes inside the pod", () => {
    const { values } = release({
      tls: Tls.certManager({ kind: "Issuer", name: "ca", type: "ca" }, { mutual: true }),
    });
    expect(values.server.extraEnvironmentVars).toMatchObject({
      VAULT_CLIENT_CERT: "/vault/tls/tls.crt",
      VAULT_CLIENT_KEY: "/vault/tls/tls.key",
    });
    expect(values.server.livenessProbe.execCommand.join(" ")).toContain("vault status");
    expect(values.server.readinessProbe).toEqual({ enabled: true });
  });

  test("exposes a client certificate for jobs only with mutual TLS", () => {
    const tls = Tls.certManager({ kind: "Issuer", name: "ca", type: "ca" }, { mutual: true });
    expect(build({ tls }).vault.clientCertificateSecret).toBe("vault-tls");
    expect(build().vault.clientCertificateSecret).toBeUndefined();
  });

  test("mounts a transit token from its Secret", () => {
    const { values } = release({
      seal: Seal.transit({
        address: "https://other:8200",
        keyName: "k",
        token: { secretName: "transit", key: "token" },
      }),
    });
    expect(values.server.volumes).toContainEqual({
      name: "seal",
      secret: { secretName: "transit", defaultMode: 0o440, items: [{ key: "token", path: "token" }] },
    });
    expect(values.server.volumeMounts).toContainEqual({
      name: "seal",
      mountPath: "/vault/seal",
      readOnly: true,
    });
    expect(values.server.extraEnvironmentVars).not.toHaveProperty("VAULT_TOKEN");
  });

  test("reads a licence from its Secret", () => {
    const { values } = release({ licence: { secretName: "licence", key: "vault.hclic" } });
    expect(values.server.enterpriseLicense).toEqual({ secretName: "licence", secretKey: "vault.hclic" });
  });

  test("removes anti-affinity only with allowServersOnOneNode", () => {
    expect(release().values.server).not.toHaveProperty("affinity");
    expect(release().values.injector).not.toHaveProperty("affinity");
    const { server, injector } = release({ allowServersOnOneNode: true }).values;
    expect(server.affinity).toBe("");
    // With one node, anti-affinity would keep the second injector pending indefinitely.
    expect(injector.affinity).toBe("");
  });

  test("uses another release name and namespace everywhere", () => {
    const { body, values } = release({ namespace: "secrets", releaseName: "team-vault" });
    expect(body.namespace).toBe("secrets");
    expect(values.fullnameOverride).toBe("team-vault");
    expect(values.server.ha.raft.config).toContain("https://team-vault-2.team-vault-internal:8200");
    const { vault } = build({ namespace: "secrets", releaseName: "team-vault" });
    expect(vault.address).toBe("https://team-vault.secrets.svc:8200");
    expect(vault.activeAddress).toBe("https://team-vault-active.secrets.svc:8200");
  });
});

describe("errors", () => {
  const error = (change: Partial<VaultHaClusterProps>) => expect(() => build(change));

  test.each([0, 2, 4, 9])("rejects %d replicas", (replicas) =>
    error({ replicas }).toThrow(
      `replicas must be 1, 3, 5, 7, so that Raft can elect a leader, got ${replicas} [test/Vault]`,
    ),
  );

  test("rejects servers over two zones", () =>
    error({ zones: ["a", "b"] }).toThrow(
      'zones must be one or at least three for 3 replicas, got ["a","b"]: one of two zones has the majority, and its loss stops Vault [test/Vault]',
    ));

  test.each(["hashicorp/vault", "hashicorp/vault:latest"])("rejects the image %s", (image) =>
    error({ image }).toThrow(
      `image must be an image with a version, such as hashicorp/vault:1.21.0 (not latest); a digest may follow, got "${image}" [test/Vault]`,
    ),
  );

  test.each([
    "vault.example.com:8200",
    "https://vault.example.com",
    "[2001:db8::10]",
    "2001:DB8::10",
    "10.0.0.256",
  ])("rejects the external host %s, which no certificate can name", (externalHost) =>
    error({ externalHost }).toThrow(/^externalHost must be .*, got ".*" \[test\/Vault\]$/),
  );

  test("rejects an image in upper case, which the kubelet answers with InvalidImageName", () =>
    error({ injectorImage: "ghcr.io/MyOrg/vault-k8s:1.7.6" }).toThrow(
      'injectorImage must be an image whose path is lower-case letters and digits, separated by /, -, one dot or underscores, got "ghcr.io/MyOrg/vault-k8s:1.7.6" [test/Vault]',
    ));

  test("rejects a chart version that is not exact", () =>
    error({ chart: { repository: "https://example.com", version: "0.34" } }).toThrow(
      'the version of chart vault must be an exact version, such as 0.34.1, got "0.34" [test/Vault]',
    ));

  test("rejects a chart over plaintext", () =>
    error({ chart: { repository: "http://example.com", version: "0.34.1" } }).toThrow(
      'the repository of chart vault must be https://, oci:// or a local path, got "http://example.com" [test/Vault]',
    ));

  const low = { cpu: Cpu.millis(100), memory: Size.mebibytes(100) };
  const high = { cpu: Cpu.millis(200), memory: Size.mebibytes(200) };
  test("rejects limits below requests", () => {
    error({ resources: { requests: high, limits: { ...high, cpu: low.cpu } } }).toThrow(
      "the CPU limit must be at least the request, 200m, got 100m [test/Vault]",
    );
    error({ resources: { requests: high, limits: { ...high, memory: low.memory } } }).toThrow(
      "the memory limit must be at least the request, 200Mi, got 100Mi [test/Vault]",
    );
  });

  test("rejects a release that the chart would rename", () =>
    error({ releaseName: "secrets" }).toThrow(
      'releaseName must contain vault, because the chart names everything else secrets-vault, got "secrets" [test/Vault]',
    ));

  test("rejects a value in chartValues that the chart does not have", () => {
    error({
      // @ts-expect-error: the compiler refuses it, too
      chartValues: { server: { resorces: {} } },
    }).toThrow(
      'chartValues must be values of the chart that this project knows (helmValues takes any), got server: Unrecognized key: "resorces" [test/Vault]',
    );
  });
});

describe("escape hatches", () => {
  test("merges chartValues, and keeps other values", () => {
    const { values } = release({ chartValues: { server: { nodeSelector: { pool: "vault" } } } });
    expect(values.server.nodeSelector).toEqual({ pool: "vault" });
    expect(values.server.updateStrategyType).toBe("OnDelete");
  });

  test("merges helmValues last, for any value of the chart", () => {
    const { values } = release({ helmValues: { server: { ha: { replicas: 7 }, hostAliases: [] } } });
    expect(values.server.ha.replicas).toBe(7);
    expect(values.server.hostAliases).toEqual([]);
    expect(values.server.ha.raft.enabled).toBe(true);
  });

  /** Rules with a finding for the release. */
  const brokenRules = (helmValues: Record<string, unknown>) => {
    const { stack, vault } = build({ helmValues });
    const { errors, warnings } = evaluate(stack.node.root);
    return [...errors, ...warnings]
      .filter(({ construct }) => construct === vault.release)
      .map(({ rule }) => rule.id);
  };
  // Findings of a cluster without the surrounding constructs.
  const always = brokenRules({});

  test.each([
    ["TLS off", { global: { tlsDisable: true } }, "tls-enabled"],
    ["no audit storage", { server: { auditStorage: { enabled: false } } }, "vault-storage"],
    [
      "a writable root filesystem",
      { server: { statefulSet: { securityContext: { container: { readOnlyRootFilesystem: false } } } } },
      "vault-pod-hardening",
    ],
    ["no limits", { server: { resources: { limits: null } } }, "vault-resource-limits"],
    [
      "an injector that lets pods start without secrets",
      { injector: { webhook: { failurePolicy: "Ignore" } } },
      "injector-fail-open",
    ],
    [
      "a plaintext listener in a configuration of one's own",
      { server: { ha: { raft: { config: 'listener "tcp" { tls_disable = true }' } } } },
      "tls-enabled",
    ],
  ])("reports %s by the hardening rules", (_title, helmValues, rule) => {
    expect(always).not.toContain(rule);
    expect(brokenRules(helmValues)).toContain(rule);
  });

  test("adds the audit shipper as a sidecar, and its configuration as a dependency", () => {
    const stack = new TerraformStack(Testing.app(), "test");
    new KubernetesProvider(stack, "Kubernetes", {});
    new HelmProvider(stack, "Helm", {});
    const auditShipper = new AuditShipper(stack, "Shipper", {
      sink: SiemSink.datadog({
        endpoint: "https://http-intake.logs.datadoghq.com",
        credentials: { secretName: "siem", key: "token" },
      }),
    });
    new VaultHaCluster(stack, "Vault", { ...props, auditShipper });
    const output = new Synthesized(JSON.parse(Testing.synth(stack)));
    const body = output.resources("helm_release").find(({ name }) => name === "vault")!;
    const { server } = parse(body.values[0]);
    expect(server.extraContainers.map(({ name }: { name: string }) => name)).toEqual([
      "reload-certificate",
      "audit-shipper",
    ]);
    expect(server.volumes).toEqual(expect.arrayContaining([...auditShipper.sidecar.volumes]));
    expect(server.volumeMounts).toEqual(expect.arrayContaining([...auditShipper.sidecar.serverMounts]));
    expect(body.depends_on).toContain(
      `kubernetes_config_map_v1.${auditShipper.configuration.friendlyUniqueId}`,
    );
    expect(release().values.server.extraContainers).toHaveLength(1);
  });

  test("exposes the release as node.defaultChild, and applies overrides", () => {
    const { stack, vault } = build();
    expect(vault.node.defaultChild).toBeInstanceOf(Release);
    vault.release.addOverride("timeout", 42);
    const { helm_release: releases } = JSON.parse(Testing.synth(stack)).resource;
    expect(releases[vault.release.friendlyUniqueId].timeout).toBe(42);
  });
});
