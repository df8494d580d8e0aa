import { TerraformStack, Testing, Token } from "cdktf";
import { Duration } from "../../constructs/core/duration";
import { requireAudience, workloadIdentity } from "../../constructs/delivery/workload-identity";
import { WorkloadServiceAccount } from "../../constructs/delivery/workload-service-account";
import { synthesize } from "../support/synth";
import { identity } from "./support/delivery";

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
