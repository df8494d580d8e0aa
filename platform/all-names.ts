import { NameRule } from "../constructs/core/name-rule";
import { type DerivedName, type NameSource, ofEach } from "./derived-names";
import { platformNames, teamDeployName, teamGithubEnvironment, teamNamespaces } from "./names";
import { namesInAws, roleNames } from "./names-in-aws";
import { namesOfServices } from "./names-of-services";
import { whereReadable } from "./readable";
import type { Environment } from "./schema";

function stack(name: string, path: DerivedName["path"]): DerivedName {
  return { rule: NameRule.TERRAFORM_STACK, name, of: `the stack ${name}`, path, within: "Terraform" };
}

function githubEnvironment(repository: string, of: string, name: string): Omit<DerivedName, "path"> {
  // Repository names on GitHub are case-insensitive.
  const within = `the environments of ${repository.toLowerCase()}`;
  return { rule: NameRule.GITHUB_ENVIRONMENT, name, of, within };
}

const layers: NameSource = ({ name }) =>
  ["foundation", "cluster", "config", "workloads", "replication"].map((layer) =>
    stack(`${name}-${layer}`, ["name"]),
  );

const pipelines: NameSource = ({ name, pipeline: { repository } }) => [
  { ...githubEnvironment(repository, "the environment of its pipelines", name), path: ["name"] },
];

/** Names that follow from a team. Several services of one team have the same names. */
const teams = ofEach(
  ["services"],
  ({ services }) => services,
  ({ team }, environment) => {
    const path = ["team"];
    return namesOfTeam(environment, team).map((it) => ({ ...it, path, isShared: true }));
  },
);

function namesOfTeam(environment: Environment, team: string): Omit<DerivedName, "path">[] {
  const { name, aws, shards, pipeline } = environment;
  const names: Omit<DerivedName, "path">[] = [];
  if (shards === "team") {
    names.push(...["config", "workloads"].map((layer) => stack(`${name}-${layer}-${team}`, [])));
  }
  if (pipeline.teamIdentities) {
    const role = platformNames({ name, aws }).teamDeployRole(team);
    const environmentName = teamGithubEnvironment(name, team);
    names.push(
      ...roleNames(role, `the IAM role of the pipeline of ${team}`, aws.account),
      { rule: NameRule.VAULT, name: teamDeployName(team), of: `the role of the pipeline of ${team}` },
      githubEnvironment(pipeline.repository, `the environment of the pipeline of ${team}`, environmentName),
    );
  }
  if (teamNamespaces(environment) !== undefined) {
    names.push(
      { rule: NameRule.VAULT, name: team, of: `the namespace of ${team}` },
      { rule: NameRule.VAULT, name: `kubernetes-logins-${team}`, of: `the quota of ${team}` },
      { rule: NameRule.COMMON_NAME, name: `Vault platform ${team} Issuing CA`, of: `the CA of ${team}` },
    );
  }
  return names;
}

/** Roles of PostgreSQL. Their names are unique in a server. */
const databases = ofEach(
  ["databases"],
  (environment) => environment.databases,
  (database) => {
    const within = `PostgreSQL at ${database.host}:${database.port}`;
    const role = (of: string, nameOf: () => string, field: string, isShared = false): DerivedName[] =>
      whereReadable(() => [
        {
          rule: NameRule.POSTGRES_ROLE,
          name: nameOf(),
          of,
          path: [field],
          within,
          isOwnPlace: true,
          isShared,
        },
      ]) ?? [];
    return [
      ...role("the owner of tables", () => database.owner, "owner", true),
      ...role("Vault's user", () => database.adminUser, "adminUser", true),
      ...role(`the readers of ${database.name}`, () => `${database.database}_app_ro`, "database"),
      ...role(`the writers of ${database.name}`, () => `${database.database}_app_rw`, "database"),
    ];
  },
);

const writers = ofEach(
  ["vault", "secretWriters"],
  ({ vault }) => vault.secretWriters,
  ({ name }) => [{ rule: NameRule.VAULT, name, of: `the role and policy of ${name}`, path: ["name"] }],
);

const SOURCES: readonly NameSource[] = [
  ...namesInAws,
  layers,
  pipelines,
  teams,
  ...namesOfServices,
  databases,
  writers,
];

/** All names that follow from a definition, for each region to which it is written. */
export function namesOf(environment: Environment): DerivedName[] {
  return SOURCES.flatMap((source) => whereReadable(() => source(environment)) ?? []);
}
