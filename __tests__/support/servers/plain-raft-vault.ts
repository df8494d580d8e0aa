import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, stop, until } from "./processes";
import { programPath } from "../needs";

type Answer = any; // eslint-disable-line @typescript-eslint/no-explicit-any

/** Unsealed single-server Vault with Raft storage. Its storage can be listed, and its audit log is not hashed. */
export class RaftVault {
  /** Starts, initialises and unseals a server, and enables its audit device. */
  static async start(): Promise<RaftVault> {
    const folder = mkdtempSync(join(tmpdir(), "vault-raft-"));
    const [api, cluster] = [await freePort(), await freePort()];
    mkdirSync(join(folder, "data"));
    const configuration = {
      storage: { raft: { path: join(folder, "data"), node_id: "one", performance_multiplier: "1" } },
      listener: {
        tcp: { address: `127.0.0.1:${api}`, cluster_address: `127.0.0.1:${cluster}`, tls_disable: true },
      },
      api_addr: `http://127.0.0.1:${api}`,
      cluster_addr: `https://127.0.0.1:${cluster}`,
      disable_mlock: true,
      raw_storage_endpoint: true,
    };
    writeFileSync(join(folder, "server.json"), JSON.stringify(configuration));
    const child = spawn(programPath("vault"), ["server", `-config=${join(folder, "server.json")}`], {
      env: { PATH: process.env.PATH, HOME: folder, SKIP_SETCAP: "1" },
      stdio: "ignore",
    });
    const server = new RaftVault(folder, configuration.api_addr, child);
    const { keys, root_token } = await until(() =>
      server.request("PUT", "sys/init", { secret_shares: 1, secret_threshold: 1 }),
    );
    server.rootToken = root_token;
    await server.request("PUT", "sys/unseal", { key: keys[0] });
    await until(async () => {
      const { ha_enabled, is_self } = await server.request("GET", "sys/leader");
      if (!ha_enabled || !is_self) throw new Error("Vault has no leader yet");
    });
    await server.request("POST", "sys/audit/bootstrap-file", {
      type: "file",
      options: { file_path: server.auditFile, mode: "0600", log_raw: "true" },
    });
    return server;
  }

  rootToken = "";

  private constructor(
    readonly folder: string,
    readonly address: string,
    private readonly child: ChildProcess,
  ) {}

  private get auditFile(): string {
    return join(this.folder, "audit.log");
  }

  /** Sends a request as root and returns the response, including errors. */
  async call(method: string, path: string, body?: object): Promise<{ status: number; text: string }> {
    const answer = await fetch(`${this.address}/v1/${path}`, {
      method,
      headers: this.rootToken ? { "X-Vault-Token": this.rootToken } : {},
      body: body && JSON.stringify(body),
    });
    return { status: answer.status, text: await answer.text() };
  }

  /** Sends a request as root. @throws Error unless it succeeds */
  async request(method: string, path: string, body?: object): Promise<Answer> {
    const { status, text } = await this.call(method, path, body);
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text}`);
    return text ? JSON.parse(text) : {};
  }

  /** Audited requests that change something, as `operation path`. */
  writes(): string[] {
    return this.audited()
      .filter(
        ({ type, request }) =>
          type === "request" && ["create", "update", "delete"].includes(request.operation),
      )
      .map(({ request }) => `${request.operation} ${request.path}`);
  }

  /** All entries of the audit log. */
  audited(): Answer[] {
    if (!existsSync(this.auditFile)) return [];
    return readFileSync(this.auditFile, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
  }

  /** Ends the server and deletes its folder. */
  async stop(): Promise<void> {
    await stop(this.child, "SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }
}
