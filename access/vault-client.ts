import { readFileSync } from "node:fs";
import * as http from "node:http";
import * as https from "node:https";
import { received } from "../constructs/core/received";
import { UserError } from "../constructs/core/user-error";

const TIMEOUT_MS = 30_000;

/**
 * Client of Vault with the login of this process's environment. The token is sent in one header and used nowhere else.
 */
export class VaultClient {
  /**
   * Reads VAULT_ADDR, VAULT_TOKEN, VAULT_CACERT, VAULT_TLS_SERVER_NAME and VAULT_NAMESPACE, as the vault program does.
   * @throws UserError if a variable is missing, and for an address without TLS that is not on this machine
   */
  static fromEnvironment(env: NodeJS.ProcessEnv): VaultClient {
    const { VAULT_ADDR: address, VAULT_TOKEN: token } = env;
    if (!address || !token) {
      const missing = [!address && "VAULT_ADDR", !token && "VAULT_TOKEN"].filter(Boolean).join(" and ");
      throw new UserError(
        `access unmanaged requires a login to Vault: ${missing} missing in the environment; exec --help explains how to log in.`,
      );
    }
    let url: URL;
    try {
      url = new URL(address);
    } catch {
      throw new UserError(
        `VAULT_ADDR must be a URL such as https://vault.example.com:8200, got ${received(address)}`,
      );
    }
    const isHere = ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
    if (url.protocol !== "https:" && !(url.protocol === "http:" && isHere)) {
      throw new UserError(
        `VAULT_ADDR must begin with https://, because the token goes there, got ${received(address)}`,
      );
    }
    const { VAULT_CACERT: ca, VAULT_TLS_SERVER_NAME: servername, VAULT_NAMESPACE: namespace = "" } = env;
    const agent =
      url.protocol === "https:"
        ? new https.Agent({ keepAlive: true, ca: ca ? readFileSync(ca) : undefined, servername })
        : new http.Agent({ keepAlive: true });
    return new VaultClient(url, token, agent, namespace);
  }

  private constructor(
    private readonly address: URL,
    private readonly token: string,
    private readonly agent: http.Agent,
    private readonly namespace: string,
  ) {}

  /** Client with the same login in a namespace of Vault Enterprise. @param namespace path from the root namespace */
  within(namespace: string): VaultClient {
    return new VaultClient(this.address, this.token, this.agent, namespace);
  }

  /**
   * Reads a path.
   * @returns data of the response; undefined if there is nothing at the path
   * @throws Denied if the login may not read the path
   */
  async read(path: string): Promise<Readonly<Record<string, unknown>> | undefined> {
    return this.call(path);
  }

  /** Names in a folder. Subfolders are listed without their slash. */
  async list(path: string): Promise<string[]> {
    const data = await this.call(`${path}?list=true`);
    return ((data?.keys ?? []) as string[]).map((name) => name.replace(/\/$/, ""));
  }

  /**
   * Writes to a path.
   * @returns data of the response; undefined if there is none
   * @throws Denied if the login may not write to the path
   */
  async write(path: string, body: object): Promise<Readonly<Record<string, unknown>> | undefined> {
    return this.call(path, body);
  }

  /** Closes the connections. */
  close(): void {
    this.agent.destroy();
  }

  private call(path: string, body?: object): Promise<Readonly<Record<string, unknown>> | undefined> {
    const options = {
      method: body ? "POST" : "GET",
      agent: this.agent,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        "X-Vault-Token": this.token,
        "X-Vault-Request": "true",
        ...(this.namespace && { "X-Vault-Namespace": this.namespace }),
      },
    };
    const url = new URL(`/v1/${path}`, this.address);
    return new Promise((resolve, reject) => {
      const fail = (why: string) =>
        reject(new UserError(`Vault at ${this.address.origin} did not answer ${path}: ${why}`));
      const sent = (url.protocol === "https:" ? https : http).request(url, options, (answer) => {
        let text = "";
        answer.setEncoding("utf8");
        answer.on("data", (chunk: string) => (text += chunk));
        answer.on("error", ({ message }) => fail(message));
        answer.on("end", () => {
          const status = answer.statusCode ?? 0;
          if (status === 404) resolve(undefined);
          else if (status === 403) reject(new Denied(path));
          else if (status >= 300) fail(`status ${status}`);
          else resolve(dataOf(text));
        });
      });
      sent.on("error", ({ message }) => fail(message));
      sent.end(body && JSON.stringify(body));
    });
  }
}

/** Error for a path to which the login has no access. */
export class Denied extends Error {
  constructor(readonly path: string) {
    super(`permission denied on ${path}`);
  }
}

function dataOf(text: string): Readonly<Record<string, unknown>> | undefined {
  return text === ""
    ? undefined
    : ((JSON.parse(text) as { data?: Record<string, unknown> }).data ?? undefined);
}
