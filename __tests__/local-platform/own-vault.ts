import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Seal } from "../../constructs/server/seal";
import { renderServerConfiguration } from "../../constructs/server/server-configuration";
import { caFile, certificateFiles } from "../../local/certificates";
import { awsIdentity } from "../../local/emulator";
import { type HttpAnswer, httpRequest } from "../../local/http";
import { emulatorUrl, environment } from "../../local/platform";
import { choosePorts } from "../../local/ports";
import { stop } from "../support/servers/processes";
import { eventually, part, ports } from "./support";

/** Options of a separate Vault. */
export interface OwnVaultProps {
  /** Number of servers. @default 1 */
  readonly replicas?: 1 | 3;
  /** KMS key or alias of the seal, in the emulator. */
  readonly keyId: string;
  /** AWS region of the key. @default - the environment's */
  readonly region?: string;
  /** URL of KMS. @default - the emulator */
  readonly endpoint?: string;
  /** Certificate of the servers. @default - the local platform's certificate */
  readonly certificate?: { readonly certFile: string; readonly keyFile: string; readonly caFile: string };
}

type Answer = any; // eslint-disable-line @typescript-eslint/no-explicit-any

interface Server {
  readonly name: string;
  readonly address: string;
  readonly data: string;
  readonly configuration: string;
  readonly log: string;
  child?: ChildProcess;
}

/**
 * Vault servers for tests that the platform's servers would not survive or would have to be repaired after. The code
 * that configures the chart's pods also configures these servers.
 */
export class OwnVault {
  static async start(props: OwnVaultProps): Promise<OwnVault> {
    const vault = new OwnVault((await part("vault-0")).program, props);
    await vault.configure(props.keyId, props.region);
    await vault.startAll();
    return vault;
  }

  readonly folder = mkdtempSync(join(tmpdir(), "own-vault-"));
  servers: Server[] = [];
  /** Root token, set by `initialise`. */
  rootToken = "";

  private constructor(
    private readonly program: string,
    private readonly props: OwnVaultProps,
  ) {
    mkdirSync(join(this.folder, "audit"));
  }

  /** URLs of the servers. */
  get addresses(): string[] {
    return this.servers.map(({ address }) => address);
  }

  /** File of the first audit device, shared by all servers. */
  get auditFile(): string {
    return join(this.folder, "audit", "audit.log");
  }

  /** Writes the configuration of every server. A new seal takes effect at the next start. */
  async configure(keyId: string, region: string = environment.aws.region): Promise<void> {
    if (this.servers.length === 0) await this.choose(this.props.replicas ?? 1);
    const { stanza, environment: variables } = Seal.awsKms({
      keyId,
      region,
      endpoint: this.props.endpoint ?? emulatorUrl(ports),
    }).configuration;
    this.sealVariables = { ...variables };
    const { cert, key } = certificateFiles("vault");
    for (const server of this.servers) {
      const { port } = new URL(server.address);
      writeFileSync(
        server.configuration,
        renderServerConfiguration({
          clusterName: "vault",
          certificate: this.props.certificate ?? { certFile: cert, keyFile: key, caFile },
          tlsMinVersion: "1.3",
          mutualTls: false,
          seal: stanza,
          joinAddresses: this.addresses.length > 1 ? this.addresses : [],
          dataPath: server.data,
          listen: {
            api: `127.0.0.1:${port}`,
            cluster: `127.0.0.1:${Number(port) + 1}`,
            metrics: `127.0.0.1:${Number(port) + 100}`,
          },
          kubernetesRegistration: false,
        }),
      );
    }
  }

  /** Starts the servers and waits until they respond. */
  async startAll(): Promise<void> {
    for (const server of this.servers) this.launch(server);
    await eventually("the servers answer", 30, async () => {
      const answers = await Promise.all(
        this.addresses.map((address) => this.ask("GET", "sys/seal-status", {}, address)),
      );
      return answers.every(({ status }) => status === 200);
    });
  }

  /** Restarts all servers by SIGTERM and keeps their data, like `kubectl delete pod`. */
  async restart(): Promise<void> {
    await this.kill("SIGTERM");
    await this.startAll();
  }

