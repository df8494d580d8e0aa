/** Public API of the whole platform: you pass environment definitions, it builds the stacks. */
export { EnvironmentError, loadEnvironments } from "../platform/load";
export { type RecoveryCluster, recoveryOf } from "../platform/recovery";
export { type PlatformNames, accountNames, platformNames } from "../platform/names";
export type * from "../platform/definition";
export { type Environment, environmentSchema } from "../platform/schema";
export { buildPlatform } from "./index";
export { synthesizePlatform } from "./synthesize-platform";
