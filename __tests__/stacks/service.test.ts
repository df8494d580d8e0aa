import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadEnvironments } from "../../platform/load";
import { production } from "../../environments/production";
import { readablePart } from "../../platform/schema";
import { servicesOf } from "../../platform/service";
import { whereReadable } from "../../platform/readable";
import { Synthesized } from "../support/synth";
import { writePlatform } from "../support/platform";
import { fullService, withFullService } from "./support/full-service";

const [service] = servicesOf(loadEnvironments([withFullService])[0]);
const { outdir } = writePlatform([withFullService]);
const [config, workloads] = ["config", "workloads"].map((layer) => {
  const file = join(outdir, "stacks", `production-${layer}`, "cdk.tf.json");
  return new Synthesized(JSON.parse(readFileSync(file, "utf8")));
});

/** Namespaces and names of the Kubernetes resources of a type. */
const objects = (type: string) =>
  workloads.resources(type).map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);

test("predicts the names of a service's Kubernetes objects", () => {
  const { namespace, serviceAccount, deploymentName, networkPolicyName, tokenRoleName } = service;
  expect(objects("kubernetes_service_account_v1")).toEqual([`${namespace}/${serviceAccount.name}`]);
  expect(objects("kubernetes_deployment_v1")).toEqual([`${namespace}/${deploymentName}`]);
  expect(objects("kubernetes_network_policy_v1")).toEqual([`${namespace}/${networkPolicyName}`]);
  expect(objects("kubernetes_role_v1")).toEqual([`${namespace}/${tokenRoleName}`]);
  const release = workloads.resource("helm_release");
  expect(release).toMatchObject({ name: service.releaseName, namespace });
  const { resources } = JSON.parse(release.values[0]) as {
    resources: { kind: string; metadata: { name: string } }[];
  };
  const named = (kind: string) =>
    resources.filter((it) => it.kind === kind).map(({ metadata }) => metadata.name);
  expect(named("ClusterSecretStore")).toEqual([service.storeName]);
  expect(named("ExternalSecret")).toEqual(service.secrets.flatMap(({ name }) => name ?? []));
});

test("predicts the names of a service's Vault objects", () => {
  const names = (type: string, argument = "name") =>
    config.resources(type).map((resource): unknown => resource[argument]);
  expect(names("vault_kubernetes_auth_backend_role", "role_name")).toContain(service.roleName);
  expect(names("vault_policy")).toContain(service.policyName);
  const roles = service.databases.map(({ roleName }) => roleName).sort();
  expect(names("vault_database_secret_backend_role")).toEqual(roles);
  expect(config.resource("vault_database_secret_backend_connection").allowed_roles).toEqual(roles);
  expect(names("vault_pki_secret_backend_role")).toEqual([service.pkiRoleName]);
  expect(names("vault_transit_secret_backend_key")).toEqual([service.transitKeyName]);
});

test("returns the readable fields of an invalid definition", () => {
  const definition = { ...fullService, name: "Not A Name", secrets: "none" as never };
  const [flawed] = servicesOf(readablePart({ ...production, services: [definition] })!);
  expect(whereReadable(() => flawed.policyName)).toBeUndefined();
  expect(flawed.namespace).toBe("books");
  expect(flawed.secrets.map(({ name }) => name)).toEqual(["ledger-login", undefined]);
});
