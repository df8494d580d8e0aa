import { Release } from "@cdktf/provider-helm/lib/release";
import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { CronJobV1 } from "@cdktf/provider-kubernetes/lib/cron-job-v1";
import {
  DeploymentV1,
  type DeploymentV1SpecTemplateSpec,
} from "@cdktf/provider-kubernetes/lib/deployment-v1";
import { JobV1 } from "@cdktf/provider-kubernetes/lib/job-v1";
import { NetworkPolicyV1, type NetworkPolicyV1Spec } from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import { Policy } from "@cdktf/provider-vault/lib/policy";
import { TerraformDataSource, TerraformResource, type TerraformStack } from "cdktf";
import { stringify } from "yaml";
import type { Build } from "./describe-rule";

/** Constructs as written without this library. */

type Body = Readonly<Record<string, unknown>>;
/** Specification of a pod. */
export type PodSpec = DeploymentV1SpecTemplateSpec;
/** Container of a pod. */
export type Container = NonNullable<PodSpec["container"]> extends (infer C)[] | unknown ? C & object : never;

let count = 0;
const nextId = () => `R${++count}`;

/** Combines several builds. */
export const together =
  (...builds: Build[]): Build =>
  (stack) =>
    builds.forEach((build) => build(stack));

/** Any resource, with its body in Terraform's argument names. */
export const resource =
  (terraformResourceType: string, body: Body, id = nextId()): Build =>
  (stack) => {
    const made = new TerraformResource(stack, id, { terraformResourceType });
    for (const [name, value] of Object.entries(body)) made.addOverride(name, value);
  };

/** Any data source, with its body in Terraform's argument names. */
export const data =
  (terraformResourceType: string, body: Body): Build =>
  (stack) => {
    const made = new TerraformDataSource(stack, nextId(), { terraformResourceType });
    for (const [name, value] of Object.entries(body)) made.addOverride(name, value);
  };

/** Provider block, added as an override because it needs no provider class. */
export const provider =
  (name: string, body: Body): Build =>
  (stack) =>
    stack.addOverride(`provider.${name}`, [body]);

/** Kubernetes manifest resource. */
export const manifest = (body: Body): Build => resource("kubernetes_manifest", { manifest: body });

/** Deployment with the given pod. */
export const deployment =
  (spec: PodSpec, namespace = "production"): Build =>
  (stack) =>
    void new DeploymentV1(stack, nextId(), {
      metadata: { name: "app", namespace },
      spec: { template: { metadata: { labels: { app: "app" } }, spec } },
    });

/** Deployment with one container. */
export const container = (body: Partial<Container>): Build =>
  deployment({ container: [{ name: "app", image: "app:1.0.0", ...body }] as PodSpec["container"] });

/** Kubernetes Job. */
export const job =
  (spec: PodSpec, namespace = "vault"): Build =>
  (stack) =>
    void new JobV1(stack, nextId(), {
      metadata: { name: "job", namespace },
      spec: { template: { metadata: {}, spec } },
    });

/** Kubernetes CronJob. */
export const cronJob =
  (spec: PodSpec, namespace = "vault", suspend?: boolean): Build =>
  (stack) =>
    void new CronJobV1(stack, nextId(), {
      metadata: { name: "job", namespace },
      spec: {
        suspend,
        schedule: "0 2 * * *",
        jobTemplate: { metadata: {}, spec: { template: { metadata: {}, spec } } },
      },
    });

/** Kubernetes ConfigMap. */
export const configMap =
  (name: string, entries: Readonly<Record<string, string>>, namespace = "vault"): Build =>
  (stack) =>
    void new ConfigMapV1(stack, nextId(), { metadata: { name, namespace }, data: { ...entries } });

/** Kubernetes NetworkPolicy. */
export const networkPolicy =
  (spec: NetworkPolicyV1Spec, namespace = "vault"): Build =>
  (stack) =>
    void new NetworkPolicyV1(stack, nextId(), { metadata: { name: "policy", namespace }, spec });

/** Vault policy. */
export const policy =
  (text: string, name = "p"): Build =>
  (stack) =>
    void new Policy(stack, nextId(), { name, policy: text });

/** Vault policy with a rule for one path. */
export const allow = (path: string, ...capabilities: string[]): Build =>
  policy(`path "${path}" {\n  capabilities = ${JSON.stringify(capabilities)}\n}\n`);

/** Helm release of any chart. */
export const helmRelease =
  (chart: string, values: unknown, further: Body = {}): Build =>
  (stack) => {
    const release = new Release(stack, nextId(), {
      name: "release",
      chart,
      namespace: "vault",
      values: [typeof values === "string" ? values : stringify(values)],
    });
    for (const [name, value] of Object.entries(further)) release.addOverride(name, value);
  };

/** Compliant listener. */
export const LISTENER = `listener "tcp" {
  address         = "[::]:8200"
  tls_cert_file   = "/vault/tls/tls.crt"
  tls_key_file    = "/vault/tls/tls.key"
  tls_min_version = "tls13"
}
`;
/** Compliant seal. */
export const SEAL = 'seal "awskms" {\n  region     = "us-east-1"\n  kms_key_id = "alias/vault"\n}\n';
/** Compliant storage. */
export const STORAGE =
  'storage "raft" {\n  path = "/vault/data"\n  retry_join {\n    leader_api_addr = "https://vault-0.vault-internal:8200"\n  }\n}\n';

/** Release of Vault's chart with a server configuration. */
export const vault = (config: string | undefined = LISTENER + SEAL + STORAGE, values: Body = {}): Build =>
  helmRelease("vault", {
    global: { tlsDisable: false, ...(values.global as Body) },
    injector: values.injector,
    ui: values.ui,
    server: {
      ha: { enabled: true, replicas: 3, raft: { enabled: true, config } },
      ...(values.server as Body),
    },
  });

/** Resource that no rule about Vault applies to. */
export const nothing: Build = (stack: TerraformStack) => resource("terraform_data", { input: "x" })(stack);
