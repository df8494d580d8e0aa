import type { Construct } from "constructs";
import type { IPolicyTarget } from "../../constructs/auth/policy-target";
import type { IPolicy } from "../../constructs/auth/policy";
import type { IVault } from "../../constructs/server/vault";
import { EnterpriseNamespace } from "../../constructs/enterprise/enterprise-namespace";
import { teamNamespaces, teamsOf } from "../../platform/names";
import type { Environment } from "../../platform/schema";
import { servicesOf } from "../../platform/service";
import { type EnterpriseFeatures, addSentinelRolePolicies } from "./enterprise-features";
import type { ExternalAddresses } from "../external-addresses";
import {
  type SharedMounts,
  type ServiceEngines,
  addSharedMounts,
  addLoginQuota,
  addServiceEngines,
} from "./service-engines";

/** Vault namespace of services, with its secrets engines. */
export interface ServicePlace extends ServiceEngines {
  /** Scope of the constructs of services. */
  readonly scope: Construct;
  /** Sentinel policies that evaluate requests of services, by name. */
  readonly sentinelPolicies: ReadonlyMap<string, IPolicy>;
}

/** Vault namespaces of all teams. */
export interface ServicePlaces {
  /** Returns the namespace of a team. */
  readonly of: (team: string) => ServicePlace;
  /** Policy targets of all teams. Those of two teams have the same paths, each in its own namespace. */
  readonly targets: readonly IPolicyTarget[];
}

/** Properties of `addServicePlaces`. */
export interface ServicePlacesProps {
  /** Environment of the services. */
  readonly environment: Environment;
  /** Vault that the services use. */
  readonly vault: IVault;
  /** Shared mounts of the root namespace. */
  readonly basics: SharedMounts;
  /** Addresses for a Vault outside the cluster. @default - none: Vault runs in the cluster */
  readonly outside?: ExternalAddresses;
  /** Enterprise features of the environment. @default - none: Vault is not Vault Enterprise */
  readonly enterprise?: EnterpriseFeatures;
}

/** Adds the secrets engines of services: in the root namespace for all of them, or in one namespace per team. */
export function addServicePlaces(scope: Construct, props: ServicePlacesProps): ServicePlaces {
  const parent = teamNamespaces(props.environment);
  if (parent !== undefined) return addTeamNamespaces(scope, parent, props);
  const { environment, basics, vault, outside, enterprise } = props;
  const { databases } = environment;
  const services = servicesOf(environment);
  const organization = "Vault platform";
  const made = addServiceEngines(scope, { basics, vault, organization, services, databases, outside });
  const judges = enterprise
    ? addSentinelRolePolicies(enterprise, environment, services)
    : new Map<string, IPolicy>();
  return { of: () => ({ ...made, scope, sentinelPolicies: judges }), targets: made.parts };
}

/** Adds the teams' namespaces below one parent, because rules for all teams name the parent: see `GrantScope`. */
function addTeamNamespaces(scope: Construct, path: string, props: ServicePlacesProps): ServicePlaces {
  const { environment, basics } = props;
  const { licence } = environment.vault.enterprise!;
  const parent = new EnterpriseNamespace(scope, "Teams", { licence, path });
  const places = new Map<string, ServicePlace>();
  for (const team of teamsOf(environment)) {
    const namespace = new EnterpriseNamespace(parent, team, { licence, path: team });
    const place = addPlace(namespace, team, props);
    addLoginQuota(scope, place.engines.auth, { name: team, namespace });
    places.set(team, place);
  }
  const ofTeams = [...places.values()].flatMap(({ parts }) => parts);
  return { of: (team) => places.get(team)!, targets: [basics.auth, basics.keyValue, ...ofTeams] };
}

function addPlace(namespace: EnterpriseNamespace, team: string, props: ServicePlacesProps): ServicePlace {
  const { environment, vault, outside } = props;
  const services = servicesOf(environment).filter((service) => service.team === team);
  const basics = addSharedMounts(namespace, outside);
  const made = addServiceEngines(namespace, {
    basics,
    vault,
    organization: `Vault platform ${team}`,
    services,
    databases: environment.databases.filter(({ name }) => services.some((it) => it.usesDatabase(name))),
    outside,
  });
  return {
    ...made,
    scope: namespace,
    sentinelPolicies: addSentinelRolePolicies(namespace, environment, services),
  };
}
