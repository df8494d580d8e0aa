import { bootstrapNames } from "../../constructs/cluster/bootstrap-names";
import { caFile } from "../../local/certificates";
import { type HttpAnswer, httpRequest } from "../../local/http";
import { KubernetesApi } from "../../local/kubernetes";
import { type Ports, names, recordedPorts, vaultPorts } from "../../local/platform";
import { type PartRecord, partsWithHealth } from "../../local/supervision";
import { vaultAddress } from "../../local/vault-servers";

export const ports = recordedPorts() as Ports;
export const cluster = KubernetesApi.fromKubeconfig();

/** URLs of Vault's servers, vault-0 first. */
export const servers = vaultPorts(ports).map(vaultAddress);

/** One request to Vault, with its answer whatever that is. */
export function ask(
  method: string,
  path: string,
  { server = servers[0], token, body }: { server?: string; token?: string; body?: unknown } = {},
): Promise<HttpAnswer> {
  return httpRequest(`${server}/v1/${path}`, {
    method,
    body,
    headers: token ? { "X-Vault-Token": token } : {},
    tls: { ca: caFile },
  });
}

type Answer = any; // eslint-disable-line @typescript-eslint/no-explicit-any

/** A Vault token, used at any server. */
export class Session {
  constructor(readonly token: string) {}

  /** @throws Error with what Vault said, unless it agreed; by default at the first server */
  async request(method: string, path: string, body?: unknown, server?: string): Promise<Answer> {
    const { status, text } = await ask(method, path, { token: this.token, body, server });
    if (status >= 300) throw new Error(`Vault refused ${method} ${path} with ${status}: ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  }
}

/** Logs in as Terraform does: with a token of its ServiceAccount that is made for Vault alone. */
export async function logInAsTerraform(): Promise<Session> {
  const jwt = await cluster.serviceAccountToken(names.namespace, bootstrapNames.deployServiceAccount, {
    audience: bootstrapNames.audience,
    seconds: 600,
  });
  const path = `auth/${bootstrapNames.authPath}/login`;
  const { status, text } = await ask("POST", path, { body: { jwt, role: bootstrapNames.deployRole } });
  if (status !== 200) throw new Error(`Terraform cannot log in: ${status} ${text}`);
  return new Session(JSON.parse(text).auth.client_token);
}

/** What the supervisor says of a part. */
export async function part(name: string): Promise<PartRecord & { health: { says: string } }> {
  const found = (await partsWithHealth())?.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`the supervisor knows no ${name}`);
  return found;
}

/** Names of the servers of Vault that say this of themselves. */
export async function serversThatSay(word: string): Promise<string[]> {
  const parts = (await partsWithHealth()) ?? [];
  return parts
    .filter(({ name, health }) => name.startsWith("vault-") && health.says === word)
    .map(({ name }) => name);
}

/** Waits until it is true. @throws Error that says what was waited for */
export async function eventually(
  what: string,
  seconds: number,
  isTrue: () => Promise<boolean>,
): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await isTrue().catch(() => false))) {
    if (Date.now() > deadline) throw new Error(`waited ${seconds} s in vain: ${what}`);
    await new Promise((done) => setTimeout(done, 200));
  }
}

interface RaftServer {
  readonly node_id: string;
  readonly leader: boolean;
  readonly voter: boolean;
}

/** The members of the Raft cluster, as the leader has them. */
export async function raftServers(session: Session): Promise<RaftServer[]> {
  const { data } = await session.request("GET", "sys/storage/raft/configuration");
  return data.config.servers;
}
