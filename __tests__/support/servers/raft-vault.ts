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

/** Response of Vault. */
export interface Answer {
  readonly status: number;
  readonly body: Body;
}

/**
 * Single server with the configuration of the pods: Raft, TLS, and a listener for metrics. It starts sealed and
 * uninitialised; the unseal key has one share.
 */
export class RaftVault {
  /** Starts a server. @param name process name, for programs that find the server by its name */
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
      // The default interval for counting tokens is ten minutes.
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

  /** Unseal key: the only share. */
  key = "";
  /** Root token, set by `initialise`. */
  token = "";

  private constructor(
    readonly folder: string,
    private readonly apiPort: number,
    readonly metricsPort: number,
    readonly ca: string,
    private readonly child: ChildProcess,
  ) {}

  /** Environment for `vault` commands, with the root token. */
  get environment(): NodeJS.ProcessEnv {
    return {
      PATH: process.env.PATH,
      HOME: this.folder,
      VAULT_ADDR: `https://127.0.0.1:${this.apiPort}`,
      VAULT_CACERT: join(this.folder, "tls.crt"),
      VAULT_TOKEN: this.token,
    };
  }

  /** Reads the metrics like Prometheus: by IP address, with the server's TLS name, without a token. */
  async scrape(): Promise<string> {
    const { status, text } = await this.ask(this.metricsPort, "GET", "sys/metrics?format=prometheus");
    if (status !== 200) throw new Error(`metrics: ${status} ${text}`);
    return text;
  }

  /** Initialises and unseals Vault. */
  async initialise(): Promise<void> {
    const { body } = await this.call("PUT", "sys/init", { secret_shares: 1, secret_threshold: 1 });
    this.key = body.keys_base64[0];
    this.token = body.root_token;
    await this.unseal();
  }

  /** Unseals Vault and waits until it is active. */
  async unseal(): Promise<void> {
    await this.call("PUT", "sys/unseal", { key: this.key });
    await until(async () => {
      const { status } = await this.call("GET", "sys/health");
      if (status !== 200) throw new Error(`Vault is not active: ${status}`);
    });
  }

  /** Sends a request and returns the response, including errors. */
  async call(method: string, path: string, body?: object, token = this.token): Promise<Answer> {
    const { status, text } = await this.ask(this.apiPort, method, path, body, token);
    return { status, body: text ? JSON.parse(text) : {} };
  }

  /** Sends a request. @throws Error unless it succeeds */
  async done(method: string, path: string, body?: object, token?: string): Promise<Body> {
    const answer = await this.call(method, path, body, token);
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** Path of the file of an audit device. */
  auditFile(name: string): string {
    return join(this.folder, "audit", `${name}.log`);
  }

  /** Moves an audit file to a full disk, or back to a disk with free space. */
  async fill(name: string, full: boolean): Promise<void> {
    rmSync(this.auditFile(name));
    if (full) symlinkSync("/dev/full", this.auditFile(name));
    else writeFileSync(this.auditFile(name), "");
    this.reopenAudit();
    await new Promise((resolve) => setTimeout(resolve, 500));
  }

  /** Makes Vault reopen its audit files, as log rotation does. */
  reopenAudit(): void {
    this.child.kill("SIGHUP");
  }

  /** Ends the server and deletes its folder. */
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

/** Self-signed certificate with the DNS names and IP addresses of the pods' certificate. */
export function certificate(): Promise<Pem> {
  const { dnsNames, ipAddresses } = serverNames("vault", "vault");
  return selfSignedCertificate([
    ...dnsNames.map((value) => ({ type: "dns" as const, value })),
    ...ipAddresses.map((value) => ({ type: "ip" as const, value })),
  ]);
}
