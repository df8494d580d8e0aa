import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../constructs/core/user-error";

/** Address of Vault, and the certificates to verify it. */
export interface ReachProps {
  /** URL of Vault. @default - a port-forward to the active server */
  readonly address?: string;
  /** Namespace of Vault's pods. */
  readonly namespace: string;
  /** CA certificates (PEM) of Vault. */
  readonly caCertificates: string;
  /** Environment variables of kubectl. */
  readonly env: NodeJS.ProcessEnv;
  /** Arguments of kubectl that choose the cluster. @default - the kubeconfig chooses it */
  readonly cluster?: readonly string[];
}

const FORWARD_SECONDS = 30;

/** Connection to Vault for one command: its CA in a private file and, if required, a port-forward. */
export class VaultReach {
  /** Opens the connection. @throws UserError with the message of kubectl if the port-forward fails */
  static async open(props: ReachProps): Promise<VaultReach> {
    const reach = new VaultReach(props, mkdtempSync(join(tmpdir(), "vault-reach-")));
    try {
      writeFileSync(reach.caFile, props.caCertificates, { mode: 0o600 });
      reach.address = props.address ?? (await reach.forwardPort());
      return reach;
    } catch (error) {
      reach.close();
      throw error;
    }
  }

  private address = "";
  private forward?: ChildProcess;

  private constructor(
    private readonly props: ReachProps,
    private readonly folder: string,
  ) {}

  /** Variables for the connection: for the vault program, and for Terraform with the layers that configure Vault. */
  get environment(): Record<string, string> {
    return {
      VAULT_ADDR: this.address,
      VAULT_CACERT: this.caFile,
      TF_VAR_vault_address: this.address,
      ...(this.serverName && { VAULT_TLS_SERVER_NAME: this.serverName }),
    };
  }

  /** Ends the port-forward and removes the CA file. */
  close(): void {
    this.forward?.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /**
   * Writes to a path in Vault.
   * @throws UserError with Vault's message, or if Vault does not answer in time
   */
  write(path: string, body: object, { token, seconds = 30 }: { token?: string; seconds?: number } = {}) {
    const url = new URL(`/v1/${path}`, this.address);
    return new Promise<unknown>((resolve, reject) => {
      const fail = (why: string) =>
        reject(new UserError(`Vault at ${this.address} did not take ${path}: ${why}`));
      const call = request(
        url,
        {
          method: "POST",
          ca: readFileSync(this.caFile),
          servername: this.serverName,
          headers: { "X-Vault-Request": "true", ...(token && { "X-Vault-Token": token }) },
          timeout: seconds * 1000,
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
      call.once("timeout", () => call.destroy(new Error(`no answer in ${seconds} s`)));
      call.once("error", ({ message }) => fail(message));
      call.end(JSON.stringify(body));
    });
  }

  private get caFile(): string {
    return join(this.folder, "ca.crt");
  }

  /** Server name in the certificate. The certificate is for names, and a port-forward ends at an address. */
  private get serverName(): string | undefined {
    return this.forward && `vault-active.${this.props.namespace}.svc`;
  }

  /** Starts the port-forward. @returns the URL of the local end */
  private forwardPort(): Promise<string> {
    const { namespace, env, cluster = [] } = this.props;
    const target = ["port-forward", "--address=127.0.0.1", "service/vault-active", ":8200"];
    // Separate process group: an interruption at the terminal must not end the port-forward of a program that cleans
    // up.
    const forward = spawn("kubectl", [...cluster, "-n", namespace, ...target], {
      env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    this.forward = forward;
    return new Promise((resolve, reject) => {
      let said = "";
      const timer = setTimeout(() => fail(`no answer in ${FORWARD_SECONDS} s`), FORWARD_SECONDS * 1000);
      const fail = (why: string) => {
        clearTimeout(timer);
        reject(new UserError(`The port-forward to Vault failed: ${why}\n${said}`.trim()));
      };
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
}
