import { NameRule } from "../constructs/core/name-rule";
import { allReadable } from "./check";
import { type DerivedName, type NameSource, ofEach } from "./derived-names";
import { type Service, servicesOf } from "./service";

const path = ["name"];

/** Name of a Kubernetes object. Names of one kind follow the same pattern, so they are unique if the services are. */
function object(name: string, of: string): DerivedName {
  return { rule: NameRule.KUBERNETES_OBJECT, name, of, path };
}

const sources: readonly ((service: Service) => readonly DerivedName[])[] = [
  ({ namespace }) => [
    {
      rule: NameRule.KUBERNETES_LABEL,
      name: namespace,
      of: `the namespace ${namespace}`,
      path: ["namespace"],
    },
  ],
  ({ name, serviceAccount, policyName }) => [
    object(serviceAccount.name, `the ServiceAccount of ${name}`),
    { rule: NameRule.VAULT, name: policyName, of: `the role and policy of ${name}`, path },
  ],
  ({ name, deploymentName, networkPolicyName }) => {
    if (deploymentName === undefined) return [];
    return [
      { rule: NameRule.KUBERNETES_LABEL, name: deploymentName, of: `the label app of ${name}`, path },
      object(deploymentName, `the Deployment of ${name}`),
      object(networkPolicyName, `the network policy of ${name}`),
    ];
  },
  ({ name, hasSecrets, releaseName, storeName, tokenRoleName }) => {
    if (!hasSecrets) return [];
    return [
      { rule: NameRule.HELM_RELEASE, name: releaseName, of: "the Helm release of its Secrets", path },
      object(storeName, "the ClusterSecretStore"),
      object(tokenRoleName, `the Role for tokens of ${name}`),
    ];
  },
  ({ secrets }) =>
    allReadable(secrets, ({ name, field }) =>
      name === undefined ? [] : [{ ...object(name, `the Secret ${name}`), path: field }],
    ).flat(),
  // The service checks report collisions of these names, because their message suggests an alias.
  (service) =>
    service.databases.map(({ index, name, alias, roleName }) => ({
      rule: NameRule.VAULT,
      name: roleName,
      of: `the role of ${service.name} for ${name}`,
      path: alias === undefined ? path : ["databases", index, "alias"],
    })),
  // The agent requests a certificate with the first name as its common name.
  ({ deploymentName, definition: { certificates } }) =>
    certificates.length > 0 && deploymentName !== undefined
      ? [
          {
            rule: NameRule.COMMON_NAME,
            name: certificates[0],
            of: "the common name of its certificate",
            path: ["certificates", 0],
          },
        ]
      : [],
];

/** Sources of the services' names in Kubernetes and in Vault. */
export const namesOfServices: readonly NameSource[] = sources.map((source) =>
  ofEach(["services"], servicesOf, source),
);
