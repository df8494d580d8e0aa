import { GenericEndpoint } from "@cdktf/provider-vault/lib/generic-endpoint";
import { IdentityMfaLoginEnforcement } from "@cdktf/provider-vault/lib/identity-mfa-login-enforcement";
import { JwtAuthBackend } from "@cdktf/provider-vault/lib/jwt-auth-backend";
import { KubernetesAuthBackendConfig } from "@cdktf/provider-vault/lib/kubernetes-auth-backend-config";
import type { TerraformStack } from "cdktf";
import { changesOf } from "./support/changes";

const nobody = () => undefined;

describe("access diff of logins", () => {
  it("reports a changed OIDC discovery URL", () => {
    const provider = (oidcDiscoveryUrl: string) => (stack: TerraformStack) => {
      new JwtAuthBackend(stack, "Ci", { path: "ci", oidcDiscoveryUrl, description: oidcDiscoveryUrl });
    };

    expect(changesOf(provider("https://ci.example.com"), provider("https://other.example.com"))).toEqual([
      "login changed: jwt auth backend ci: oidc_discovery_url: https://ci.example.com -> https://other.example.com [trust]",
    ]);
  });

  it("reports a removed MFA enforcement", () => {
    const enforced = (stack: TerraformStack) => {
      new IdentityMfaLoginEnforcement(stack, "Mfa", { name: "people", mfaMethodIds: ["totp"] });
    };

    expect(changesOf(enforced, nobody)).toEqual([
      "login wider: identity mfa login enforcement people: - no longer there [trust]",
    ]);
  });

  it("reports a changed Kubernetes host", () => {
    const cluster = (kubernetesHost: string) => (stack: TerraformStack) => {
      new KubernetesAuthBackendConfig(stack, "Config", { backend: "kubernetes", kubernetesHost });
    };

    expect(changesOf(cluster("https://one"), cluster("https://two"))).toEqual([
      "login changed: kubernetes auth backend config kubernetes: kubernetes_host: https://one -> https://two [trust]",
    ]);
  });

  it("reports a new auth method endpoint, and the rotation of a password as operation", () => {
    const endpoint = (path: string) => (stack: TerraformStack) => {
      new GenericEndpoint(stack, "Endpoint", { path, dataJson: '{"url":"https://idp"}' });
    };

    expect(changesOf(nobody, endpoint("auth/oidc/config"))).toEqual([
      "login wider: jwt auth backend config oidc: + a new one",
    ]);
    expect(changesOf(nobody, endpoint("database/rotate-root/payments"))).toEqual([
      "operation same: operation database/payments: + a new one",
    ]);
  });
});
