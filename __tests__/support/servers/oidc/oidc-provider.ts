import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { OutgoingHttpHeaders } from "node:http";
import { request } from "node:https";
import { join } from "node:path";
import { localhostCertificate } from "../../certificate";
import { freePort, stop } from "../processes";

/** Claims of an identity token. */
export type Claims = Readonly<Record<string, unknown>>;

/** Options of an OpenID provider. */
export interface OidcProviderProps {
  /** Redirect URIs by client ID. The client secret is `<client id>-secret`. */
  readonly clients: Readonly<Record<string, readonly string[]>>;
  /** Claims of each user in addition to `sub`, which is the user's name. */
  readonly accounts: (issuer: string) => Readonly<Record<string, Claims>>;
  /** Supported scopes. The provider refuses others, as most products do. @default - openid and profile */
  readonly scopes?: readonly string[];
  /** Groups that its Microsoft Graph API returns, by user. @default - none */
  readonly groupsOf?: Readonly<Record<string, readonly string[]>>;
}

/** Response of the provider. */
interface Page {
  readonly status: number;
  readonly location?: string;
  readonly cookies: readonly string[];
  readonly text: string;
}

/** OpenID provider on this machine, with a self-signed certificate. */
export class OidcProvider {
  /** Starts a provider and waits until it listens. */
  static async start(props: OidcProviderProps): Promise<OidcProvider> {
    const [port, tls] = await Promise.all([freePort(), localhostCertificate()]);
    const issuer = `https://localhost:${port}`;
    const child = spawn(process.execPath, [join(__dirname, "server.mjs")], {
      stdio: ["pipe", "pipe", "pipe"],
      env: { PATH: process.env.PATH, NODE_ENV: "development" },
    });
    let said = "";
    child.stderr.on("data", (text) => (said += text));
    child.stdin.end(
      JSON.stringify({
        port,
        tls,
        clients: Object.entries(props.clients).map(([id, uris]) => ({
          client_id: id,
          client_secret: clientSecret(id),
          redirect_uris: uris,
        })),
        accounts: props.accounts(issuer),
        scopes: props.scopes ?? ["openid", "profile"],
        groupsOf: props.groupsOf ?? {},
      }),
    );
    const ended = once(child, "exit").then(() => {
      throw new Error(`the OpenID provider ended: ${said}`);
    });
    ended.catch(() => {});
    await Promise.race([once(child.stdout, "data"), ended]);
    return new OidcProvider(issuer, tls.cert, child);
  }

  private constructor(
    readonly issuer: string,
    /** Certificate of the provider; as it is self-signed, it is also its CA. */
    readonly caCertificate: string,
    private readonly child: ChildProcess,
  ) {}

  /**
   * Acts as the browser: opens the URL, logs in as a user, consents, and follows redirects to the client.
   * @returns the URL of the redirect back to the client
   * @throws Error with the provider's response if it refuses
   */
  async logIn(authUrl: string, user: string): Promise<URL> {
    const cookies = new Map<string, string>();
    let form: string | undefined;
    let url = authUrl;
    for (let steps = 0; steps < 20; steps++) {
      const page = await this.open(url, cookies, form);
      for (const cookie of page.cookies) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!;
        cookies.set(name, value);
      }
      form = undefined;
      if (page.location !== undefined) {
        const next = new URL(page.location, url);
        if (next.origin !== this.issuer) return next;
        url = next.href;
        continue;
      }
      const prompt = /name="prompt" value="(\w+)"/.exec(page.text)?.[1];
      if (page.status !== 200 || prompt === undefined) {
        throw new Error(`the OpenID provider refused with ${page.status}: ${page.text}`);
      }
      form = new URLSearchParams({
        prompt,
        ...(prompt === "login" && { login: user, password: "any" }),
      }).toString();
      url = new URL(/action="([^"]+)"/.exec(page.text)![1], url).href;
    }
    throw new Error("the OpenID provider redirects without end");
  }

  async stop(): Promise<void> {
    await stop(this.child, "SIGKILL");
  }

  private open(url: string, cookies: ReadonlyMap<string, string>, form?: string): Promise<Page> {
    const headers: OutgoingHttpHeaders = {
      Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; "),
      ...(form !== undefined && { "Content-Type": "application/x-www-form-urlencoded" }),
    };
    return new Promise((resolve, reject) => {
      const sent = request(
        url,
        { method: form === undefined ? "GET" : "POST", headers, ca: this.caCertificate, agent: false },
        (answer) => {
          let text = "";
          answer.setEncoding("utf8");
          answer.on("data", (chunk: string) => (text += chunk));
          answer.on("end", () =>
            resolve({
              status: answer.statusCode ?? 0,
              location: answer.headers.location,
              cookies: answer.headers["set-cookie"] ?? [],
              text,
            }),
          );
          answer.on("error", reject);
        },
      );
      sent.on("error", reject);
      sent.end(form);
    });
  }
}

/** Secret of a client of the provider. */
export function clientSecret(clientId: string): string {
  return `${clientId}-secret`;
}
