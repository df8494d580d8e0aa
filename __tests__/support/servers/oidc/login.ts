import { spawn } from "node:child_process";
import { programPath } from "../../needs";
import { type OidcProvider, clientSecret } from "./oidc-provider";

type Body = any; // eslint-disable-line @typescript-eslint/no-explicit-any

/** Sends one request to Vault without a token and returns the response, including errors. */
export type Ask = (method: string, path: string, body?: object) => Promise<{ status: number; body: Body }>;

/** Redirect URI on which `vault login -method=oidc` listens. */
export const REDIRECT_URI = "http://localhost:8250/oidc/callback";

/** URL of the identity provider, to which Vault sends the browser. */
export async function authUrl(ask: Ask): Promise<string> {
  const asked = { role: "people", redirect_uri: REDIRECT_URI };
  const { status, body } = await ask("POST", "auth/oidc/oidc/auth_url", asked);
  if (status !== 200) throw new Error(`Vault gave no URL: ${status} ${JSON.stringify(body)}`);
  return body.data.auth_url;
}

/** Logs in like `vault login -method=oidc` together with a browser. */
export async function logIn(ask: Ask, provider: OidcProvider, user: string): ReturnType<Ask> {
  const back = await provider.logIn(await authUrl(ask), user);
  return ask("GET", `auth/oidc/oidc/callback${back.search}`);
}

/** Runs the command of an `OidcAuth` and passes the client secret on stdin, as an operator types it. */
export async function configure(command: string, env: NodeJS.ProcessEnv, clientId = "vault"): Promise<void> {
  const shell = spawn(programPath("bash"), ["-c", command], { env, stdio: ["pipe", "ignore", "pipe"] });
  shell.stdin.end(`${clientSecret(clientId)}\n`);
  let said = "";
  shell.stderr.on("data", (text) => (said += text));
  const code = await new Promise((resolve) => shell.once("close", resolve));
  if (code !== 0) throw new Error(said);
}
