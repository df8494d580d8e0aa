import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { programPath } from "../needs";
import { localhostCertificate } from "../certificate";
import { freePort, stop, until } from "./processes";

const SUPERUSER_PASSWORD = "superuser";

/** Credentials and database of a session. */
export interface Login {
  readonly user: string;
  readonly password: string;
  /** Name of the database. @default payments */
  readonly database?: string;
}

/** PostgreSQL server in a temporary folder, with SCRAM passwords and TLS. */
export class PostgresServer {
  /** Starts a server and waits until it accepts connections. */
  static async start(): Promise<PostgresServer> {
    const initdb = programPath("initdb");
    const postgres = programPath("postgres");
    const folder = mkdtempSync(join(tmpdir(), "postgres-"));
    const owner = ordinaryUser();
    const data = join(folder, "data");
    const passwordFile = join(folder, "password");
    writeFileSync(passwordFile, SUPERUSER_PASSWORD);
    const { cert, key } = await localhostCertificate();
    writeFileSync(join(folder, "server.crt"), cert);
    writeFileSync(join(folder, "server.key"), key, { mode: 0o600 });
    if (owner) {
      for (const file of ["", "password", "server.crt", "server.key"])
        chownSync(join(folder, file), owner.uid, owner.gid);
    }
    const args = [
      "-D",
      data,
      "-U",
      "postgres",
      "--auth=scram-sha-256",
      `--pwfile=${passwordFile}`,
      "--no-sync",
    ];
    const made = spawnSync(initdb, [...args, "--encoding=UTF8", "--locale=C"], {
      cwd: folder,
      ...owner,
      encoding: "utf8",
    });
    if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);
    const port = await freePort();
    const settings = {
      listen_addresses: "127.0.0.1",
      port: String(port),
      unix_socket_directories: "",
      fsync: "off",
      ssl: "on",
      ssl_cert_file: join(folder, "server.crt"),
      ssl_key_file: join(folder, "server.key"),
      password_encryption: "scram-sha-256",
      log_statement: "all",
    };
    const options = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    const child = spawn(postgres, ["-D", data, ...options], {
      cwd: folder,
      ...owner,
      stdio: ["ignore", "ignore", "pipe"],
    });
    const server = new PostgresServer(folder, port, cert, child);
    await until(() =>
      server.query({ user: "postgres", password: SUPERUSER_PASSWORD, database: "postgres" }, "SELECT 1"),
    );
    return server;
  }

  private logged = "";

  private constructor(
    private readonly folder: string,
    readonly port: number,
    /** Certificate of the server, for `localhost`. It is self-signed and is also its CA. */
    readonly caCertificate: string,
    private readonly child: ChildProcess,
  ) {
    child.stderr!.on("data", (text) => (this.logged += text));
  }

  /** Log of the server, including all statements. */
  get log(): string {
    return this.logged;
  }

  /** Opens a session over TLS. The default database is `payments`. */
  async connect({ user, password, database = "payments" }: Login): Promise<Client> {
    const ssl = { ca: this.caCertificate };
    const client = new Client({ host: "localhost", port: this.port, user, password, database, ssl });
    // Some tests let the server terminate the session, which emits an error event.
    client.on("error", () => {});
    await client.connect();
    return client;
  }

  /** Runs SQL in a new session. @returns the rows of the last statement */
  async query(login: Login, ...statements: string[]): Promise<Record<string, unknown>[]> {
    const client = await this.connect(login);
    try {
      let rows: Record<string, unknown>[] = [];
      for (const statement of statements) rows = (await client.query(statement)).rows ?? [];
      return rows;
    } finally {
      await client.end();
    }
  }

  /** Credentials of the superuser. */
  superuser(database?: string): Login {
    return { user: "postgres", password: SUPERUSER_PASSWORD, database };
  }

  /** Ends the server and deletes its folder. */
  async stop(): Promise<void> {
    await stop(this.child, "SIGINT");
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** User and group `nobody` when running as root: PostgreSQL refuses to run as root. */
function ordinaryUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const [uid, gid] = ["-u", "-g"].map((flag) =>
    Number(spawnSync("id", [flag, "nobody"], { encoding: "utf8" }).stdout),
  );
  return { uid, gid };
}
