import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadEnvironments } from "../platform/load";
import { local } from "../environments/local";
import { platformNames } from "../platform/names";
import { places } from "./places";
import { choosePorts, freePort } from "./ports";
import { UserError } from "../constructs/core/user-error";
import { writeWhole } from "./write-whole";

const record = join(places.run, "ports.json");

/**
 * Usual ports, which differ from the defaults of the same programs. Each part also has the port after its own: the
 * cluster address of a Vault server, etcd's peers.
 */
const USUAL = {
  kubernetes: 16443,
  etcd: 12379,
  postgres: 15432,
  "vault-0": 18200,
  "vault-1": 18202,
  "vault-2": 18204,
  "vault-0-metrics": 18210,
  "vault-1-metrics": 18212,
  "vault-2-metrics": 18214,
};

/** Ports of a platform, by part. */
export type Ports = Readonly<Record<keyof typeof USUAL | "emulator", number>>;

/** The environment that runs on the platform. */
export const environment = loadEnvironments([local])[0];
/** Names of the environment's resources. */
export const names = platformNames(environment);

/** Ports of the platform that is up, or that was up until its processes ended. */
export function recordedPorts(): Ports | undefined {
  return existsSync(record) ? (JSON.parse(readFileSync(record, "utf8")) as Ports) : undefined;
}

/** Ports of the platform that is up. @throws UserError when their record is missing */
export function requirePorts(): Ports {
  const ports = recordedPorts();
  if (ports) return ports;
  throw new UserError(
    `${record} is missing. Delete the platform and start a new one: ${places.command} -- --fresh`,
  );
}

/**
 * Chooses the ports of a new platform and records them.
 * @throws UserError when the port wanted for the emulator is taken
 */
export async function newPorts(emulator?: number): Promise<Ports> {
  const ports = { ...(await choosePorts(USUAL)), emulator: await freePort(emulator) };
  // Other users may enter but not list it: PostgreSQL's user needs that.
  mkdirSync(places.run, { recursive: true, mode: 0o711 });
  writeWhole(record, JSON.stringify(ports));
  return ports;
}

/** Ports of the three Vault servers. */
export function vaultPorts(ports: Ports) {
  return ([0, 1, 2] as const).map((ordinal) => ({
    api: ports[`vault-${ordinal}`],
    metrics: ports[`vault-${ordinal}-metrics`],
  }));
}

/** URL of the AWS emulator. */
export function emulatorUrl({ emulator }: Ports): string {
  return `http://127.0.0.1:${emulator}`;
}

/** URL of the Kubernetes API. */
export function kubernetesUrl({ kubernetes }: Ports): string {
  return `https://127.0.0.1:${kubernetes}`;
}
