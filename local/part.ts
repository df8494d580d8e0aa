import { readFileSync } from "node:fs";
import { Client } from "pg";
import { type TlsFiles, httpRequest } from "./http";

/** How to find out whether a part works. */
export type Check =
  | {
      readonly kind: "http";
      readonly url: string;
      readonly tls?: TlsFiles;
      /** What a status code says of a part that does its work, such as `{ 200: "ready" }`. */
      readonly well: Readonly<Record<number, string>>;
      /** The same of one that answers and cannot work yet, such as a sealed Vault. @default - no such codes */
      readonly waiting?: Readonly<Record<number, string>>;
    }
  /** A PostgreSQL server that offers TLS. */
  | { readonly kind: "postgres"; readonly port: number; readonly tls: TlsFiles };

/** One process of the local platform. */
export interface Part {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  /** The whole environment of the process: nothing of the caller's is handed on. */
  readonly env: Readonly<Record<string, string>>;
  /** Who it runs as. @default - who started the platform */
  readonly user?: { readonly uid: number; readonly gid: number };
  readonly logFile: string;
  /** Where clients reach it, for people to read. */
  readonly address: string;
  readonly check: Check;
  /** Starts it again when it ends, as a kubelet would. @default false */
  readonly restart?: boolean;
  /** What tells it to end. @default SIGTERM */
  readonly stopSignal?: "SIGTERM" | "SIGINT";
  /** How long it may take to answer for the first time. @default 60 */
  readonly startSeconds?: number;
}

export interface Health {
  readonly says: string;
  /** It does its work. */
  readonly well: boolean;
  /** It answers, and does its work or says what it waits for. */
  readonly answers: boolean;
}

const NO_ANSWER: Health = { says: "no answer", well: false, answers: false };

export async function healthOf(check: Check): Promise<Health> {
  if (check.kind === "postgres") {
    return (await asksForPassword(check.port, check.tls))
      ? { says: "ready", well: true, answers: true }
      : NO_ANSWER;
  }
  try {
    const { status } = await httpRequest(check.url, { tls: check.tls, timeoutMs: 3000 });
    const waiting = check.waiting?.[status];
    if (waiting !== undefined) return { says: waiting, well: false, answers: true };
    const well = check.well[status];
    return well !== undefined
      ? { says: well, well: true, answers: true }
      : { says: `answers with ${status}`, well: false, answers: false };
  } catch {
    return NO_ANSWER;
  }
}

/** A server that starts up or shuts down says so instead; one that works refuses whoever it does not know. */
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
