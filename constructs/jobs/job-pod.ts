import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import type { JobV1SpecTemplate } from "@cdktf/provider-kubernetes/lib/job-v1";
import { ServiceAccountV1 } from "@cdktf/provider-kubernetes/lib/service-account-v1";
import { DefaultTokenResolver, StringConcat, Tokenization } from "cdktf";
import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { Cpu } from "../core/cpu";
import type { Duration } from "../core/duration";
import { checkProps } from "../core/field";
import { requirePinnedImage } from "../core/image-reference";
import { claimObject } from "../core/kubernetes-claims";
import { literal } from "../core/literal";
import { received } from "../core/received";
import { Size } from "../core/size";
import { ValidationError } from "../core/validation-error";
import { bootstrapNames } from "./bootstrap-names";
import { type ContainerResources, renderResources } from "../core/container-resources";
import { JOB_POD, type JobPodProps, type JobStep } from "./job-pod-props";
import { COMPONENT_LABEL } from "../network/labels";
import { secretReferences } from "../core/pod-options";

/** Default mount path of the token for the API server. */
const KUBERNETES_TOKEN_FOLDER = "/var/run/secrets/kubernetes.io/serviceaccount";

const DEFAULT_RESOURCES: ContainerResources = {
  requests: { cpu: Cpu.millis(50), memory: Size.mebibytes(64) },
  limits: { cpu: Cpu.millis(500), memory: Size.mebibytes(512) },
};

/**
 * Pod of a job, with its ServiceAccount and scripts. The pod is restricted and keeps secrets in memory only. It has a
 * token for the API server only if a step requests one.
 *
 * Each image contains either the vault command or the aws command. So the steps are init containers, which Kubernetes
 * runs one after the other. They share results through a memory volume.
 * @throws ValidationError for an image without a version, limits below requests, a timeout below 5 minutes
 */
