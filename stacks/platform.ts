/** The public API for those who want the whole platform and not its parts: definitions in, stacks out. */
export { EnvironmentError, loadEnvironments } from "../environments/load";
export { type RecoveryCluster, recoveryOf } from "../environments/recovery";
export { type PlatformNames, accountNames, platformNames } from "../environments/names";
export { type Environment, type EnvironmentDefinition, environmentSchema } from "../environments/schema";
export { buildPlatform } from "./index";
export { synthesizePlatform } from "./synthesize-platform";
