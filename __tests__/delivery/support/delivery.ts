import { TerraformStack, Testing } from "cdktf";
import { parse } from "yaml";
import { vaultAt } from "../../../constructs/server/vault";
import { CrdDeclaration } from "../../../constructs/core/custom-resources";
import { AgentInjection } from "../../../constructs/delivery/agent-injection";
import type { AgentInjectionProps } from "../../../constructs/delivery/agent-settings";
import { workloadIdentity } from "../../../constructs/delivery/workload-identity";
import type { Synthesized } from "../../support/synth";

/** Vault that delivers the secrets. */
export const vault = vaultAt();
/** Identity of the payment service. */
export const identity = workloadIdentity({ service: "payment-service", namespace: "production" });

/** Injection in a new stack. */
export function injectionWith(change: Partial<AgentInjectionProps> = {}): AgentInjection {
  return new AgentInjection(new TerraformStack(Testing.app(), "test"), "Injection", {
    vault,
    identity,
    ...change,
  });
}

/** Available CRDs. */
export const crds = CrdDeclaration.groups(
  "external-secrets.io",
  "generators.external-secrets.io",
  "cert-manager.io",
);

/** Custom resources of the only Helm release, by kind. */
export function customResources(
  output: Synthesized,
): Record<string, any> /* eslint-disable-line @typescript-eslint/no-explicit-any */ {
  const { resources } = parse(output.resource("helm_release").values[0]);
  return Object.fromEntries(resources.map((resource: { kind: string }) => [resource.kind, resource]));
}
