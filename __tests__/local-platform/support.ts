import { randomUUID } from "node:crypto";
import { bootstrapNames } from "../../constructs/jobs/bootstrap-names";
import { caFile } from "../../local/certificates";
import { type HttpAnswer, httpRequest } from "../../local/http";
import { KubernetesApi } from "../../local/kubernetes";
import { type Ports, environment, names, recordedPorts, vaultPorts } from "../../local/platform";
import { type PartRecord, partsWithHealth } from "../../local/supervision";
import { vaultAddress } from "../../local/vault-servers";

/** Ports of the local platform. */
export const ports = recordedPorts() as Ports;
/** Client of the local platform's Kubernetes API. */
export const cluster = KubernetesApi.fromKubeconfig();

/** URLs of the Vault servers, vault-0 first. */
export const servers = vaultPorts(ports).map(vaultAddress);

/** Service of the article. */
export const service = environment.services.find(({ name }) => name === "payment-service")!;
/** Database of the service. */
export const database = environment.databases.find(({ name }) => name === service.databases[0].name)!;

/** Request that a test sent to Vault. */
export interface AskedRequest {
  /** Correlation ID by which the audit devices record the request. */
  readonly id: string;
  readonly method: string;
  readonly path: string;
}

/** Requests of this test file to Vault. */
export const asked: AskedRequest[] = [];

interface AskOptions {
  /** URL of the server. @default - vault-0 */
  readonly server?: string;
  readonly token?: string;
  readonly body?: unknown;
  /** Timeout in milliseconds. @default 30000 - the machine may be busy */
  readonly timeoutMs?: number;
}

/** Sends one request to Vault and returns the response, including errors. */
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

/** Vault token, valid at any server. */
export class Session {
  constructor(
    readonly token: string,
    private readonly timeoutMs?: number,
  ) {}

  /** Sends a request, to the first server by default. @throws Error with Vault's response unless it succeeds */
  async request(method: string, path: string, body?: unknown, server?: string): Promise<Answer> {
    const { token, timeoutMs } = this;
    const { status, text } = await ask(method, path, { token, body, server, timeoutMs });
    if (status >= 300) throw new Error(`Vault refused ${method} ${path} with ${status}: ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  }

  /** Sends a request. @returns the status code */
  async status(method: string, path: string, body?: unknown): Promise<number> {
    return (await ask(method, path, { token: this.token, body })).status;
  }

  /** Revokes the token and all its leases. */
  async end(): Promise<void> {
    await this.request("POST", "auth/token/revoke-self");
  }
}

/** Logs in to Vault with a ServiceAccount token. @throws Error with Vault's response if it refuses */
export async function logIn(mount: string, role: string, jwt: string): Promise<Session> {
  const { status, text } = await ask("POST", `auth/${mount}/login`, { body: { role, jwt } });
  if (status !== 200) throw new Error(`Vault refused the login as ${role} with ${status}: ${text}`);
  return new Session(JSON.parse(text).auth.client_token);
}

/** Creates a ServiceAccount token; the default audience is Vault. */
export function serviceAccountToken(
  namespace: string,
  name: string,
  audience: string = bootstrapNames.audience,
): Promise<string> {
  return cluster.serviceAccountToken(namespace, name, { audience, seconds: 600 });
}

/** Logs in like Terraform, with a token of its ServiceAccount that is valid only for Vault. */
export async function logInAsTerraform(): Promise<Session> {
  const { authPath, deployRole, deployServiceAccount } = bootstrapNames;
  return logIn(authPath, deployRole, await serviceAccountToken(names.namespace, deployServiceAccount));
}

/** Logs in like a pod of the payment service. */
export async function logInAsService(): Promise<Session> {
  const { namespace, name } = service;
  return logIn("kubernetes", name, await serviceAccountToken(namespace, name));
}

/** Secret writer: manages static secrets, which Terraform may neither read nor write. */
export class SecretWriter {
  private static readonly NAME = "test-secret-writer";

  /** Creates the ServiceAccount, role and policy of the secret writer, and logs in. */
  static async arrive(): Promise<SecretWriter> {
    const { NAME: name } = SecretWriter;
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
    return new SecretWriter(
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

  /** Writes a secret. @returns a function that restores the previous value */
  async replace(path: string, data: Record<string, string>): Promise<() => Promise<void>> {
    const { status, text } = await ask("GET", `secret/data/${path}`, { token: this.session.token });
    await this.write(path, data);
    return () => (status === 200 ? this.write(path, JSON.parse(text).data.data) : this.forget(path));
  }

  /** Deletes secrets permanently, with all versions. */
  async forget(...paths: string[]): Promise<void> {
    for (const path of paths) await this.session.request("DELETE", `secret/metadata/${path}`);
  }

  /** Revokes the login and deletes the ServiceAccount, role and policy. */
  async leave(): Promise<void> {
    const { NAME: name } = SecretWriter;
    await this.session.end();
    await this.terraform.request("DELETE", `auth/kubernetes/role/${name}`);
    await this.terraform.request("DELETE", `sys/policies/acl/${name}`);
    await cluster.request("DELETE", `/api/v1/namespaces/${names.namespace}/serviceaccounts/${name}`);
  }
}

/** Record and health of a process that the supervisor manages. */
export async function part(name: string): Promise<PartRecord & { health: { says: string } }> {
  const found = (await partsWithHealth())?.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`the supervisor knows no ${name}`);
  return found;
}

/** Names of the Vault servers that report a state, such as "active". */
export async function serversThatSay(word: string): Promise<string[]> {
  const parts = (await partsWithHealth()) ?? [];
  return parts
    .filter(({ name, health }) => name.startsWith("vault-") && health.says === word)
    .map(({ name }) => name);
}

/** Waits until a condition is true. @throws Error naming the condition after the given time */
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

/** Members of the Raft cluster, as the leader reports them. */
export async function raftServers(session: Session): Promise<RaftServer[]> {
  const { data } = await session.request("GET", "sys/storage/raft/configuration");
  return data.config.servers;
}
