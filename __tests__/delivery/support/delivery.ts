import { TerraformStack, Testing } from "cdktf";
import { vaultFromAttributes } from "../../../constructs/cluster/vault";
import { AgentInjection } from "../../../constructs/delivery/agent-injection";
import type { AgentInjectionProps } from "../../../constructs/delivery/agent-settings";
import { workloadIdentity } from "../../../constructs/delivery/workload-identity";

export const vault = vaultFromAttributes();
export const identity = workloadIdentity({ service: "payment-service", namespace: "production" });

/** An injection in a stack of its own. */
export function injectionWith(change: Partial<AgentInjectionProps> = {}): AgentInjection {
  return new AgentInjection(new TerraformStack(Testing.app(), "test"), "Injection", {
    vault,
    identity,
    ...change,
  });
}
