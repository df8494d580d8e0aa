import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Pem, selfSignedCertificate } from "../../engines/support/certificate";

interface Seen {
  readonly path: string;
  readonly token?: string;
  readonly body: Record<string, string>;
}

/** A stand-in for Vault, with a certificate of its own: it writes down what it is asked, and gives one answer. */
export class StandInVault {
  static async start(): Promise<StandInVault> {
    const vault = new StandInVault(await vaultCertificate());
    await new Promise<void>((listening) => vault.server.listen(0, "127.0.0.1", listening));
    return vault;
  }

  seen: Seen[] = [];
  answer: { status: number; body: object } = { status: 200, body: { auth: { client_token: "hvs.session" } } };
  private readonly folder = mkdtempSync(join(tmpdir(), "stand-in-vault-"));
  private readonly server: Server;

  private constructor(certificate: Pem) {
    writeFileSync(this.caFile, certificate.cert);
    this.server = createServer(certificate, (request, response) => {
      let text = "";
      request.on("data", (part) => (text += part));
      request.on("end", () => {
        const token = request.headers["x-vault-token"] as string | undefined;
        this.seen.push({ path: request.url!, token, body: JSON.parse(text) });
        response.writeHead(this.answer.status).end(JSON.stringify(this.answer.body));
      });
    });
  }

  get caFile(): string {
    return join(this.folder, "ca");
  }

  get ca(): string {
    return readFileSync(this.caFile, "utf8");
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `https://127.0.0.1:${this.port}`;
  }

  stop(): void {
    this.server.close();
    rmSync(this.folder, { recursive: true });
  }
}

/** A certificate that signs itself, for the names under which Vault is reached. */
export function vaultCertificate(): Promise<Pem> {
  return selfSignedCertificate([
    { type: "dns", value: "vault-active.vault.svc" },
    { type: "ip", value: "127.0.0.1" },
  ]);
}
