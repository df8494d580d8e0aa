import { pathRisks } from "../../analysis/vault/path-risks";
import type { VaultCapability } from "../../constructs/policy/vault-policy";
import { memo } from "../memo";
import type { Platform } from "../platform";
import { text } from "../readers/blocks";
import { denies } from "../readers/policies";
import { policiesHeldBy } from "../readers/policy-holders";
import type { Rule } from "../rule";
import { forElements } from "../subjects";

/** Auth roles of workloads. Pipelines and people log in by JWT and OIDC. */
const ROLES =
  /^vault_(kubernetes_auth_backend_role|aws_auth_backend_role|approle_auth_backend_role|gcp_auth_backend_role|azure_auth_backend_role|cert_auth_backend_role|alicloud_auth_backend_role)$/;

/** Reports workloads that can do more than use their own secrets. */
export const workloadPrivileges: Rule = {
  id: "workload-privileges",
  level: "error",
  title: "No workload reaches snapshots, key material, or settings of Vault and its engines",
  item: "least-privilege",
  fix: "Grant what the workload uses, such as by grantRead of its secrets; or accept it with a reason for a job of the platform.",
  source: "https://developer.hashicorp.com/vault/docs/concepts/production-hardening",
  check: forElements(
    (element) => element.block === "resource" && ROLES.test(element.type),
    (element) => {
      const found = policiesHeldBy(element).flatMap(({ name, paths }) =>
        paths
          .filter((rule) => !denies(rule))
          .flatMap(({ path, targets, capabilities }) =>
            targets
              .flatMap((target) =>
                pathRisks(target.path, capabilities as VaultCapability[], enginesIn(element.platform)),
              )
              .filter((risk) => risk !== "delete")
              .map((risk) => `policy ${name} gives ${capabilities.join(", ")} on ${path} (${risk})`),
          ),
      );
      return [...new Set(found)];
    },
  ),
};

/** Types of secrets engines by the path of their mounts. */
const enginesIn = memo((platform: Platform): Map<string, string[]> => {
  const engines = new Map<string, string[]>();
  for (const { body } of platform.resources("vault_mount")) {
    const path = (text(body.path) ?? "").replace(/^\/+|\/+$/g, "");
    const type = text(body.type);
    if (type !== undefined) engines.set(path, [...(engines.get(path) ?? []), type]);
  }
  return engines;
});
