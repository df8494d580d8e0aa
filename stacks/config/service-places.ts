import type { Construct } from "constructs";
import type { IConfigured } from "../../constructs/auth/configured";
import type { IPolicy } from "../../constructs/auth/policy";
import type { IVault } from "../../constructs/server/vault";
import { EnterpriseNamespace } from "../../constructs/enterprise/enterprise-namespace";
import { teamNamespaces, teamsOf } from "../../platform/names";
import type { Environment } from "../../platform/schema";
import { servicesOf } from "../../platform/service";
import { type EnterpriseFeatures, addJudges } from "./enterprise-features";
import type { OutsideAddresses } from "../outside-addresses";
import {
  type Basics,
  type ServiceEngines,
  addBasics,
  addLoginQuota,
  addServiceEngines,
} from "./service-engines";

/** Where services have their part of Vault. */
export interface ServicePlace extends ServiceEngines {
  /** What is made for a service has it as its scope. */
  readonly scope: Construct;
  /** Sentinel policies that judge services, by their names. */
  readonly judges: ReadonlyMap<string, IPolicy>;
}

/** The places of all teams. */
export interface ServicePlaces {
  readonly of: (team: string) => ServicePlace;
  /** The parts of Vault that policies speak of. Those of two teams are at the same paths, each in its namespace. */
  readonly parts: readonly IConfigured[];
}

export interface ServicePlacesProps {
  readonly environment: Environment;
  readonly vault: IVault;
  /** Those of the root namespace. */
  readonly basics: Basics;
  /** @default - Vault runs in the cluster */
  readonly outside?: OutsideAddresses;
  /** @default - Vault is not Vault Enterprise */
  readonly enterprise?: EnterpriseFeatures;
}

/** Makes what services use: in the root namespace for all of them, or in a namespace of each team. */
export function addServicePlaces(scope: Construct, props: ServicePlacesProps): ServicePlaces {
  const parent = teamNamespaces(props.environment);
  if (parent !== undefined) return addTeamNamespaces(scope, parent, props);
  const { environment, basics, vault, outside, enterprise } = props;
  const { databases } = environment;
  const services = servicesOf(environment);
  const organization = "Vault platform";
  const made = addServiceEngines(scope, { basics, vault, organization, services, databases, outside });
  const judges = enterprise ? addJudges(enterprise, environment, services) : new Map<string, IPolicy>();
  return { of: () => ({ ...made, scope, judges }), parts: made.parts };
}

/** One below another, because rules for all teams name the one: see `GrantScope`. */
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
  return { of: (team) => places.get(team)!, parts: [basics.auth, basics.keyValue, ...ofTeams] };
}

function addPlace(namespace: EnterpriseNamespace, team: string, props: ServicePlacesProps): ServicePlace {
  const { environment, vault, outside } = props;
  const services = servicesOf(environment).filter((service) => service.team === team);
  const basics = addBasics(namespace, outside);
  const made = addServiceEngines(namespace, {
    basics,
    vault,
    organization: `Vault platform ${team}`,
    services,
    databases: environment.databases.filter(({ name }) => services.some((it) => it.usesDatabase(name))),
    outside,
  });
  return { ...made, scope: namespace, judges: addJudges(namespace, environment, services) };
}
