import type { Construct } from "constructs";
import type { Cpu } from "./cpu";
import { received } from "./received";
import type { Size } from "./size";
import { ValidationError } from "./validation-error";

/** CPU and memory of a container. */
export interface ContainerResources {
  /** Amounts that the scheduler reserves for the container. */
  readonly requests: { readonly cpu: Cpu; readonly memory: Size };
  /** Amounts that the container cannot exceed. */
  readonly limits: { readonly cpu: Cpu; readonly memory: Size };
}

/**
 * Resources in the form of a Kubernetes container.
 * @throws ValidationError if a limit is below its request: Kubernetes would reject the pod only at run time
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
