import { type AddressInfo, type Server, type Socket, connect, createServer } from "node:net";
import type { ReachProps } from "./vault-reach";
import { VaultReach } from "./vault-reach";
import { warn } from "./terminal";

/**
 * Local address of Vault. Its port-forward starts with the first connection, and again after it has ended.
 * One command can thus create the cluster and then connect to the Vault in it.
 */
export class LazyForward {
  /** Opens the local address, without a port-forward yet. */
  static async open(props: Omit<ReachProps, "address" | "caCertificates">): Promise<LazyForward> {
    const forward = new LazyForward(props);
    await new Promise<void>((listening) => forward.server.listen(0, "127.0.0.1", listening));
    return forward;
  }

  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private reach?: Promise<VaultReach>;

  private constructor(private readonly props: Omit<ReachProps, "address" | "caCertificates">) {
    this.server = createServer((socket) => void this.serve(socket));
  }

  /** URL of the local address. */
  get address(): string {
    return `https://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Ends the port-forward and every connection. */
  async close(): Promise<void> {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    (await this.reach?.catch(() => undefined))?.close();
  }

  private async serve(client: Socket): Promise<void> {
    this.keep(client);
    // If the port-forward of an earlier pod has ended, the second attempt starts a new one.
    for (const isLast of [false, true]) {
      try {
        const target = await this.connect();
        this.keep(target);
        client.pipe(target).pipe(client);
        client.once("close", () => target.destroy());
        target.once("close", () => client.destroy());
        return;
      } catch (error) {
        (await this.reach?.catch(() => undefined))?.close();
        this.reach = undefined;
        if (isLast) warn((error as Error).message);
      }
    }
    client.destroy();
  }

  private async connect(): Promise<Socket> {
    this.reach ??= VaultReach.open({ ...this.props, caCertificates: "" });
    const { VAULT_ADDR } = (await this.reach).environment;
    return new Promise((resolve, reject) => {
      const target = connect(Number(new URL(VAULT_ADDR).port), "127.0.0.1");
      target.once("connect", () => resolve(target));
      target.once("error", reject);
    });
  }

  private keep(socket: Socket): void {
    this.sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.once("close", () => this.sockets.delete(socket));
  }
}
