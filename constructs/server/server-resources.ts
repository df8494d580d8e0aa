import { Cpu } from "../core/cpu";
import { Size } from "../core/size";
import type { ContainerResources } from "../core/container-resources";

/** Default resources of a server. */
export const SERVER_RESOURCES: ContainerResources = {
  requests: { cpu: Cpu.millis(500), memory: Size.gibibytes(1) },
  limits: { cpu: Cpu.units(2), memory: Size.gibibytes(2) },
};
