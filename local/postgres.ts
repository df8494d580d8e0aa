import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chownSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { caFile, certificateFiles } from "./certificates";
import type { ManagedProcess } from "./managed-process";
import { places } from "./places";
import { UserError } from "../constructs/core/user-error";
import { run } from "../cli/processes";
import type { PostgresPrograms } from "./tools";

const folder = join(places.run, "postgres");
const data = join(folder, "data");
/** Written last, when the data folder is complete. */
const complete = join(folder, "initialised");
const passwordFile = join(folder, "superuser-password");

/** PostgreSQL's superuser. */
export const SUPERUSER = "postgres";

/** Clients besides the programs of this machine. */
export interface RemoteClients {
  /** Address at which they connect to the server. */
  readonly address: string;
  /** Address ranges of the clients. */
  readonly ranges: readonly string[];
}

interface User {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Creates the data folder, once: SCRAM passwords, TLS connections only.
 * @returns the part; if this process is root, it runs as another user, because PostgreSQL refuses to run as root
 */
export async function preparePostgres(
  found: PostgresPrograms,
  port: number,
  remote?: RemoteClients,
): Promise<ManagedProcess> {
  const user = process.getuid?.() === 0 ? unprivilegedUser() : undefined;
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  const programs = reachablePrograms(found, user);
  const { cert, key } = ownCertificate(user);
  if (!existsSync(complete)) await initialise(programs, user, remote?.ranges);
  const settings = {
    listen_addresses: ["127.0.0.1", ...(remote ? [remote.address] : [])].join(","),
    port: String(port),
    unix_socket_directories: "",
    ssl: "on",
    ssl_cert_file: cert,
    ssl_key_file: key,
    ssl_min_protocol_version: "TLSv1.3",
    password_encryption: "scram-sha-256",
    log_connections: "on",
    log_disconnections: "on",
  };
  return {
    name: "postgres",
    program: programs.postgres,
    args: ["-D", data, ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])],
    env: { LC_ALL: "C" },
    user,
    logFile: join(folder, "log"),
    address: `127.0.0.1:${port}`,
    check: { kind: "postgres", port, tls: { ca: caFile } },
    // Ends the sessions; SIGTERM would wait for them.
    stopSignal: "SIGINT",
  };
}

async function initialise(
  programs: PostgresPrograms,
  user?: User,
  ranges: readonly string[] = [],
): Promise<void> {
  rmSync(data, { recursive: true, force: true });
  mkdirSync(data, { mode: 0o700 });
  writeFileSync(passwordFile, randomBytes(24).toString("base64url"), { mode: 0o600 });
  give(user, data, passwordFile);
  const { code, stdout, stderr } = await run(
    programs.initdb,
    [
      ["-D", data],
      ["-U", SUPERUSER],
      ["--auth=scram-sha-256", `--pwfile=${passwordFile}`],
      ["--encoding=UTF8", "--locale=C", "--no-sync"],
    ].flat(),
    { cwd: folder, env: { LC_ALL: "C" }, ...user },
  );
  if (code !== 0)
    throw new UserError(`PostgreSQL could not make its data folder:\n${(stderr || stdout).trim()}`);
  const clients = ["127.0.0.1/32", ...ranges].map((range) => `hostssl all all ${range} scram-sha-256\n`);
  writeFileSync(join(data, "pg_hba.conf"), clients.join(""));
  writeFileSync(complete, "");
}

/** PostgreSQL's own user, if the system has one. */
function unprivilegedUser(): User {
  for (const name of ["postgres", "nobody"]) {
    const ids = ["-u", "-g"].map((flag) => spawnSync("id", [flag, name], { encoding: "utf8" }));
    if (ids.every(({ status }) => status === 0)) {
      const [uid, gid] = ids.map(({ stdout }) => Number(stdout));
      return { uid, gid };
    }
  }
  throw new UserError(
    "PostgreSQL refuses to run as root, and there is no user postgres or nobody to run it as.",
  );
}

/** Programs that the user can run. A cache in root's home is not accessible to other users. */
function reachablePrograms(found: PostgresPrograms, user?: User): PostgresPrograms {
  if (!user || canRun(found.postgres, user)) return found;
  if (found.movable) {
    const copy = join(folder, "program");
    const programs = { initdb: join(copy, "bin", "initdb"), postgres: join(copy, "bin", "postgres") };
    // A running program cannot be overwritten.
    if (canRun(programs.postgres, user)) return programs;
    cpSync(found.movable, copy, { recursive: true, verbatimSymlinks: true });
    if (canRun(programs.postgres, user)) return programs;
  }
  throw new UserError(
    `PostgreSQL refuses to run as root, and the user that it would run as (${user.uid}) cannot enter ${folder} or run ${found.postgres}. Move the checkout to where every user may enter, or run as an ordinary user.`,
  );
}

function canRun(program: string, user: User): boolean {
  return spawnSync(program, ["--version"], { ...user, cwd: "/" }).status === 0;
}

/** PostgreSQL requires that its user owns the key. */
function ownCertificate(user?: User): { cert: string; key: string } {
  const { cert, key } = certificateFiles("postgres");
  const own = { cert: join(folder, "server.crt"), key: join(folder, "server.key") };
  copyFileSync(cert, own.cert);
  copyFileSync(key, own.key);
  give(user, own.cert, own.key);
  return own;
}

function give(user: User | undefined, ...paths: string[]): void {
  if (user) paths.forEach((path) => chownSync(path, user.uid, user.gid));
}

/** Login to a database. */
export interface Login {
  readonly port: number;
  readonly database: string;
  /** @default - the superuser, whose password is in the run's folder */
  readonly user?: string;
  readonly password?: string;
}

/** Runs the work on a connection with a verified certificate, and closes it. */
export async function withDatabase<T>(login: Login, work: (client: Client) => Promise<T>): Promise<T> {
  const { port, database, user = SUPERUSER, password = readFileSync(passwordFile, "utf8") } = login;
  const ssl = { ca: readFileSync(caFile), rejectUnauthorized: true };
  const client = new Client({ host: "localhost", port, database, user, password, ssl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
