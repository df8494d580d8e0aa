import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { programPath } from "../needs";
import { freePort, stop, until } from "./processes";

type Body = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

/** Response of Vault. */
export interface Answer {
  readonly status: number;
  readonly body: Body;
}

/** Options of a development server. */
export interface DevVaultProps {
  /** Server program: Vault, or OpenBao with the same API and namespaces. @default vault */
  readonly program?: "vault" | "bao";
  /** Enables the KV secrets engine at `secret` that `vault server -dev` creates. @default false */
  readonly hasSecrets?: boolean;
}

/** Vault server in development mode, with storage in memory. */
export class DevVault {
  /** Starts a server and waits until it is ready. */
  static async start({ program = "vault", hasSecrets = false }: DevVaultProps = {}): Promise<DevVault> {
    const folder = mkdtempSync(join(tmpdir(), "vault-"));
    const port = await freePort();
    const token = randomUUID();
    const child = spawn(
      programPath(program),
      ["server", "-dev", "-dev-no-store-token", `-dev-root-token-id=${token}`].concat(
        `-dev-listen-address=127.0.0.1:${port}`,
        program === "vault" && !hasSecrets ? "-dev-no-kv" : [],
      ),
      { env: { PATH: process.env.PATH, HOME: folder, SKIP_SETCAP: "1" }, stdio: "ignore" },
    );
    const server = new DevVault(folder, `http://127.0.0.1:${port}`, token, child);
    await until(async () => {
      const { status } = await server.call("GET", "sys/mounts");
      if (status !== 200) throw new Error(`Vault is not ready: ${status}`);
    });
    return server;
  }

  private constructor(
    readonly folder: string,
    readonly address: string,
    readonly rootToken: string,
    private readonly child: ChildProcess,
  ) {}

  /** Sends a request and returns the response, including errors. */
  async call(method: string, path: string, body?: object, token = this.rootToken): Promise<Answer> {
    const answer = await fetch(`${this.address}/v1/${path}`, {
      method,
      headers: { "X-Vault-Token": token, "X-Vault-Request": "true" },
      body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    return { status: answer.status, body: text ? JSON.parse(text) : {} };
  }

  /** Sends a request. @throws Error unless it succeeds */
  async done(method: string, path: string, body?: object): Promise<Body> {
    const { status, body: answer } = await this.call(method, path, body);
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(answer)}`);
    return answer;
  }

  /** Reads the data at a path as root. */
  async read(path: string): Promise<Body> {
    const body = await this.done("GET", path);
    return body.data ?? body;
  }

  /** Writes as root. @throws Error unless it succeeds */
  write(path: string, body: object = {}): Promise<Body> {
    return this.done("POST", path, body);
  }

  /** Capabilities of a token on each path, as Vault reports them. */
  async capabilities(token: string, paths: readonly string[]): Promise<Record<string, string[]>> {
    const { data } = await this.write("sys/capabilities", { token, paths });
    return Object.fromEntries(paths.map((path) => [path, data[path]]));
  }

  /** Ends the server and deletes its folder. */
  async stop(): Promise<void> {
    await stop(this.child, "SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }
}
