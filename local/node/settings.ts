import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { ClusterSettings } from "../../environments/cluster";
import { paymentsDatabase, paymentService } from "../../environments/shared";
import { caFile } from "../certificates";
import { initialPasswords } from "../databases";
import { awsIdentity, awsPrograms } from "../emulator";
import { SERVICE_ACCOUNT_ISSUER } from "../kubernetes";
import { places } from "../places";
import { findMirroredProviders, ownCliConfig, renderCliConfig } from "../provider-mirrors";
import { platformCa } from "./authority";
import { neighbour } from "./neighbour";
import { OTHER_VAULT_IMAGE, STORAGE_CLASS, emulatorUrl, node, nodePlaces, ports } from "./node";
import { OPTIONAL, onNode } from "./recipes";

/** What of the platform can run here: what it is made of is on this machine. */
export function abilities() {
  return {
    certManager: onNode(OPTIONAL.certManager) && hasChart("cert-manager"),
    externalSecrets: onNode(OPTIONAL.externalSecrets) && hasChart("external-secrets"),
    injector: onNode(OPTIONAL.injector),
  };
}

/** What the environment `cluster` is on this node. */
export function writeSettings(): void {
  const host = `${node.address}/32`;
  const can = abilities();
  const { secrets, deployment, ...service } = paymentService;
  const settings = {
    kubernetes: {
      oidcProvider: SERVICE_ACCOUNT_ISSUER.replace("https://", ""),
      existingNamespaces: [neighbour.namespace],
      operators: {
        certManager: can.certManager ? "install" : "none",
        externalSecrets: can.externalSecrets ? "install" : "none",
      },
    },
    network: { controlPlane: [host], vpcEndpoints: [host], apiServer: [`${node.apiService}/32`] },
    vault: {
      storageClass: STORAGE_CLASS,
      existingStorageClass: true,
      tls: {
        caCertificates: [readFileSync(platformCa.certificate, "utf8")],
        ...(can.certManager ? {} : { issuer: null, existingSecret: "vault-tls" }),
      },
    },
    databases: [{ ...paymentsDatabase, port: ports.postgres, ranges: [host] }],
    services: [
      {
        ...service,
        ...(can.injector && { deployment: { ...deployment, replicas: 1 } }),
        ...(can.externalSecrets && { secrets }),
      },
      // Its team has its own Deployment and its own policies.
      { name: neighbour.name, namespace: neighbour.namespace, team: neighbour.namespace, reads: ["till/*"] },
    ],
    ...(process.env.CHARTS && { mirrors: { charts: process.env.CHARTS } }),
  };
  writeFileSync(nodePlaces.settings, `${JSON.stringify(settings as ClusterSettings, undefined, 2)}\n`);
}

/** A chart comes from its repository, unless all charts are in a folder. */
function hasChart(name: string): boolean {
  const folder = process.env.CHARTS;
  return !folder || existsSync(join(folder, name, "Chart.yaml"));
}

/** What programs read to work on the node: Terraform with its providers, kubectl, the project's own. */
export function nodeEnvironment(): Record<string, string> {
  // The AWS command line is the emulator's; a Python of one's own comes first.
  const path = [process.env.PATH, awsPrograms].join(delimiter);
  return { ...nodeVariables(), PATH: path, ...initialPasswords() };
}

/** What cdktf, Terraform and kubectl need of it; none of it is a secret. */
export function nodeVariables(): Record<string, string> {
  const cliConfig = ownCliConfig(process.env) ?? join(places.run, "terraform.rc");
  if (cliConfig === join(places.run, "terraform.rc")) {
    const providers = findMirroredProviders({ env: process.env, project: places.root, addOns: "/opt" });
    writeFileSync(cliConfig, renderCliConfig(providers));
  }
  return {
    KUBECONFIG: places.kubeconfig,
    KUBE_CONFIG_PATH: places.kubeconfig,
    CLUSTER_SETTINGS: nodePlaces.settings,
    AWS_ENDPOINT_URL: emulatorUrl,
    ...awsIdentity,
    TF_CLI_CONFIG_FILE: cliConfig,
    // Where the database is for programs of this machine, and who signs its certificate.
    CLUSTER_DATABASE_HOST: node.address,
    CLUSTER_DATABASE_CA: caFile,
    CLUSTER_ENFORCES_POLICIES: "true",
    CLUSTER_OTHER_VAULT_IMAGE: OTHER_VAULT_IMAGE,
  };
}
