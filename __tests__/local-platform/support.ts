import { randomUUID } from "node:crypto";
import { bootstrapNames } from "../../constructs/jobs/bootstrap-names";
import { caFile } from "../../local/certificates";
import { type HttpAnswer, httpRequest } from "../../local/http";
import { KubernetesApi } from "../../local/kubernetes";
import { type Ports, environment, names, recordedPorts, vaultPorts } from "../../local/platform";
import { type PartRecord, partsWithHealth } from "../../local/supervision";
import { vaultAddress } from "../../local/vault-servers";

export const ports = recordedPorts() as Ports;
export const cluster = KubernetesApi.fromKubeconfig();

/** URLs of Vault's servers, vault-0 first. */
export const servers = vaultPorts(ports).map(vaultAddress);

/** The service of the article, and the database that it uses. */
export const service = environment.services.find(({ name }) => name === "payment-service")!;
export const database = environment.databases.find(({ name }) => name === service.databases[0].name)!;

export interface AskedRequest {
  /** By which Vault's audit devices have the request. */
  readonly id: string;
  readonly method: string;
  readonly path: string;
}

/** What this test file has asked Vault. */
export const asked: AskedRequest[] = [];

interface AskOptions {
  /** @default - vault-0 */
  readonly server?: string;
  readonly token?: string;
  readonly body?: unknown;
  /** @default 30000 - the machine may be busy */
  readonly timeoutMs?: number;
}

/** One request to Vault, with its answer whatever that is. */
export function ask(method: string, path: string, options: AskOptions = {}): Promise<HttpAnswer> {
  const { server = servers[0], token, body, timeoutMs = 30_000 } = options;
  const id = randomUUID();
  asked.push({ id, method, path });
  return httpRequest(`${server}/v1/${path}`, {
    method,
    body,
    headers: { "X-Correlation-Id": id, ...(token && { "X-Vault-Token": token }) },
    tls: { ca: caFile },
    timeoutMs,
  });
}

type Answer = any; // eslint-disable-line @typescript-eslint/no-explicit-any

/** A Vault token, used at any server. */
export class Session {
  constructor(
    readonly token: string,
    private readonly timeoutMs?: number,
  ) {}

  /** @throws Error with what Vault said, unless it agreed; by default at the first server */
  async request(method: string, path: string, body?: unknown, server?: string): Promise<Answer> {
    const { token, timeoutMs } = this;
    const { status, text } = await ask(method, path, { token, body, server, timeoutMs });
    if (status >= 300) throw new Error(`Vault refused ${method} ${path} with ${status}: ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  }

  /** The status code with which Vault answers. */
  async status(method: string, path: string, body?: unknown): Promise<number> {
    return (await ask(method, path, { token: this.token, body })).status;
  }

  /** Gives the login back, and with it every lease that it has. */
  async end(): Promise<void> {
    await this.request("POST", "auth/token/revoke-self");
  }
}

/** Logs in to Vault by a ServiceAccount token. @throws Error with what Vault said, unless it agreed */
export async function logIn(mount: string, role: string, jwt: string): Promise<Session> {
  const { status, text } = await ask("POST", `auth/${mount}/login`, { body: { role, jwt } });
  if (status !== 200) throw new Error(`Vault refused the login as ${role} with ${status}: ${text}`);
  return new Session(JSON.parse(text).auth.client_token);
}

/** A token of a ServiceAccount, made for Vault unless something else is said. */
export function serviceAccountToken(
  namespace: string,
  name: string,
  audience: string = bootstrapNames.audience,
): Promise<string> {
  return cluster.serviceAccountToken(namespace, name, { audience, seconds: 600 });
}

/** Logs in as Terraform does: with a token of its ServiceAccount that is made for Vault alone. */
export async function logInAsTerraform(): Promise<Session> {
  const { authPath, deployRole, deployServiceAccount } = bootstrapNames;
  return logIn(authPath, deployRole, await serviceAccountToken(names.namespace, deployServiceAccount));
}

/** Logs in as a pod of the payment service does. */
export async function logInAsService(): Promise<Session> {
  const { namespace, name } = service;
  return logIn("kubernetes", name, await serviceAccountToken(namespace, name));
}

/** A person who looks after static secrets, which Terraform may not read or write. */
export class SecretKeeper {
  private static readonly NAME = "test-secret-keeper";

  static async arrive(): Promise<SecretKeeper> {
    const { NAME: name } = SecretKeeper;
    const { namespace } = names;
    await cluster.apply(
      { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace } },
      "serviceaccounts",
    );
    const terraform = await logInAsTerraform();
    const policy = 'path "secret/*" { capabilities = ["create", "read", "update", "delete", "list"] }';
    await terraform.request("PUT", `sys/policies/acl/${name}`, { policy });
    await terraform.request("POST", `auth/kubernetes/role/${name}`, {
      bound_service_account_names: [name],
      bound_service_account_namespaces: [namespace],
      audience: bootstrapNames.audience,
      token_policies: [name],
      token_ttl: "10m",
    });
    return new SecretKeeper(
      terraform,
      await logIn("kubernetes", name, await serviceAccountToken(namespace, name)),
    );
  }

  private constructor(
    private readonly terraform: Session,
    private readonly session: Session,
  ) {}

  async write(path: string, data: Record<string, string>): Promise<void> {
    await this.session.request("POST", `secret/data/${path}`, { data });
  }

  /** @returns what puts back what was there before */
  async replace(path: string, data: Record<string, string>): Promise<() => Promise<void>> {
    const { status, text } = await ask("GET", `secret/data/${path}`, { token: this.session.token });
    await this.write(path, data);
    return () => (status === 200 ? this.write(path, JSON.parse(text).data.data) : this.forget(path));
  }

  /** Deletes secrets for good. */
  async forget(...paths: string[]): Promise<void> {
    for (const path of paths) await this.session.request("DELETE", `secret/metadata/${path}`);
  }

  async leave(): Promise<void> {
    const { NAME: name } = SecretKeeper;
    await this.session.end();
    await this.terraform.request("DELETE", `auth/kubernetes/role/${name}`);
    await this.terraform.request("DELETE", `sys/policies/acl/${name}`);
    await cluster.request("DELETE", `/api/v1/namespaces/${names.namespace}/serviceaccounts/${name}`);
  }
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
