import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bootstrapNames } from "../constructs/jobs/bootstrap-names";
import { caFile, certificateFiles, serviceAccountKeys } from "./certificates";
import { httpRequest } from "./http";
import type { ManagedProcess } from "./managed-process";
import { places } from "./places";
import { UserError } from "../constructs/core/user-error";

const folder = join(places.run, "kubernetes");

/** Issuer of the tokens of ServiceAccounts. */
export const SERVICE_ACCOUNT_ISSUER = "https://kubernetes.default.svc.cluster.local";

/** etcd, the key-value store of the Kubernetes API. It accepts only the API server's client certificate. */
export function etcdPart(program: string, port: number): ManagedProcess {
  const data = join(folder, "etcd");
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const { cert, key } = certificateFiles("etcd");
  const client = certificateFiles("etcd-client");
  const address = `https://127.0.0.1:${port}`;
  const peers = `https://127.0.0.1:${port + 1}`;
  return {
    name: "etcd",
    program,
    args: [
      "--name=local",
      `--data-dir=${data}`,
      `--listen-client-urls=${address}`,
      `--advertise-client-urls=${address}`,
      `--listen-peer-urls=${peers}`,
      `--initial-advertise-peer-urls=${peers}`,
      `--initial-cluster=local=${peers}`,
      `--trusted-ca-file=${caFile}`,
      `--cert-file=${cert}`,
      `--key-file=${key}`,
      "--client-cert-auth=true",
      `--peer-trusted-ca-file=${caFile}`,
      `--peer-cert-file=${cert}`,
      `--peer-key-file=${key}`,
      "--peer-client-cert-auth=true",
      "--log-level=warn",
    ],
    env: {},
    logFile: join(folder, "etcd.log"),
    address,
    check: { kind: "http", url: `${address}/health`, tls: { ca: caFile, ...client }, well: { 200: "ready" } },
  };
}

/** The Kubernetes API server, without nodes that could run a pod. */
export function apiServerPart(program: string, ports: { kubernetes: number; etcd: number }): ManagedProcess {
  const { cert, key } = certificateFiles("kube-apiserver");
  const client = certificateFiles("etcd-client");
  const address = `https://127.0.0.1:${ports.kubernetes}`;
  return {
    name: "kube-apiserver",
    program,
    args: [
      "--bind-address=127.0.0.1",
      `--secure-port=${ports.kubernetes}`,
      // Nothing uses the kubernetes Service here, and a loopback address is not allowed as its endpoint.
      "--advertise-address=127.0.0.1",
      "--endpoint-reconciler-type=none",
      "--service-cluster-ip-range=10.96.0.0/16",
      `--tls-cert-file=${cert}`,
      `--tls-private-key-file=${key}`,
      "--tls-min-version=VersionTLS13",
      `--client-ca-file=${caFile}`,
      `--etcd-servers=https://127.0.0.1:${ports.etcd}`,
      `--etcd-cafile=${caFile}`,
      `--etcd-certfile=${client.cert}`,
      `--etcd-keyfile=${client.key}`,
      "--authorization-mode=Node,RBAC",
      `--service-account-issuer=${SERVICE_ACCOUNT_ISSUER}`,
      `--service-account-signing-key-file=${serviceAccountKeys.private}`,
      `--service-account-key-file=${serviceAccountKeys.public}`,
      // Outside a pod Vault has no ServiceAccount token: the token that logs in requests its own review.
      `--api-audiences=${SERVICE_ACCOUNT_ISSUER},${bootstrapNames.audience}`,
      "--profiling=false",
    ],
    env: {},
    logFile: join(folder, "kube-apiserver.log"),
    address,
    check: {
      kind: "http",
      url: `${address}/readyz`,
      tls: { ca: caFile, ...certificateFiles("kubernetes-admin") },
      well: { 200: "ready" },
    },
    startSeconds: 120,
  };
}

/** Writes the administrator's kubeconfig, which refers to the key file and contains no key. */
export function writeKubeconfig(server: string): void {
  const { cert, key } = certificateFiles("kubernetes-admin");
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "local", cluster: { server, "certificate-authority": caFile } }],
    users: [{ name: "admin", user: { "client-certificate": cert, "client-key": key } }],
    contexts: [{ name: "local", context: { cluster: "local", user: "admin" } }],
    "current-context": "local",
  };
  writeFileSync(places.kubeconfig, `${JSON.stringify(config, undefined, 2)}\n`, { mode: 0o600 });
}

/** A Kubernetes object. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  /** Other fields of the kind. */
  readonly [field: string]: unknown;
}

/** Client of the Kubernetes API with administrator permissions. */
export class KubernetesApi {
  constructor(private readonly server: string) {}

  /** Client of the cluster in the kubeconfig. */
  static fromKubeconfig(): KubernetesApi {
    const config = JSON.parse(readFileSync(places.kubeconfig, "utf8"));
    return new KubernetesApi(config.clusters[0].cluster.server);
  }

  /**
   * Creates an object, or updates an existing one.
   * @param plural - plural name of the kind in the API, such as `serviceaccounts`
   */
  async apply(object: KubernetesObject, plural: string): Promise<void> {
    const { apiVersion, metadata } = object;
    const group = apiVersion.includes("/") ? `apis/${apiVersion}` : `api/${apiVersion}`;
    const namespace = metadata.namespace ? `/namespaces/${metadata.namespace}` : "";
    const path = `/${group}${namespace}/${plural}/${metadata.name}?fieldManager=local-platform&force=true`;
    await this.request("PATCH", path, object, "application/apply-patch+yaml");
  }

  /** Requests a token of a ServiceAccount, like that of a projected volume. */
  async serviceAccountToken(
    namespace: string,
    name: string,
    { audience, seconds }: { audience: string; seconds: number },
  ): Promise<string> {
    const answer = await this.request(
      "POST",
      `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`,
      { spec: { audiences: [audience], expirationSeconds: seconds } },
    );
    return (answer as { status: { token: string } }).status.token;
  }

  /** Sends a request. @throws UserError when the API refuses it */
  async request(
    method: string,
    path: string,
    body?: unknown,
    contentType = "application/json",
  ): Promise<unknown> {
    const { status, text } = await httpRequest(`${this.server}${path}`, {
      method,
      body,
      headers: { "Content-Type": contentType },
      tls: { ca: caFile, ...certificateFiles("kubernetes-admin") },
      timeoutMs: 30_000,
    });
    if (status >= 300)
      throw new UserError(`The Kubernetes API refused ${method} ${path} with ${status}: ${text}`);
    return JSON.parse(text);
  }
}
