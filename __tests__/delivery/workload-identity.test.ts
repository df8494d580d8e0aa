import { TerraformStack, Testing, Token } from "cdktf";
import { K8sAuthBinding } from "../../constructs/auth/k8s-auth-binding";
import { KubernetesAuth } from "../../constructs/auth/kubernetes-auth";
import { Duration } from "../../constructs/core/duration";
import { AgentInjection } from "../../constructs/delivery/agent-injection";
import {
  type WorkloadIdentity,
  requireAudience,
  workloadIdentity,
} from "../../constructs/delivery/workload-identity";
import { WorkloadServiceAccount } from "../../constructs/delivery/workload-service-account";
import { synthesize } from "../support/synth";
import { identity, vault } from "./support/delivery";

const stack = new TerraformStack(Testing.app(), "test");

test("role and ServiceAccount have the service's name; the mount, the audience and the ttl are the article's", () => {
  expect(workloadIdentity({ service: "payment-service", namespace: "production" })).toEqual({
    roleName: "payment-service",
    authPath: "kubernetes",
    audience: "vault",
    serviceAccount: { name: "payment-service", namespace: "production" },
    tokenTtl: Duration.hours(1),
  });
});

test("mount, audience and ttl can be chosen", () => {
  const chosen = { authPath: "cluster-b", audience: "vault-b", tokenTtl: Duration.minutes(30) };
  expect(workloadIdentity({ service: "a", namespace: "b", ...chosen })).toMatchObject(chosen);
});

test("a Kubernetes auth role of the same program is an identity, equal to the one that is known by its names", () => {
  const binding: WorkloadIdentity = new K8sAuthBinding(stack, "Binding", {
    auth: KubernetesAuth.fromAttributes(),
    serviceAccount: { name: "payment-service", namespace: "production" },
  });
  expect(binding).toMatchObject(identity);
  expect(() => new AgentInjection(stack, "Injection", { vault, identity: binding })).not.toThrow();
});

test("the audience of the role is accepted, and so is one that only Terraform knows", () => {
  expect(() => requireAudience(stack, "vault", identity)).not.toThrow();
  expect(() => requireAudience(stack, Token.asString({}), identity)).not.toThrow();
});

test("another audience than the role's is refused, with both", () => {
  expect(() => requireAudience(stack, "api", identity)).toThrow(
    "the token's audience must be the one that role payment-service asks for, vault, got api [test]",
  );
});

test("the ServiceAccount of an identity mounts no token", () => {
  const output = synthesize((stack) => new WorkloadServiceAccount(stack, "ServiceAccount", { identity }));
  expect(output.resource("kubernetes_service_account_v1")).toMatchObject({
    metadata: { name: "payment-service", namespace: "production" },
    automount_service_account_token: false,
  });
});
