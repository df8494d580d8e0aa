import { TerraformStack, Testing, Token } from "cdktf";
import { K8sAuthBinding } from "../../constructs/auth/k8s-auth-binding";
import { KubernetesAuth } from "../../constructs/auth/kubernetes-auth";
import { type IVault, vaultAt } from "../../constructs/server/vault";
import { Duration } from "../../constructs/core/duration";
import { AgentInjection } from "../../constructs/delivery/agent-injection";
import { ClusterSecretStore } from "../../constructs/delivery/cluster-secret-store";
import { VaultDynamicSecret } from "../../constructs/delivery/vault-dynamic-secret";
import { VaultIssuer } from "../../constructs/delivery/vault-issuer";
import {
  type WorkloadIdentity,
  requireAudience,
  workloadIdentity,
} from "../../constructs/delivery/workload-identity";
import { WorkloadServiceAccount } from "../../constructs/delivery/workload-service-account";
import { EnterpriseNamespace } from "../../constructs/enterprise/enterprise-namespace";
import { synthesize } from "../support/synth";
import { crds, identity, vault } from "./support/delivery";

const stack = new TerraformStack(Testing.app(), "test");

test("names role and ServiceAccount after the service and uses the article's mount, audience and TTL", () => {
  expect(workloadIdentity({ service: "payment-service", namespace: "production" })).toEqual({
    roleName: "payment-service",
    authPath: "kubernetes",
    audience: "vault",
    serviceAccount: { name: "payment-service", namespace: "production" },
    tokenTtl: Duration.hours(1),
  });
});

test("accepts another mount, audience and TTL", () => {
  const chosen = { authPath: "cluster-b", audience: "vault-b", tokenTtl: Duration.minutes(30) };
  expect(workloadIdentity({ service: "a", namespace: "b", ...chosen })).toMatchObject(chosen);
});

test("accepts a K8sAuthBinding of the same app as an identity", () => {
  const binding: WorkloadIdentity = new K8sAuthBinding(stack, "Binding", {
    auth: KubernetesAuth.fromAttributes(stack, "ImportedAuth"),
    serviceAccount: { name: "payment-service", namespace: "production" },
  });
  expect(binding).toMatchObject(identity);
  expect(() => new AgentInjection(stack, "Injection", { vault, identity: binding })).not.toThrow();
});

test("accepts the audience of the role and a token", () => {
  expect(() => requireAudience(stack, "vault", identity)).not.toThrow();
  expect(() => requireAudience(stack, Token.asString({}), identity)).not.toThrow();
});

test("rejects another audience than the role's and prints both", () => {
  expect(() => requireAudience(stack, "api", identity)).toThrow(
    'the token\'s audience must be the one that role payment-service asks for, vault, got "api" [test]',
  );
});

describe("an identity in an Enterprise namespace", () => {
  const scope = EnterpriseNamespace.fromAttributes(stack, "Team", { path: "teams/payments" });
  const binding = new K8sAuthBinding(scope, "Binding", {
    auth: KubernetesAuth.fromAttributes(scope, "ImportedAuth"),
    serviceAccount: { name: "payment-service", namespace: "production" },
  });
  const secret = {
    name: "db",
    role: "db",
    leaseTtl: Duration.hours(1),
    refreshInterval: Duration.minutes(30),
  };
  const ownStack = () => new TerraformStack(Testing.app(), "test");
  const build: Record<string, (at: IVault) => unknown> = {
    agents: (at) => new AgentInjection(ownStack(), "Client", { vault: at, identity: binding }),
    "External Secrets": (at) =>
      new ClusterSecretStore(ownStack(), "Client", { vault: at, identity: binding, crds }),
    "dynamic secrets": (at) =>
      new VaultDynamicSecret(ownStack(), "Client", { vault: at, identity: binding, crds, ...secret }),
    "cert-manager": (at) =>
      new VaultIssuer(ownStack(), "Client", {
        vault: at,
        identity: binding,
        role: "web",
        caBundleSecret: { name: "vault-ca", key: "ca.crt" },
        crds,
      }),
  };

  test.each(Object.entries(build))("is accepted by %s of the same namespace only", (_name, make) => {
    for (const [enterpriseNamespace, got] of [
      [undefined, "the root namespace"],
      ["payments", "payments"],
      ["teams/books", "teams/books"],
    ]) {
      const elsewhere = vaultAt({ enterpriseNamespace });
      expect(() => make(elsewhere)).toThrow(
        `enterpriseNamespace of the Vault must be that of role payment-service, teams/payments, got ${got} [`,
      );
    }
    for (const enterpriseNamespace of ["teams/payments", "admin/teams/payments"])
      make(vaultAt({ enterpriseNamespace }));
  });
});

test("disables token mounting for the ServiceAccount of an identity", () => {
  const output = synthesize((stack) => new WorkloadServiceAccount(stack, "ServiceAccount", { identity }));
  expect(output.resource("kubernetes_service_account_v1")).toMatchObject({
    metadata: { name: "payment-service", namespace: "production" },
    automount_service_account_token: false,
  });
});
