import type { Construct } from "constructs";
import type { Cpu } from "./cpu";
import { received } from "./received";
import type { Size } from "./size";
import { ValidationError } from "./validation-error";

/** What a container is sure to get, and what it cannot exceed. */
export interface ContainerResources {
  readonly requests: { readonly cpu: Cpu; readonly memory: Size };
  readonly limits: { readonly cpu: Cpu; readonly memory: Size };
}

/**
 * Resources as Kubernetes reads them.
 * @throws ValidationError when a limit is below its request: Kubernetes would refuse the pod only at run time
 */
export function renderResources(scope: Construct, { requests, limits }: ContainerResources) {
  if (limits.cpu.toMillis() < requests.cpu.toMillis()) {
    throw new ValidationError(
      scope,
      `the CPU limit must be at least the request, ${requests.cpu}, got ${received(limits.cpu)}`,
    );
  }
  if (limits.memory.toMebibytes() < requests.memory.toMebibytes()) {
    throw new ValidationError(
      scope,
      `the memory limit must be at least the request, ${requests.memory}, got ${received(limits.memory)}`,
    );
  }
  const render = ({ cpu, memory }: ContainerResources["requests"]) => ({
    cpu: cpu.toString(),
    memory: memory.toString(),
  });
  return { requests: render(requests), limits: render(limits) };
}
