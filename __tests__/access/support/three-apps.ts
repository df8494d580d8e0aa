import { AuthBackend } from "@cdktf/provider-vault/lib/auth-backend";
import { KubernetesAuthBackendRole } from "@cdktf/provider-vault/lib/kubernetes-auth-backend-role";
import { Mount } from "@cdktf/provider-vault/lib/mount";
import { Policy } from "@cdktf/provider-vault/lib/policy";
import type { TerraformStack } from "cdktf";
import { EnterpriseNamespace } from "../../../constructs/enterprise/enterprise-namespace";

/** Reference to an Enterprise licence. */
export const licence = { secretName: "licence", key: "licence" };
/** Policy text with one rule. */
export const rule = (path: string, ...capabilities: string[]) =>
  `path "${path}" { capabilities = ${JSON.stringify(capabilities)} }\n`;

/** Policy of an app, and the maximum TTL of its tokens. */
export interface App {
  readonly policy: string;
  readonly tokenMaxTtl?: number;
}

/** Apps with the same name in the root namespace and in two team namespaces, each with mount, login and policy. */
export const threeOf =
  (apps: Readonly<Partial<Record<"root" | "payments" | "books", App>>> = {}) =>
  (stack: TerraformStack) => {
    const parent = new EnterpriseNamespace(stack, "Teams", { licence, path: "teams" });
    const team = (path: string) => new EnterpriseNamespace(parent, path, { licence, path });
    const scopes = { root: stack, payments: team("payments"), books: team("books") };
    for (const [name, scope] of Object.entries(scopes)) {
      const { policy = rule(`secret/data/${name}`, "read"), tokenMaxTtl } =
        apps[name as keyof typeof apps] ?? {};
      const maxLeaseTtl = { root: "1h", payments: "2h", books: "3h" }[name];
      new Mount(scope, "Kv", { path: "secret", type: "kv", options: { version: "2" } });
      new AuthBackend(scope, "Auth", { type: "kubernetes", tune: [{ maxLeaseTtl }] });
      new Policy(scope, "Policy", { name: "app", policy });
      new KubernetesAuthBackendRole(scope, "Role", {
        backend: "kubernetes",
        roleName: "app",
        boundServiceAccountNames: ["app"],
        boundServiceAccountNamespaces: [name],
        tokenPolicies: ["app"],
        tokenMaxTtl,
      });
    }
  };
