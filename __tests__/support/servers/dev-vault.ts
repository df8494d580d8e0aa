import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { programPath } from "../needs";
import { freePort, stop, until } from "./processes";

type Body = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

export interface Answer {
  readonly status: number;
  readonly body: Body;
}

export interface DevVaultProps {
  /** Vault, or a program with the same API and namespaces. @default vault */
  readonly program?: "vault" | "bao";
  /** Whether there is a KV engine at `secret`, as `vault server -dev` has it. @default false */
  readonly hasSecrets?: boolean;
}

/** Vault in its development mode, in memory. */
export class DevVault {
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

  async call(method: string, path: string, body?: object, token = this.rootToken): Promise<Answer> {
    const answer = await fetch(`${this.address}/v1/${path}`, {
      method,
      headers: { "X-Vault-Token": token, "X-Vault-Request": "true" },
      body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    return { status: answer.status, body: text ? JSON.parse(text) : {} };
  }

  /** As `call`, for what has to work. */
  async done(method: string, path: string, body?: object): Promise<Body> {
    const { status, body: answer } = await this.call(method, path, body);
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(answer)}`);
    return answer;
  }

  /** Data at a path, as root. */
  async read(path: string): Promise<Body> {
    const body = await this.done("GET", path);
    return body.data ?? body;
  }

  /** Writes as root, which must work. */
  write(path: string, body: object = {}): Promise<Body> {
    return this.done("POST", path, body);
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
