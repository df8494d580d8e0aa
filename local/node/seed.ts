import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { paymentsDatabase } from "../../environments/shared";
import { KubernetesApi, type KubernetesObject } from "../kubernetes";
import { UserError } from "../../constructs/core/user-error";
import { platformCa } from "./authority";
import { node, ports } from "./node";
import { abilities } from "./settings";

/** Time in seconds for the cluster layer to create the namespaces. */
const SECONDS = 600;

/**
 * Creates the objects that the stacks expect from the owner of a cluster, while the cluster layer is deployed. These
 * are the CA that signs Vault's certificate (without cert-manager the certificate), credentials of the SIEM, and the
 * Service of the database.
 * @throws UserError that names the object that did not appear in time
 */
export async function seed(say: (text: string) => void): Promise<void> {
  const api = KubernetesApi.fromKubeconfig();
  const text = (path: string) => readFileSync(path, "utf8");
  if (abilities().certManager) {
    await waitFor(api, "/api/v1/namespaces/cert-manager", "namespace cert-manager");
    const metadata = { name: "platform-ca", namespace: "cert-manager" };
    await api.apply(
      secret(metadata, { "tls.crt": text(platformCa.certificate), "tls.key": text(platformCa.key) }),
      "secrets",
    );
    const issuer = {
      apiVersion: "cert-manager.io/v1",
      kind: "ClusterIssuer",
      metadata: { name: metadata.name },
      spec: { ca: { secretName: metadata.name } },
    };
    await until("ClusterIssuer platform-ca", () => api.apply(issuer, "clusterissuers"));
    say("ClusterIssuer platform-ca signs with the CA");
  } else {
    await waitFor(api, "/api/v1/namespaces/vault", "namespace vault");
    const data = {
      "tls.crt": text(platformCa.server.certificate),
      "tls.key": text(platformCa.server.key),
      "ca.crt": text(platformCa.certificate),
    };
    await api.apply(secret({ name: "vault-tls", namespace: "vault" }, data), "secrets");
    say("Secret vault-tls has the certificate of Vault's servers");
  }
  await waitFor(api, "/api/v1/namespaces/vault", "namespace vault");
  // There is no SIEM here: the shipper keeps the log lines that it cannot send.
  await api.apply(secret({ name: "siem-credentials", namespace: "vault" }, { hec: "none" }), "secrets");
  await waitFor(api, "/api/v1/namespaces/production", "namespace production");
  const [name, namespace] = paymentsDatabase.host.split(".");
  const port = { name: "postgres", port: ports.postgres };
  await api.apply(
    { apiVersion: "v1", kind: "Service", metadata: { name, namespace }, spec: { ports: [port] } },
    "services",
  );
  await api.apply(
    {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: { name: `${name}-node`, namespace, labels: { "kubernetes.io/service-name": name } },
      addressType: "IPv4",
      ports: [port],
      endpoints: [{ addresses: [node.address] }],
    },
    "endpointslices",
  );
  say(`Service ${name} leads to the database`);
}

function secret(
  metadata: KubernetesObject["metadata"],
  stringData: Record<string, string>,
): KubernetesObject {
  return { apiVersion: "v1", kind: "Secret", metadata, stringData };
}

function waitFor(api: KubernetesApi, path: string, what: string): Promise<void> {
  return until(what, async () => void (await api.request("GET", path)));
}

async function until(what: string, attempt: () => Promise<void>): Promise<void> {
  const end = Date.now() + SECONDS * 1000;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > end) {
        throw new UserError(`${what} did not appear in ${SECONDS} s: ${(error as Error).message}`);
      }
      await sleep(1000);
    }
  }
}
