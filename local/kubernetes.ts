import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bootstrapNames } from "../constructs/jobs/bootstrap-names";
import { caFile, certificateFiles, serviceAccountKeys } from "./certificates";
import { httpRequest } from "./http";
import type { Part } from "./part";
import { places } from "./places";
import { UserError } from "../constructs/core/user-error";

const folder = join(places.run, "kubernetes");

/** Who signs the tokens of ServiceAccounts. */
export const SERVICE_ACCOUNT_ISSUER = "https://kubernetes.default.svc.cluster.local";

/** The key-value store of the Kubernetes API, which alone has a certificate that it accepts. */
export function etcdPart(program: string, port: number): Part {
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

/** The Kubernetes API, with nothing behind it that would run a pod. */
export function apiServerPart(program: string, ports: { kubernetes: number; etcd: number }): Part {
  const { cert, key } = certificateFiles("kube-apiserver");
  const client = certificateFiles("etcd-client");
  const address = `https://127.0.0.1:${ports.kubernetes}`;
  return {
    name: "kube-apiserver",
    program,
    args: [
      "--bind-address=127.0.0.1",
      `--secure-port=${ports.kubernetes}`,
      // Nobody follows the kubernetes Service here, and a loopback address is refused as its endpoint.
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
      // Outside a pod Vault has no token of its own: the token that logs in asks for its own review.
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

/** Writes the administrator's kubeconfig, which names the files and holds no key itself. */
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

export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  /** The rest, as the kind has it. */
  readonly [field: string]: unknown;
}

/** The Kubernetes API as its administrator. */
export class KubernetesApi {
  constructor(private readonly server: string) {}

  /** The API of the cluster that the kubeconfig names. */
  static fromKubeconfig(): KubernetesApi {
    const config = JSON.parse(readFileSync(places.kubeconfig, "utf8"));
    return new KubernetesApi(config.clusters[0].cluster.server);
  }

  /**
   * Makes an object, or brings an existing one to what is asked.
   * @param plural - name of its kind in the API, such as `serviceaccounts`
   */
  async apply(object: KubernetesObject, plural: string): Promise<void> {
    const { apiVersion, metadata } = object;
    const group = apiVersion.includes("/") ? `apis/${apiVersion}` : `api/${apiVersion}`;
    const namespace = metadata.namespace ? `/namespaces/${metadata.namespace}` : "";
    const path = `/${group}${namespace}/${plural}/${metadata.name}?fieldManager=local-platform&force=true`;
    await this.request("PATCH", path, object, "application/apply-patch+yaml");
  }

  /** A token of a ServiceAccount, as a projected volume would hold it. */
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
