import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import type { RoleV1 } from "@cdktf/provider-kubernetes/lib/role-v1";
import { TerraformStack, Testing } from "cdktf";
import { type Subject, TokenRequestGrant } from "../../constructs/jobs/token-request-grant";
import { Synthesized } from "../support/synth";

const serviceAccount = { namespace: "production", name: "payment-service" };

function withSubject(to: Subject, change: (grant: TokenRequestGrant) => void = () => {}): Synthesized {
  const stack = new TerraformStack(Testing.app(), "test");
  new KubernetesProvider(stack, "Kubernetes", {});
  change(new TokenRequestGrant(stack, "Grant", { serviceAccount, to }));
  return new Synthesized(JSON.parse(Testing.synth(stack)));
}

test("grants creating tokens of the ServiceAccount and nothing else", () => {
  const output = withSubject({ kind: "Group", name: "deployers" });
  expect(output.resource("kubernetes_role_v1")).toMatchObject({
    metadata: { name: "payment-service-token", namespace: "production" },
    rule: [
      {
        api_groups: [""],
        resources: ["serviceaccounts/token"],
        resource_names: ["payment-service"],
        verbs: ["create"],
      },
    ],
  });
});

test.each<[Subject, object]>([
  [
    { kind: "Group", name: "deployers" },
    { kind: "Group", name: "deployers", api_group: "rbac.authorization.k8s.io" },
  ],
  [
    { kind: "User", name: "deployer" },
    { kind: "User", name: "deployer", api_group: "rbac.authorization.k8s.io" },
  ],
  [
    { kind: "ServiceAccount", name: "external-secrets", namespace: "external-secrets" },
    { kind: "ServiceAccount", name: "external-secrets", namespace: "external-secrets" },
  ],
])("binds %j in the ServiceAccount's namespace", (to, subject) => {
  expect(withSubject(to).resource("kubernetes_role_binding_v1")).toMatchObject({
    metadata: { name: "payment-service-token", namespace: "production" },
    role_ref: { api_group: "rbac.authorization.k8s.io", kind: "Role", name: "payment-service-token" },
    subject: [subject],
  });
});

test.each([
  "system:authenticated",
  "system:unauthenticated",
  "system:serviceaccounts",
  "system:serviceaccounts:production",
])("rejects the group %s, which contains everybody", (name) => {
  expect(() => withSubject({ kind: "Group", name })).toThrow(
    `to must be a group of people or a pipeline, not one that everybody is in, got "${name}" [test/Grant]`,
  );
});

test("returns the role from node.defaultChild", () => {
  const output = withSubject({ kind: "Group", name: "deployers" }, (grant) =>
    (grant.node.defaultChild as RoleV1).addOverride("metadata.labels", { team: "payments" }),
  );
  expect(output.resource("kubernetes_role_v1").metadata.labels).toEqual({ team: "payments" });
});
