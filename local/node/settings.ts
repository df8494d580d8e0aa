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

/** Optional components that can run on this node, because their programs and charts are available here. */
export function abilities() {
  return {
    certManager: onNode(OPTIONAL.certManager) && hasChart("cert-manager"),
    externalSecrets: onNode(OPTIONAL.externalSecrets) && hasChart("external-secrets"),
    injector: onNode(OPTIONAL.injector),
  };
}

/** Writes the settings of the environment `cluster` for this node. */
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
      // Its team manages the Deployment and the policies.
      { name: neighbour.name, namespace: neighbour.namespace, team: neighbour.namespace, reads: ["till/*"] },
    ],
    ...(process.env.CHARTS && { mirrors: { charts: process.env.CHARTS } }),
  };
  writeFileSync(nodePlaces.settings, `${JSON.stringify(settings as ClusterSettings, undefined, 2)}\n`);
}

/** Returns true if a chart is available: from its repository, unless `CHARTS` names a folder for all charts. */
function hasChart(name: string): boolean {
  const folder = process.env.CHARTS;
  return !folder || existsSync(join(folder, name, "Chart.yaml"));
}

/** Environment of programs that use the node: Terraform with its providers, kubectl, and the project's commands. */
export function nodeEnvironment(): Record<string, string> {
  // The AWS command line comes from the emulator's folder, which is last: your own Python takes precedence.
  const path = [process.env.PATH, awsPrograms].join(delimiter);
  return { ...nodeVariables(), PATH: path, ...initialPasswords() };
}

/** Variables for cdktf, Terraform and kubectl. None of them is secret. */
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
    // Address of the database for programs of this machine, and the CA of its certificate.
    CLUSTER_DATABASE_HOST: node.address,
    CLUSTER_DATABASE_CA: caFile,
    CLUSTER_ENFORCES_POLICIES: "true",
    CLUSTER_OTHER_VAULT_IMAGE: OTHER_VAULT_IMAGE,
  };
}
