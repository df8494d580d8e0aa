import { readFileSync } from "node:fs";
import { Client } from "pg";
import { type TlsFiles, httpRequest } from "./http";

/** Health check of a part. */
export type Check =
  | {
      readonly kind: "http";
      readonly url: string;
      readonly tls?: TlsFiles;
      /** Status codes of a healthy part with their meanings, such as `{ 200: "ready" }`. */
      readonly well: Readonly<Record<number, string>>;
      /** Status codes of a part that answers but cannot work yet, such as a sealed Vault. @default - none */
      readonly waiting?: Readonly<Record<number, string>>;
    }
  /** A PostgreSQL server that offers TLS. */
  | { readonly kind: "postgres"; readonly port: number; readonly tls: TlsFiles };

/** One process of the local platform. */
export interface ManagedProcess {
  readonly name: string;
  /** Path of the executable. */
  readonly program: string;
  readonly args: readonly string[];
  /** The complete environment of the process. It inherits no variables. */
  readonly env: Readonly<Record<string, string>>;
  /** User that runs the process. @default - the user that started the platform */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** File for the output of the process. */
  readonly logFile: string;
  /** Address for clients, for display only. */
  readonly address: string;
  readonly check: Check;
  /** Restarts the process when it ends, as a kubelet does. @default false */
  readonly restart?: boolean;
  /** Signal that ends the process. @default SIGTERM */
  readonly stopSignal?: "SIGTERM" | "SIGINT";
  /** Seconds to wait for the first answer. @default 60 */
  readonly startSeconds?: number;
}

/** Result of a health check. */
export interface Health {
  /** State for display, such as `ready` or `sealed`. */
  readonly says: string;
  /** The part does its work. */
  readonly isHealthy: boolean;
  /** The part answers: it does its work or reports the reason for waiting. */
  readonly answers: boolean;
}

const NO_ANSWER: Health = { says: "no answer", isHealthy: false, answers: false };

/** Checks the health of a part. */
export async function healthOf(check: Check): Promise<Health> {
  if (check.kind === "postgres") {
    return (await asksForPassword(check.port, check.tls))
      ? { says: "ready", isHealthy: true, answers: true }
      : NO_ANSWER;
  }
  try {
    const { status } = await httpRequest(check.url, { tls: check.tls, timeoutMs: 3000 });
    const waiting = check.waiting?.[status];
    if (waiting !== undefined) return { says: waiting, isHealthy: false, answers: true };
    const well = check.well[status];
    return well !== undefined
      ? { says: well, isHealthy: true, answers: true }
      : { says: `answers with ${status}`, isHealthy: false, answers: false };
  } catch {
    return NO_ANSWER;
  }
}

/** Returns true if the server rejects an unknown user. While it starts or shuts down it returns other errors. */
async function asksForPassword(port: number, { ca }: TlsFiles): Promise<boolean> {
  const client = new Client({
    host: "localhost",
    port,
    database: "postgres",
    user: "health-check",
    password: "none",
    ssl: { ca: readFileSync(ca) },
    connectionTimeoutMillis: 3000,
  });
  try {
    await client.connect();
    return true;
  } catch (error) {
    return (error as { code?: string }).code === "28P01";
  } finally {
    await client.end().catch(() => undefined);
  }
}