export class JobPod extends LibraryConstruct {
  /** Pod template of the job. */
  readonly template: JobV1SpecTemplate;
  /** Labels of the pod, and of the objects that belong to it. */
  readonly labels: Readonly<Record<string, string>>;
  /** Time limit of all steps together. */
  readonly timeout: Duration;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: JobPodProps,
  ) {
    super(scope, id);
    checkProps(this, JOB_POD, props);
    const { component, vault } = props;
    this.timeout = props.timeout;
    if (props.timeout.toSeconds() < 300) {
      throw new ValidationError(this, `timeout must be 5 minutes or more, got ${received(props.timeout)}`);
    }
    const name = `vault-${component}`;
    this.labels = {
      "app.kubernetes.io/name": name,
      "app.kubernetes.io/component": component,
      "app.kubernetes.io/part-of": "vault-platform",
      "app.kubernetes.io/managed-by": "terraform",
      [COMPONENT_LABEL]: component,
    };
    const metadata = { namespace: vault.namespace, labels: this.labels };
    claimObject(this, "ServiceAccount", { namespace: vault.namespace, name: props.serviceAccountName });
    claimObject(this, "ConfigMap", { namespace: vault.namespace, name: `${name}-scripts` });
    const serviceAccount = new ServiceAccountV1(this, "ServiceAccount", {
      metadata: {
        ...metadata,
        name: props.serviceAccountName,
        annotations: props.roleArn ? { "eks.amazonaws.com/role-arn": props.roleArn } : undefined,
      },
      automountServiceAccountToken: false,
    });
    const scripts = new ConfigMapV1(this, "Scripts", {
      metadata: { ...metadata, name: `${name}-scripts` },
      data: this.files(),
    });
    const containers = props.steps.map((step) => this.container(step));
    this.template = {
      metadata: { labels: this.labels },
      spec: {
        serviceAccountName: serviceAccount.metadata.name,
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        // A failed pod stays, so its log stays readable.
        restartPolicy: "Never",
        imagePullSecrets: secretReferences(props.imagePullSecrets),
        terminationGracePeriodSeconds: props.gracePeriodSeconds ?? 30,
        securityContext: {
          runAsNonRoot: true,
          runAsUser: "100",
          runAsGroup: "1000",
          fsGroup: "1000",
          seccompProfile: { type: "RuntimeDefault" },
        },
        initContainer: containers.slice(0, -1),
        container: containers.slice(-1),
        volume: this.volumes(scripts.metadata.name),
      },
    };
  }

  /** Names of the steps in order. */
  get stepNames(): string[] {
    return this.props.steps.map(({ name }) => name);
  }

  /** Eight hexadecimal digits that change with the files, steps and settings of the pod. */
  get fingerprint(): string {
    const { steps, imagePullSecrets, proxy } = this.props;
    return digest(this, {
      ...{ files: this.files(), steps, timeout: this.timeout.toSeconds() },
      // Omitted if not set, so that existing jobs keep their names.
      ...(imagePullSecrets?.length && { imagePullSecrets }),
      ...(proxy && { proxy: proxy.environment() }),
    });
  }

  private files(): Record<string, string> {
    const { steps, files = [], texts = {} } = this.props;
    const names = new Set(["common.sh", ...files, ...steps.map(({ script }) => script)]);
    const read = [...names].map((file) => [file, readFileSync(join(__dirname, "scripts", file), "utf8")]);
    const all = [...read, ...Object.entries(texts)].sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(all.map(([file, text]) => [file, literal(text)]));
  }

  private container(step: JobStep) {
    requirePinnedImage(this, "image", step.image);
    const { vault, region, proxy, volumes = [] } = this.props;
    const environment: Record<string, string> = {
      WORK_DIR: "/work",
      HOME: "/tmp",
      // The scripts stop with a message before Kubernetes terminates the pod.
      TIMEOUT_SECONDS: String(this.timeout.toSeconds() - 60),
      ...(step.vaultAccess && {
        VAULT_ADDR: vault.activeAddress,
        VAULT_CACERT: `/vault/ca/${vault.caBundle.key}`,
        ...(vault.clientCertificateSecret && {
          VAULT_CLIENT_CERT: "/vault/client/tls.crt",
          VAULT_CLIENT_KEY: "/vault/client/tls.key",
        }),
      }),
      ...(region && {
        AWS_REGION: region,
        AWS_DEFAULT_REGION: region,
        AWS_STS_REGIONAL_ENDPOINTS: "regional",
        // Without it, the aws command would silently fall back to the node's role if the role cannot be assumed.
        AWS_EC2_METADATA_DISABLED: "true",
      }),
      // Pods with a region call AWS. The others call only names in the cluster.
      ...(region && proxy?.environment()),
      ...step.environment,
    };
    const readOnly = (name: string, mountPath: string) => ({ name, mountPath, readOnly: true });
    return {
      name: step.name,
      image: step.image,
      command: ["sh", `/scripts/${step.script}`],
      env: Object.entries(environment).map(([name, value]) => ({ name, value: literal(value) })),
      resources: renderResources(this, step.resources ?? DEFAULT_RESOURCES),
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        runAsNonRoot: true,
        capabilities: { drop: ["ALL"] },
      },
      terminationMessagePolicy: "FallbackToLogsOnError",
      volumeMount: [
        readOnly("scripts", "/scripts"),
        { name: "work", mountPath: "/work" },
        { name: "tmp", mountPath: "/tmp" },
        ...(step.vaultAccess
          ? [
              readOnly("vault-ca", "/vault/ca"),
              readOnly("vault-token", "/var/run/secrets/vault"),
              ...(vault.clientCertificateSecret ? [readOnly("vault-client", "/vault/client")] : []),
            ]
          : []),
        ...(step.kubernetesAccess ? [readOnly("kubernetes-token", KUBERNETES_TOKEN_FOLDER)] : []),
        ...volumes.map(({ name, mountPath }) => ({ name, mountPath })),
      ],
    };
  }

  private volumes(scripts: string) {
    const { steps, vault, volumes = [] } = this.props;
    const memory = (name: string) => ({ name, emptyDir: { medium: "Memory", sizeLimit: "16Mi" } });
    const projected = (name: string, sources: object[]) => ({
      name,
      projected: [{ defaultMode: "0440", sources }],
    });
    const token = (audience?: string) => ({
      serviceAccountToken: { path: "token", expirationSeconds: 600, audience },
    });
    return [
      { name: "scripts", configMap: { name: scripts, defaultMode: "0444" } },
      memory("work"),
      // The aws command caches its credentials below HOME.
      memory("tmp"),
      ...(steps.some(({ vaultAccess }) => vaultAccess)
        ? [
            { name: "vault-ca", configMap: { name: vault.caBundle.configMapName, defaultMode: "0444" } },
            ...(vault.clientCertificateSecret
              ? [
                  {
                    name: "vault-client",
                    secret: { secretName: vault.clientCertificateSecret, defaultMode: "0440" },
                  },
                ]
              : []),
            projected("vault-token", [token(bootstrapNames.audience)]),
          ]
        : []),
      ...(steps.some(({ kubernetesAccess }) => kubernetesAccess)
        ? [
            projected("kubernetes-token", [
              token(),
              { configMap: [{ name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] }] },
              {
                downwardApi: {
                  items: [{ path: "namespace", fieldRef: { fieldPath: "metadata.namespace" } }],
                },
              },
            ]),
          ]
        : []),
      ...volumes.map(({ name, size }) => ({ name, emptyDir: { sizeLimit: size.toString() } })),
    ];
  }
}

/**
 * Eight hexadecimal digits that change with the inputs. For a token, they change with the reference, not with the
 * value.
 */
export function digest(scope: Construct, inputs: unknown): string {
  const text = Tokenization.resolve(JSON.stringify(inputs), {
    scope,
    resolver: new DefaultTokenResolver(new StringConcat()),
    preparing: false,
  });
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}
