import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { bootstrapNames } from "../constructs/cluster/bootstrap-names";
import { Problem } from "../local/problem";

/** How Vault is reached and by whom. */
export interface SessionProps {
  /** URL of Vault. @default - a port-forward to the active server */
  readonly address?: string;
  /** Namespace of Vault's pods. */
  readonly namespace: string;
  /** Certificates (PEM) that sign Vault's own. */
  readonly caCertificates: string;
  /** Environment of kubectl. */
  readonly env: NodeJS.ProcessEnv;
}

/** Seconds for which a token of the ServiceAccount can be used; the login takes one. */
const SERVICE_ACCOUNT_TOKEN_SECONDS = 600;
const FORWARD_SECONDS = 30;

/**
 * A login that lasts as long as one command: the token is in that command's environment and nowhere else, and is
 * revoked when the command ends.
 */
export class VaultSession {
  /**
   * Logs in as Terraform does, by a short-lived token of its ServiceAccount.
   * @throws Problem when kubectl, the port-forward or the login fails, with what it said
   */
  static async open(props: SessionProps): Promise<VaultSession> {
    const folder = mkdtempSync(join(tmpdir(), "vault-session-"));
    const session = new VaultSession(props, folder);
    try {
      await session.connect();
      return session;
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  private address = "";
  private token?: string;
  private forward?: ChildProcess;

  private constructor(
    private readonly props: SessionProps,
    private readonly folder: string,
  ) {}

  /** What a command needs to reach Vault: the vault program, and Terraform with the config layer. */
  get environment(): Record<string, string> {
    return {
      VAULT_ADDR: this.address,
      VAULT_CACERT: this.caFile,
      VAULT_TOKEN: this.token!,
      TF_VAR_vault_address: this.address,
      // A port-forward ends at an address, and the certificate is for names.
      ...(this.forward && { VAULT_TLS_SERVER_NAME: `vault-active.${this.props.namespace}.svc` }),
    };
  }

  /** Revokes the login and ends the port-forward. */
  async close(): Promise<void> {
    try {
      if (this.token) await this.call("auth/token/revoke-self", {}, this.token);
    } finally {
      this.token = undefined;
      this.forward?.kill();
      rmSync(this.folder, { recursive: true, force: true });
    }
  }

  private get caFile(): string {
    return join(this.folder, "ca.crt");
  }

  private async connect(): Promise<void> {
    const { address, namespace, caCertificates, env } = this.props;
    writeFileSync(this.caFile, caCertificates);
    this.address = address ?? (await this.forwardPort());
    const { authPath, deployRole, deployServiceAccount, audience } = bootstrapNames;
    const duration = `${SERVICE_ACCOUNT_TOKEN_SECONDS}s`;
    const jwt = await kubectl(
      [
        "-n",
        namespace,
        "create",
        "token",
        deployServiceAccount,
        `--audience=${audience}`,
        `--duration=${duration}`,
      ],
      env,
    );
    const login = await this.call(`auth/${authPath}/login`, { role: deployRole, jwt: jwt.trim() });
    this.token = (login as { auth: { client_token: string } }).auth.client_token;
  }

  /** @returns the URL of the local end */
  private forwardPort(): Promise<string> {
    const { namespace, env } = this.props;
    const args = ["-n", namespace, "port-forward", "--address=127.0.0.1", "service/vault-active", ":8200"];
    const forward = spawn("kubectl", args, { env, stdio: ["ignore", "pipe", "pipe"] });
    this.forward = forward;
    return new Promise((resolve, reject) => {
      let said = "";
      const fail = (why: string) =>
        reject(new Problem(`The port-forward to Vault failed: ${why}\n${said}`.trim()));
      const timer = setTimeout(() => fail(`no answer in ${FORWARD_SECONDS} s`), FORWARD_SECONDS * 1000);
      forward.once("error", ({ message }) => fail(message));
      forward.once("exit", (code) => fail(`kubectl ended with ${code}`));
      forward.stderr.on("data", (text) => (said += text));
      forward.stdout.on("data", (text) => {
        said += text;
        const port = /Forwarding from 127\.0\.0\.1:(\d+)/.exec(said)?.[1];
        if (!port) return;
        clearTimeout(timer);
        resolve(`https://127.0.0.1:${port}`);
      });
    });
  }

  private call(path: string, body: object, token?: string): Promise<unknown> {
    const url = new URL(`/v1/${path}`, this.address);
    return new Promise((resolve, reject) => {
      const fail = (why: string) =>
        reject(new Problem(`Vault at ${this.address} did not take ${path}: ${why}`));
      const call = request(
        url,
        {
          method: "POST",
          ca: readFileSync(this.caFile),
          servername: this.forward && `vault-active.${this.props.namespace}.svc`,
          headers: { "X-Vault-Request": "true", ...(token && { "X-Vault-Token": token }) },
          timeout: 30_000,
        },
        (answer) => {
          let text = "";
          answer.setEncoding("utf8").on("data", (part) => (text += part));
          answer.on("end", () => {
            if ((answer.statusCode ?? 500) < 300) resolve(text ? JSON.parse(text) : undefined);
            else fail(`status ${answer.statusCode}, ${text.trim()}`);
          });
        },
      );
      call.once("timeout", () => call.destroy(new Error("no answer in 30 s")));
      call.once("error", ({ message }) => fail(message));
      call.end(JSON.stringify(body));
    });
  }
}

async function kubectl(args: string[], env: NodeJS.ProcessEnv): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)("kubectl", args, { env });
    return stdout;
  } catch (error) {
    const { code, stderr } = error as { code?: string | number; stderr?: string };
    if (code === "ENOENT") throw new Problem("kubectl is not on PATH; connect needs it to log in.");
    throw new Problem(`kubectl ${args.slice(2, 5).join(" ")} failed:\n${(stderr ?? "").trim()}`);
  }
}
