import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { Agent, request } from "node:http";
import { createServer } from "node:net";
import { programPath } from "../../../support/needs";

export interface Answer {
  readonly status: number;
  readonly body: any; // eslint-disable-line @typescript-eslint/no-explicit-any
}

/** A Vault of its own in memory, on a free port of this machine. */
export class DevVault {
  private readonly agent = new Agent({ keepAlive: true });

  private constructor(
    private readonly process: ChildProcess,
    readonly port: number,
    readonly token: string,
  ) {}

  get address(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  static async start(): Promise<DevVault> {
    const port = await freePort();
    const token = randomUUID();
    const args = [
      "server",
      "-dev",
      `-dev-listen-address=127.0.0.1:${port}`,
      "-dev-no-store-token",
      "-log-level=error",
    ];
    const child = spawn(programPath("vault"), args, {
      env: { PATH: process.env.PATH, HOME: process.env.HOME, VAULT_DEV_ROOT_TOKEN_ID: token },
      stdio: "ignore",
    });
    const vault = new DevVault(child, port, token);
    for (let attempt = 0; attempt < 300; attempt++) {
      if (child.exitCode !== null) throw new Error(`vault ended with ${child.exitCode}`);
      const ready = await vault.call("GET", "sys/mounts").catch(() => undefined);
      if (ready?.status === 200) return vault;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await vault.stop();
    throw new Error("vault did not come up within 15 seconds");
  }

  async call(method: string, path: string, body?: unknown): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const headers = { "X-Vault-Token": this.token, "X-Vault-Request": "true" };
      const url = `${this.address}/v1/${path}`;
      const outgoing = request(url, { method, headers, agent: this.agent }, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("error", reject);
        incoming.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          resolve({ status: incoming.statusCode!, body: text ? JSON.parse(text) : undefined });
        });
      });
      outgoing.on("error", reject);
      outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  /** As `call`, for what has to work. */
  async done(method: string, path: string, body?: unknown): Promise<Answer["body"]> {
    const answer = await this.call(method, path, body);
    if (answer.status >= 300)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  async stop(): Promise<void> {
    this.agent.destroy();
    if (this.process.exitCode !== null) return;
    const ended = once(this.process, "exit");
    this.process.kill("SIGTERM");
    await ended;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}
