import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { places } from "../../../local/places";
import { freePort, stop, until } from "./processes";

const PROGRAMS = ["etcd", "kube-apiserver", "kube-controller-manager"] as const;
const ADMIN_TOKEN = "admin";

/** Message if the local platform has not built the programs of a control plane yet; undefined if it has. */
export function missingControlPlane(): string | undefined {
  const missing = PROGRAMS.filter((program) => builtProgram(program) === undefined);
  if (missing.length === 0) return undefined;
  return `${missing.join(", ")} of the local platform; npm run local and npm run cluster build them`;
}

function builtProgram(name: string): string | undefined {
  if (!existsSync(places.cache)) return undefined;
  return readdirSync(places.cache)
    .filter((folder) => folder.startsWith(`${name}-`))
    .map((folder) => join(places.cache, folder, name))
    .find((path) => existsSync(path));
}

/** Kubernetes API with RBAC, without nodes, for the duration of a test. Of the controllers, only aggregation runs. */
export class KubernetesApi {
  /** Starts etcd, the API server and the controller that aggregates ClusterRoles. */
  static async start(): Promise<KubernetesApi> {
    const folder = mkdtempSync(join(tmpdir(), "kubernetes-api-"));
    const [clients, peers, port] = [await freePort(), await freePort(), await freePort()];
    const api = new KubernetesApi(folder, port);
    const etcd = `http://127.0.0.1:${clients}`;
    api.run("etcd", [
      `--data-dir=${join(folder, "etcd")}`,
      `--listen-client-urls=${etcd}`,
      `--advertise-client-urls=${etcd}`,
      `--listen-peer-urls=http://127.0.0.1:${peers}`,
      "--unsafe-no-fsync",
    ]);
    writeFileSync(join(folder, "tokens.csv"), `${ADMIN_TOKEN},admin,admin,system:masters\n`, { mode: 0o600 });
    const key = join(folder, "apiserver.key");
    api.run("kube-apiserver", [
      "--bind-address=127.0.0.1",
      `--secure-port=${port}`,
      "--endpoint-reconciler-type=none",
      "--service-cluster-ip-range=10.96.0.0/16",
      `--cert-dir=${folder}`,
      `--etcd-servers=${etcd}`,
      "--authorization-mode=RBAC",
      `--token-auth-file=${join(folder, "tokens.csv")}`,
      "--service-account-issuer=https://kubernetes.default.svc",
      `--service-account-signing-key-file=${key}`,
      `--service-account-key-file=${key}`,
      "--profiling=false",
    ]);
    await until(() => api.send("GET", "/readyz"));
    const kubeconfig = join(folder, "kubeconfig");
    writeFileSync(kubeconfig, JSON.stringify(api.kubeconfig()), { mode: 0o600 });
    api.run("kube-controller-manager", [
      `--kubeconfig=${kubeconfig}`,
      "--controllers=clusterrole-aggregation-controller",
      "--leader-elect=false",
      "--secure-port=0",
    ]);
    return api;
  }

  private readonly children: ChildProcess[] = [];
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 16 });

  private constructor(
    private readonly folder: string,
    private readonly port: number,
  ) {}

  /** Sends a request as an administrator. @throws Error if the API refuses it */
  send(method: string, path: string, body?: object): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          agent: this.agent,
          host: "127.0.0.1",
          port: this.port,
          method,
          path,
          ca: this.certificate,
          headers: { Authorization: `Bearer ${ADMIN_TOKEN}`, "Content-Type": "application/json" },
        },
        (answer) => {
          let text = "";
          answer.setEncoding("utf8");
          answer.on("data", (chunk: string) => (text += chunk));
          answer.on("end", () => {
            if ((answer.statusCode ?? 500) >= 300) reject(new Error(`${method} ${path}: ${text}`));
            else resolve(text.startsWith("{") ? JSON.parse(text) : text);
          });
        },
      );
      sent.on("error", reject);
      sent.end(body && JSON.stringify(body));
    });
  }

  /** Ends the programs and deletes their data. */
  async stop(): Promise<void> {
    this.agent.destroy();
    await Promise.all(this.children.map((child) => stop(child, "SIGKILL")));
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Certificate that the API server creates for itself at its start. */
  private get certificate(): string | undefined {
    const path = join(this.folder, "apiserver.crt");
    return existsSync(path) ? readFileSync(path, "utf8") : undefined;
  }

  private run(program: string, args: readonly string[]): void {
    this.children.push(spawn(builtProgram(program)!, args, { stdio: "ignore" }));
  }

  private kubeconfig(): object {
    return {
      apiVersion: "v1",
      kind: "Config",
      clusters: [
        {
          name: "test",
          cluster: {
            server: `https://127.0.0.1:${this.port}`,
            "certificate-authority": join(this.folder, "apiserver.crt"),
          },
        },
      ],
      users: [{ name: "admin", user: { token: ADMIN_TOKEN } }],
      contexts: [{ name: "test", context: { cluster: "test", user: "admin" } }],
      "current-context": "test",
    };
  }
}
