import type { Environment } from "../../platform/schema";
import { platformNames } from "../../platform/names";
import { UserError } from "../../constructs/core/user-error";
import { run } from "../processes";

// Responses of the APIs, without a schema.
type Json = any; // eslint-disable-line @typescript-eslint/no-explicit-any

/** Properties of a cluster and its AWS account. Properties that could not be read are missing. */
export interface Facts {
  /** Time of the queries, ISO 8601. */
  readonly now: string;
  /** Versions of kubectl and of the cluster. */
  readonly version: Json;
  /** Nodes of the cluster. */
  readonly nodes: Json;
  /** Heartbeats of the nodes. */
  readonly leases: Json;
  /** StorageClasses of the cluster. */
  readonly storageClasses: Json;
  /** CSI drivers of the cluster. */
  readonly csiDrivers: Json;
  /** DaemonSets of all namespaces. */
  readonly daemonSets: Json;
  /** CustomResourceDefinitions of the cluster. */
  readonly customResources: Json;
  /** Pods of kube-system with the label of DNS servers. @default - not read */
  readonly dnsPods?: Json;
  /** EndpointSlices of the Service `kubernetes`. @default - not read */
  readonly apiEndpoints?: Json;
  /** Static pods of the control plane, if it runs on nodes. */
  readonly apiServers: Json;
  /** OpenID configuration of the API server, which signs the ServiceAccount tokens. */
  readonly oidc?: Json;
  /** Reason why AWS was not queried. @default - AWS was queried */
  readonly noAws?: string;
  /** OIDC providers of the account. */
  readonly oidcProviders?: Json;
  /** IAM role of the Vault servers. @default - it does not exist yet */
  readonly serverRole?: Json;
  /** EC2 instances of the nodes. */
  readonly instances?: Json;
  /** Description of the EKS cluster. @default - the cluster is not EKS */
  readonly eks?: Json;
}

/** Queries the cluster and AWS. @throws UserError if the cluster does not answer */
export async function gatherFacts(environment: Environment, env: NodeJS.ProcessEnv): Promise<Facts> {
  const get = (...args: string[]) => kubectl(["get", ...args, "-o", "json"], env);
  const cluster = {
    now: new Date().toISOString(),
    version: await kubectl(["version", "-o", "json"], env),
    nodes: await get("nodes"),
    leases: await get("leases", "-n", "kube-node-lease"),
    storageClasses: await get("storageclasses"),
    csiDrivers: await get("csidrivers"),
    daemonSets: await get("daemonsets", "-A"),
    customResources: await get("customresourcedefinitions"),
    dnsPods: await get("pods", "-n", "kube-system", "-l", "k8s-app=kube-dns"),
    apiEndpoints: await get(
      ...["endpointslices", "-n", "default", "-l", "kubernetes.io/service-name=kubernetes"],
    ),
    apiServers: await get("pods", "-n", "kube-system", "-l", "component=kube-apiserver"),
    oidc: await kubectl(["get", "--raw", "/.well-known/openid-configuration"], env).catch(() => undefined),
  };
  return { ...cluster, ...(await askAws(environment, cluster.nodes, env)) };
}

async function askAws({ name, aws, kubernetes }: Environment, nodes: Json, env: NodeJS.ProcessEnv) {
  const ask = (...args: string[]) => awsCli([...args, "--region", aws.region, "--output", "json"], env);
  try {
    const instances = (nodes.items as Json[]).flatMap(
      ({ spec }) => /^aws:\/\/.*\/(i-[0-9a-f]+)$/.exec(spec.providerID ?? "")?.[1] ?? [],
    );
    return {
      oidcProviders: await ask("iam", "list-open-id-connect-providers"),
      serverRole: await ask(
        "iam",
        "get-role",
        "--role-name",
        platformNames({ name, aws }).roles.server,
      ).catch(() => undefined),
      instances:
        instances.length > 0
          ? await ask("ec2", "describe-instances", "--instance-ids", ...instances)
          : undefined,
      eks:
        kubernetes.distribution === "eks"
          ? await ask("eks", "describe-cluster", "--name", kubernetes.clusterName)
          : undefined,
    };
  } catch (error) {
    return { noAws: (error as Error).message };
  }
}

async function kubectl(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Json> {
  return ask("kubectl", [...args, "--request-timeout=20s"], env, "the cluster");
}

async function awsCli(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Json> {
  return ask("aws", args, env, "AWS");
}

async function ask(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  whom: string,
): Promise<Json> {
  const { code, stdout, stderr } = await run(program, args, { env }).catch(() => {
    throw new UserError(`${program} is not on PATH; ${whom} is asked by it.`);
  });
  if (code !== 0)
    throw new UserError(`${whom} did not answer ${program} ${args.join(" ")}: ${stderr.trim()}`);
  return JSON.parse(stdout);
}
