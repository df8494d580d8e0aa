import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { programPath } from "../../support/needs";
import { freePort, stop, until } from "./processes";

type Body = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

export interface Answer {
  readonly status: number;
  readonly body: Body;
}

/** A Vault in its development mode, in memory and without a KV engine of its own. */
export class VaultServer {
  /** @param program vault, or one with the same API and namespaces */
  static async start(program: "vault" | "bao" = "vault"): Promise<VaultServer> {
    const folder = mkdtempSync(join(tmpdir(), "vault-"));
    const port = await freePort();
    const child = spawn(
      programPath(program),
      ["server", "-dev", "-dev-no-store-token", "-dev-root-token-id=root"].concat(
        `-dev-listen-address=127.0.0.1:${port}`,
        program === "vault" ? "-dev-no-kv" : [],
      ),
      { env: { PATH: process.env.PATH, HOME: folder, SKIP_SETCAP: "1" }, stdio: "ignore" },
    );
    const server = new VaultServer(folder, `http://127.0.0.1:${port}`, child);
    await until(async () => {
      const { status } = await server.call("GET", "sys/health");
      if (status !== 200) throw new Error(`Vault is not ready: ${status}`);
    });
    return server;
  }

  readonly rootToken = "root";

  private constructor(
    readonly folder: string,
    readonly address: string,
    private readonly child: ChildProcess,
  ) {}

  async call(method: string, path: string, body?: object, token = this.rootToken): Promise<Answer> {
    const answer = await fetch(`${this.address}/v1/${path}`, {
      method,
      headers: { "X-Vault-Token": token, "X-Vault-Request": "true" },
      body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    return { status: answer.status, body: text ? JSON.parse(text) : {} };
  }

  /** Data at a path, as root. */
  async read(path: string): Promise<Body> {
    const { status, body } = await this.call("GET", path);
    if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`);
    return body.data ?? body;
  }

  /** Writes as root, which must work. */
  async write(path: string, body: object = {}): Promise<Body> {
    const { status, body: answer } = await this.call("POST", path, body);
    if (status >= 300) throw new Error(`${path}: ${status} ${JSON.stringify(answer)}`);
    return answer;
  }

  /** What a token may do on paths, as Vault says it. */
  async capabilities(token: string, paths: readonly string[]): Promise<Record<string, string[]>> {
    const { data } = await this.write("sys/capabilities", { token, paths });
    return Object.fromEntries(paths.map((path) => [path, data[path]]));
  }

  async stop(): Promise<void> {
    await stop(this.child, "SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }
}