  async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    await Promise.all(this.servers.map(({ child }) => child && stop(child, signal)));
  }

  /** Stops the servers, deletes their data, and starts them again. */
  async wipe(): Promise<void> {
    await this.kill();
    for (const { data } of this.servers) {
      rmSync(data, { recursive: true });
      mkdirSync(data);
    }
    rmSync(this.auditFile, { force: true });
    await this.startAll();
  }

  /** Ends the servers and deletes their files. */
  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Log of all servers. */
  log(): string {
    return this.servers.map(({ log }) => readFileSync(log, "utf8")).join("\n");
  }

  /** Sends a request, to the first server by default. @returns the response, including errors */
  ask(
    method: string,
    path: string,
    { token, body }: { token?: string; body?: unknown } = {},
    server = this.addresses[0],
  ): Promise<HttpAnswer> {
    return httpRequest(`${server}/v1/${path}`, {
      method,
      body,
      headers: token ? { "X-Vault-Token": token } : {},
      tls: { ca: this.props.certificate?.caFile ?? caFile },
      timeoutMs: 30_000,
    });
  }

  /** Sends a request. @throws Error with Vault's response unless it succeeds */
  async done(method: string, path: string, token?: string, body?: unknown): Promise<Answer> {
    const { status, text } = await this.ask(method, path, { token, body });
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  }

  /** Initialises Vault. @returns the root token */
  async initialise(): Promise<string> {
    const { root_token, recovery_keys_base64 } = await this.done("PUT", "sys/init", undefined, {
      recovery_shares: 1,
      recovery_threshold: 1,
    });
    this.rootToken = root_token;
    this.share = recovery_keys_base64[0];
    await this.isActive();
    return root_token;
  }

  /**
   * Generates a root token from the recovery share. Vault has to decrypt its recovery key for this.
   * @returns the root token
   */
  async rootByShare(): Promise<string> {
    const { nonce, otp } = await this.done("PUT", "sys/generate-root/attempt", undefined, {});
    const { encoded_token } = await this.done("PUT", "sys/generate-root/update", undefined, {
      key: this.share,
      nonce,
    });
    return Buffer.from(encoded_token, "base64")
      .map((byte, index) => byte ^ String(otp).charCodeAt(index))
      .toString();
  }

  /** Returns true if these recovery shares together form the current recovery key. */
  async accepts(shares: readonly string[]): Promise<boolean> {
    const { nonce } = await this.done("PUT", "sys/generate-root/attempt", undefined, {});
    let status = 0;
    for (const key of shares) {
      ({ status } = await this.ask("PUT", "sys/generate-root/update", { body: { key, nonce } }));
    }
    await this.ask("DELETE", "sys/generate-root/attempt");
    return status === 200;
  }

  /** Waits until the first server is active. */
  async isActive(): Promise<void> {
    await eventually(
      "the first server leads",
      60,
      async () => (await this.ask("GET", "sys/health")).status === 200,
    );
  }

  private share = "";
  private sealVariables: Record<string, string> = {};

  private async choose(replicas: number): Promise<void> {
    const wanted = Object.fromEntries(
      Array.from({ length: replicas }, (_, ordinal) => [`vault-${ordinal}`, 28200 + 2 * ordinal]),
    );
    this.servers = Object.entries(await choosePorts(wanted)).map(([name, port]) => {
      const home = join(this.folder, name);
      const data = join(home, "data");
      mkdirSync(data, { recursive: true });
      return {
        name,
        address: `https://127.0.0.1:${port}`,
        data,
        configuration: join(home, "server.hcl"),
        log: join(home, "log"),
      };
    });
  }

  private launch(server: Server): void {
    const log = openSync(server.log, "a");
    server.child = spawn(this.program, ["server", `-config=${server.configuration}`], {
      env: {
        ...this.sealVariables,
        ...awsIdentity,
        HOME: join(this.folder, server.name),
        SKIP_SETCAP: "1",
        VAULT_API_ADDR: server.address,
        VAULT_CLUSTER_ADDR: server.address.replace(/\d+$/, (port) => String(Number(port) + 1)),
        VAULT_RAFT_NODE_ID: server.name,
      },
      stdio: ["ignore", log, log],
    });
    closeSync(log);
  }
}
