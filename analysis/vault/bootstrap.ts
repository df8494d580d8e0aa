import { bootstrapNames } from "../../constructs/jobs/bootstrap-names";
import type { Binding } from "./bindings";
import { type Identity, identityKey } from "./identity";
import type { PolicyText } from "./policy-texts";
import type { Json } from "../terraform/blocks";
import type { Environment, Resource } from "../terraform/synthesized";
import { textOf } from "../terraform/values";

/** Roles that the bootstrap job writes, by the variable of the job that names their ServiceAccount. */
const ROLES: readonly (readonly [role: string, serviceAccount: string])[] = [
  [bootstrapNames.deployRole, "DEPLOY_SERVICE_ACCOUNT"],
  [bootstrapNames.checkRole, "BOOTSTRAP_SERVICE_ACCOUNT"],
];

/** TTL of a login by these roles, in seconds. The script of the job sets it. */
const LIFE = 1800;

/** Name of a bootstrap policy. @param role for example deploy */
export function bootstrapPolicyName(role: string): string {
  return `${bootstrapNames.authPath}-${role}`;
}

/** Policies that the bootstrap job writes to Vault: files of a ConfigMap. */
export function bootstrapPolicies({ type, attributes }: Resource): PolicyText[] {
  if (!/^kubernetes_config_map(_v1)?$/.test(type)) return [];
  const files = (attributes.data ?? {}) as Json;
  return ROLES.map(([role]) => ({
    name: bootstrapPolicyName(role),
    text: files[`${role}-policy.hcl`],
  })).filter(({ text }) => text !== undefined);
}

/** Identities that log in by the roles of the bootstrap job: Terraform, and the job itself. */
export function bootstrapIdentities({ resources }: Environment): Identity[] {
  return resources.flatMap((resource) => {
    if (!/^kubernetes_job(_v1)?$/.test(resource.type)) return [];
    const variables = variablesOf(resource.body);
    return ROLES.flatMap(([role, variable]) => {
      const name = variables.get(variable);
      const namespace = variables.get("NAMESPACE");
      return name === undefined || namespace === undefined ? [] : [identity(resource, role, namespace, name)];
    });
  });
}

function identity(
  { writtenBy, file, stack }: Resource,
  role: string,
  namespace: string,
  name: string,
): Identity {
  const mount = `auth/${bootstrapNames.authPath}`;
  const bindings: Binding[] = [
    { name: "audience", values: [bootstrapNames.audience], effect: "limit" },
    { name: "bound_service_account_names", values: [name], effect: "admission" },
    { name: "bound_service_account_namespaces", values: [namespace], effect: "admission" },
  ];
  return {
    key: identityKey("", mount, "role", role),
    kind: "role",
    namespace: "",
    mount,
    name: role,
    subject: `ServiceAccount ${namespace}/${name}`,
    policies: [{ name: bootstrapPolicyName(role) }, { name: "default" }],
    bindings,
    lifetime: { ttl: LIFE, maxTtl: LIFE, explicitMaxTtl: 0, period: 0 },
    writtenBy,
    file,
    stack,
  };
}

/** Variables of the first container that has one of the ServiceAccounts. */
function variablesOf(job: Json): Map<string, string> {
  const pod = at(at(at(job.spec).template).spec);
  const containers = [pod.init_container, pod.container].flat().filter(Boolean) as Json[];
  const all = containers.map(
    ({ env }) =>
      new Map(
        ([env].flat().filter(Boolean) as Json[]).map((it) => [textOf(it.name), textOf(it.value ?? "")]),
      ),
  );
  return all.find((variables) => ROLES.some(([, variable]) => variables.has(variable))) ?? new Map();
}

/** First block of an attribute. A single block may be written without a list. */
function at(block: unknown): Json {
  return ([block].flat()[0] ?? {}) as Json;
}
