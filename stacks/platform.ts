/** The public API for those who want the whole platform and not its parts: definitions in, stacks out. */
export { EnvironmentError, loadEnvironments } from "../platform/load";
export { type RecoveryCluster, recoveryOf } from "../platform/recovery";
export { type PlatformNames, accountNames, platformNames } from "../platform/names";
export type * from "../platform/definition";
export { type Environment, environmentSchema } from "../platform/schema";
export { buildPlatform } from "./index";
export { synthesizePlatform } from "./synthesize-platform";
