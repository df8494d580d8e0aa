import { delimiter, dirname } from "node:path";
import { makeDatabases } from "./databases";
import { emulatorPart, provideAwsPrograms } from "./emulator";
import { apiServerPart, etcdPart, writeKubeconfig } from "./kubernetes";
import { type Ports, emulatorUrl, environment, kubernetesUrl, names, vaultPorts } from "./platform";
import { preparePostgres } from "./postgres";
import { startPart } from "./supervision";
import { provideShipper } from "./shipper";
import { type PostgresPrograms, goTools, provideGoTool, providePostgres } from "./tools";
import { vaultParts } from "./vault-servers";

type Say = (text: string) => void;

/** The programs of all parts. */
export interface Programs {
  readonly vault: string;
  readonly kubeApiserver: string;
  readonly etcd: string;
  readonly postgres: PostgresPrograms;
  /** Folder of the log shipper of Vault's pods. @default - none; it is not available on this machine */
  readonly shipper?: string;
}

/** Finds, installs or builds all programs before any part starts. */
export async function providePrograms(say: Say): Promise<Programs> {
  await provideAwsPrograms(say);
  const postgres = await providePostgres(say);
  // One after the other: each build uses all cores.
  const vault = await provideGoTool(goTools.vault, say);
  const kubeApiserver = await provideGoTool(goTools.kubeApiserver, say);
  const etcd = await provideGoTool(goTools.etcd, say);
  const shipper = await provideShipper(say);
  return { vault, kubeApiserver, etcd, postgres, shipper };
}

/**
 * Folders of the programs, as a prefix for PATH. Folders that PATH already contains are left out, to keep its order.
 * Vault's is always included: an empty prefix would mean the current folder.
 */
export function pathOfPrograms(programs: Programs, path = process.env.PATH ?? ""): string {
  const { vault, kubeApiserver, etcd, postgres, shipper } = programs;
  const own = path.split(delimiter);
  const folders = [...[kubeApiserver, etcd, postgres.postgres].map(dirname), ...(shipper ? [shipper] : [])];
  const others = folders.filter((it) => !own.includes(it));
  return [...new Set([dirname(vault), ...others])].join(delimiter);
}

/** Starts the AWS emulator. */
export async function startEmulator(ports: Ports, say: Say): Promise<void> {
  await startPart(emulatorPart(ports.emulator));
  say(`the AWS emulator is up at ${emulatorUrl(ports)}`);
}

/** Starts the Kubernetes API and PostgreSQL, which do not depend on AWS. */
export async function startBackends(programs: Programs, ports: Ports, say: Say): Promise<void> {
  await startPart(etcdPart(programs.etcd, ports.etcd));
  await startPart(apiServerPart(programs.kubeApiserver, ports));
  writeKubeconfig(kubernetesUrl(ports));
  say(`the Kubernetes API is up at ${kubernetesUrl(ports)}`);
  await startPart(await preparePostgres(programs.postgres, ports.postgres));
  await makeDatabases(ports.postgres);
  say(`PostgreSQL is up at 127.0.0.1:${ports.postgres}`);
}

/** Starts Vault's servers, which need the key of the foundation stack. @returns their names */
export async function startVault(programs: Programs, ports: Ports, say: Say): Promise<readonly string[]> {
  const parts = vaultParts({
    program: programs.vault,
    ports: vaultPorts(ports),
    emulator: emulatorUrl(ports),
    region: environment.aws.region,
    unsealKeyAlias: names.unsealKeyAlias,
  });
  await Promise.all(parts.map(startPart));
  say(`Vault's servers are up at ${parts.map(({ address }) => address).join(", ")}`);
  return parts.map(({ name }) => name);
}
