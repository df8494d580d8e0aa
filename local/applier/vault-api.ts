import { setTimeout as sleep } from "node:timers/promises";
import { type TlsFiles, httpRequest } from "../http";
import { UserError } from "../../constructs/core/user-error";
import type { Values } from "./program";

/** Temporary error of a key-value mount that was just created. */
const UPGRADING = "Upgrading from non-versioned to versioned data";
const UPGRADE_SECONDS = 15;

/** Properties of `VaultApi`. */
export interface VaultApiProps {
  readonly address: string;
  /** @default - none; the address uses HTTP */
  readonly tls?: TlsFiles;
  /** Token for the requests. @default - none until `logIn` obtains one */
  readonly token?: string;
  /** Values that messages must not contain, whatever Vault answers. */
  readonly secrets?: readonly string[];
}

interface Answer {
  readonly status: number;
  readonly content: {
    readonly data?: Values;
    readonly auth?: { readonly client_token: string };
    readonly errors?: readonly string[];
    readonly warnings?: readonly string[];
  };
}

/** Client of Vault's API that can log in. */
export class VaultApi {
  private token: string;
  private readonly secrets: string[];

  constructor(private readonly props: VaultApiProps) {
    this.token = props.token ?? "";
    this.secrets = [...(props.secrets ?? [])];
  }

  /** Logs in to an auth mount. @throws UserError when Vault refuses */
  async logIn(path: string, parameters: { readonly role: string; readonly jwt: string }): Promise<void> {
    this.secrets.push(parameters.jwt);
    const { content } = await this.request("POST", path, parameters);
    this.token = content.auth?.client_token ?? "";
    this.secrets.push(this.token);
  }

  /**
   * Reads a path.
   * @returns the data at the path, or undefined if there is none
   * @throws UserError when Vault refuses
   */
  async read(path: string): Promise<Values | undefined> {
    const { status, content } = await this.request("GET", path, undefined, [404]);
    return status === 404 ? undefined : (content.data ?? {});
  }

  /**
   * Writes to a path.
   * @returns the data of Vault's answer
   * @throws UserError when Vault refuses, or ignores a part of the body
   */
  async write(path: string, body: Values): Promise<Values> {
    const { content } = await this.request("POST", path, body);
    const ignored = content.warnings?.find((text) => text.includes("ignored these unrecognized parameters"));
    if (ignored) throw new UserError(`Vault took POST ${path} only in part: ${ignored}`);
    return content.data ?? {};
  }

  private async request(
    method: string,
    path: string,
    body?: Values,
    alsoWell: readonly number[] = [],
  ): Promise<Answer> {
    const end = Date.now() + UPGRADE_SECONDS * 1000;
    for (;;) {
      const { status, text } = await this.send(method, path, body);
      const content = parse(text);
      if (status < 300 || alsoWell.includes(status)) return { status, content };
      const says = content.errors?.join("; ") || "nothing";
      if (!says.includes(UPGRADING) || Date.now() > end) {
        throw new UserError(`Vault refused ${method} ${path} with ${status}: ${this.withoutSecrets(says)}`);
      }
      await sleep(250);
    }
  }

  private async send(method: string, path: string, body?: Values): Promise<{ status: number; text: string }> {
    const { address, tls } = this.props;
    try {
      return await httpRequest(`${address}/v1/${path}`, {
        method,
        body,
        headers: { "X-Vault-Request": "true", ...(this.token && { "X-Vault-Token": this.token }) },
        tls,
        // For some requests Vault connects to a database.
        timeoutMs: 60_000,
      });
    } catch (error) {
      const { message, code } = error as NodeJS.ErrnoException;
      throw new UserError(`Vault cannot be reached for ${method} ${address}/v1/${path}: ${code ?? message}`);
    }
  }

  private withoutSecrets(text: string): string {
    return this.secrets.reduce((shown, secret) => shown.replaceAll(secret, "(secret)"), text);
  }
}

function parse(text: string): Answer["content"] {
  try {
    return JSON.parse(text || "{}");
  } catch {
    return { errors: [text] };
  }
}
