import { type ChildProcess, spawn } from "node:child_process";
import { request } from "node:https";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { renderServerConfiguration } from "../../../constructs/server/server-configuration";
import { serverNames } from "../../../constructs/server/tls";
import { freePort, stop, until } from "./processes";
import { type Pem, selfSignedCertificate } from "../certificate";
import { programPath } from "../needs";

type Body = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

export interface Answer {
  readonly status: number;
  readonly body: Body;
}

/**
 * One server with the configuration that the pods have: Raft, TLS, a listener for metrics. It starts sealed and not
 * initialised; its key is one share.
 */
export class RaftVault {
  /** @param name what the process is called, for those who look for it by name */
  static async start(name = "vault"): Promise<RaftVault> {
    const folder = mkdtempSync(join(tmpdir(), "raft-vault-"));
    for (const name of ["data", "audit"]) mkdirSync(join(folder, name));
    const { cert, key } = await certificate();
    writeFileSync(join(folder, "tls.crt"), cert);
    writeFileSync(join(folder, "tls.key"), key);
    const [api, cluster, metrics] = [await freePort(), await freePort(), await freePort()];
    const configuration = renderServerConfiguration({
      clusterName: "vault",
      certificate: {
        certFile: join(folder, "tls.crt"),
        keyFile: join(folder, "tls.key"),
        caFile: join(folder, "tls.crt"),
      },
      tlsMinVersion: "1.3",
      mutualTls: false,
      joinAddresses: [],
      dataPath: join(folder, "data"),
      listen: { api: `127.0.0.1:${api}`, cluster: `127.0.0.1:${cluster}`, metrics: `127.0.0.1:${metrics}` },
      kubernetesRegistration: false,
      extra: [
        ["api_addr", `https://127.0.0.1:${api}`],
        ["cluster_addr", `https://127.0.0.1:${cluster}`],
      ],
    });
    writeFileSync(
      join(folder, "vault.hcl"),
      // Tokens are counted every ten minutes otherwise.
      configuration.replace("prometheus_retention_time", 'usage_gauge_period = "2s"\n  $&'),
    );
    const program = join(folder, name);
    symlinkSync(programPath("vault"), program);
    const child = spawn(program, ["server", `-config=${join(folder, "vault.hcl")}`], {
      env: { PATH: process.env.PATH, HOME: folder, SKIP_SETCAP: "1" },
      stdio: "ignore",
    });
    const vault = new RaftVault(folder, api, metrics, cert, child);
    await until(() => vault.scrape());
    return vault;
  }

  /** Of the holder of all shares and of root. */
  key = "";
  token = "";

  private constructor(
    readonly folder: string,
    private readonly apiPort: number,
    readonly metricsPort: number,
    readonly ca: string,
    private readonly child: ChildProcess,
  ) {}

  /** Environment of a `vault` command that acts as root. */
  get environment(): NodeJS.ProcessEnv {
    return {
      PATH: process.env.PATH,
      HOME: this.folder,
      VAULT_ADDR: `https://127.0.0.1:${this.apiPort}`,
      VAULT_CACERT: join(this.folder, "tls.crt"),
      VAULT_TOKEN: this.token,
    };
  }

  /** What Prometheus would read: by address, with the server's name, and without a token. */
  async scrape(): Promise<string> {
    const { status, text } = await this.ask(this.metricsPort, "GET", "sys/metrics?format=prometheus");
    if (status !== 200) throw new Error(`metrics: ${status} ${text}`);
    return text;
  }

  async initialise(): Promise<void> {
    const { body } = await this.call("PUT", "sys/init", { secret_shares: 1, secret_threshold: 1 });
    this.key = body.keys_base64[0];
    this.token = body.root_token;
    await this.unseal();
  }

  async unseal(): Promise<void> {
    await this.call("PUT", "sys/unseal", { key: this.key });
    await until(async () => {
      const { status } = await this.call("GET", "sys/health");
      if (status !== 200) throw new Error(`Vault is not active: ${status}`);
    });
  }

  async call(method: string, path: string, body?: object, token = this.token): Promise<Answer> {
    const { status, text } = await this.ask(this.apiPort, method, path, body, token);
    return { status, body: text ? JSON.parse(text) : {} };
  }

  /** As `call`, for what has to work. */
  async done(method: string, path: string, body?: object, token?: string): Promise<Body> {
    const answer = await this.call(method, path, body, token);
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  auditFile(name: string): string {
    return join(this.folder, "audit", `${name}.log`);
  }

  /** Has an audit file be on a full disk, or on one with room again. */
  async fill(name: string, full: boolean): Promise<void> {
    rmSync(this.auditFile(name));
    if (full) symlinkSync("/dev/full", this.auditFile(name));
    else writeFileSync(this.auditFile(name), "");
    this.reopenAudit();
    await new Promise((resolve) => setTimeout(resolve, 500));
  }

  /** Has it open its audit files anew. */
  reopenAudit(): void {
    this.child.kill("SIGHUP");
  }

  async stop(): Promise<void> {
    await stop(this.child, "SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }

  private ask(port: number, method: string, path: string, body?: object, token = "") {
    return new Promise<{ status: number; text: string }>((resolve, reject) => {
      const outgoing = request(
        {
          host: "127.0.0.1",
          port,
          servername: "vault.vault.svc",
          ca: this.ca,
          method,
          path: `/v1/${path}`,
          headers: { "X-Vault-Request": "true", ...(token && { "X-Vault-Token": token }) },
        },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
          incoming.on("error", reject);
          incoming.on("end", () =>
            resolve({ status: incoming.statusCode!, text: Buffer.concat(chunks).toString("utf8") }),
          );
        },
      );
      outgoing.on("error", reject);
      outgoing.end(body && JSON.stringify(body));
    });
  }
}

/** A certificate with the names that the pods' has; it signs itself. */
export function certificate(): Promise<Pem> {
  const { dnsNames, ipAddresses } = serverNames("vault", "vault");
  return selfSignedCertificate([
    ...dnsNames.map((value) => ({ type: "dns" as const, value })),
    ...ipAddresses.map((value) => ({ type: "ip" as const, value })),
  ]);
}
