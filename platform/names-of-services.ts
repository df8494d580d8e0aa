import { NameRule } from "../constructs/core/name-rule";
import { type DerivedName, ofEach } from "./derived-names";
import type { Environment } from "./schema";
import { databaseRoleName, serviceNames } from "./service-names";

type Service = Environment["services"][number];

const path = ["name"];

/** Objects of one kind are named alike, so they are apart as the services are. */
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
  ({ name }) => [
    object(name, `the ServiceAccount of ${name}`),
    { rule: NameRule.VAULT, name, of: `the role and policy of ${name}`, path },
  ],
  ({ name, deployment }) => {
    if (!deployment) return [];
    return [
      { rule: NameRule.KUBERNETES_LABEL, name, of: `the label app of ${name}`, path },
      object(name, `the Deployment of ${name}`),
      object(serviceNames(name).egressPolicy, `the network policy of ${name}`),
    ];
  },
  ({ name, secrets, databases }) => {
    if (secrets.length === 0 && databases.every(({ secret }) => secret === undefined)) return [];
    const { release, store, tokenRole } = serviceNames(name);
    return [
      { rule: NameRule.HELM_RELEASE, name: release, of: "the Helm release of its Secrets", path },
      object(store, "the ClusterSecretStore"),
      object(tokenRole, `the Role for tokens of ${name}`),
    ];
  },
  ({ secrets }) =>
    secrets.map(({ name }, index) => ({
      ...object(name, `the Secret ${name}`),
      path: ["secrets", index, "name"],
    })),
  ({ databases }) =>
    [...databases.entries()].flatMap(([index, { secret }]) =>
      secret === undefined
        ? []
        : [{ ...object(secret, `the Secret ${secret}`), path: ["databases", index, "secret"] }],
    ),
  // That no two of them meet is a check of services, which tells of an alias.
  ({ name, databases }) =>
    [...databases.entries()].map(([index, { alias, name: database }]) => ({
      rule: NameRule.VAULT,
      name: databaseRoleName(name, alias),
      of: `the role of ${name} for ${database}`,
      path: alias === undefined ? path : ["databases", index, "alias"],
    })),
  // The agent asks for a certificate with the first one as its common name.
  ({ certificates: [name], deployment }) =>
    name !== undefined && deployment
      ? [
          {
            rule: NameRule.COMMON_NAME,
            name,
            of: "the common name of its certificate",
            path: ["certificates", 0],
          },
        ]
      : [],
];

/** What services have in Kubernetes and in Vault. */
export const namesOfServices = sources.map((source) =>
  ofEach(["services"], ({ services }) => services, source),
);
