export type { ChartSource } from "./chart-source";
export { type CheckovSuppression, suppressCheckov } from "./checkov";
export { Cpu } from "./cpu";
export {
  CrdDeclaration,
  type CustomResource,
  CustomResources,
  type CustomResourcesProps,
} from "./custom-resources";
export { Duration } from "./duration";
export { EphemeralVariable, type EphemeralVariableProps } from "./ephemeral-variable";
export type { HclBlock, HclEntry, HclValue } from "./hcl";
export type { Importable, ImportExistingProps } from "./import-existing";
export { LibraryConstruct } from "./library-construct";
export { literal } from "./literal";
export { OutboundProxy, type OutboundProxyProps } from "./outbound-proxy";
export { Size } from "./size";
export { ValidationError } from "./validation-error";
export type { ContainerResources } from "./container-resources";
export type { PodOptions } from "./pod-options";
