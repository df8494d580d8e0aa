import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Pem, selfSignedCertificate } from "../certificate";
import { HttpServer } from "./http";

interface Seen {
  readonly path: string;
  readonly token?: string;
  readonly body: Record<string, string>;
}

/** Stand-in for Vault with a self-signed certificate. It records requests and gives one fixed answer. */
export class StandInVault {
  static async start(): Promise<StandInVault> {
    const tls = await vaultCertificate();
    const vault = new StandInVault(tls);
    vault.server = await HttpServer.start(
      ({ url, headers, body }) => {
        const token = headers["x-vault-token"] as string | undefined;
        vault.seen.push({ path: url, token, body: JSON.parse(body) });
        return vault.answer;
      },
      { tls },
    );
    return vault;
  }

  /** Received requests. */
  seen: Seen[] = [];
  /** Response to every request. @default - a successful login */
  answer: { status: number; body: object } = { status: 200, body: { auth: { client_token: "hvs.session" } } };
  private readonly folder = mkdtempSync(join(tmpdir(), "stand-in-vault-"));
  private server!: HttpServer;

  private constructor(certificate: Pem) {
    writeFileSync(this.caFile, certificate.cert);
  }

  /** Path of the certificate, for clients to trust. */
  get caFile(): string {
    return join(this.folder, "ca");
  }

  /** Certificate, for clients to trust. */
  get ca(): string {
    return readFileSync(this.caFile, "utf8");
  }

  get port(): number {
    return this.server.port;
  }

  get url(): string {
    return this.server.url;
  }

  async stop(): Promise<void> {
    await this.server.stop();
    rmSync(this.folder, { recursive: true });
  }
}

/** Self-signed certificate for the names under which clients reach Vault. */
export function vaultCertificate(): Promise<Pem> {
  return selfSignedCertificate([
    { type: "dns", value: "vault-active.vault.svc" },
    { type: "ip", value: "127.0.0.1" },
  ]);
}
